package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftOutput;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.liveness.BeatList;
import io.grape.raft.core.liveness.BeatPublisher;
import io.grape.raft.core.liveness.FrameSink;
import java.util.Arrays;

/**
 * Sends the heartbeats of all groups as one frame a peer, and the answers to a peer's frame as one frame.
 *
 * <p>Thread: the pipeline. Allocates nothing but when a peer is seen for the first time.
 */
final class NodeFrames {
    private final BeatPublisher publisher;
    private final PipelineCounters counters;
    private final FrameSink sink;
    private final BeatAdapter adapter = new BeatAdapter();
    private int[] peers = new int[8];
    private int peerCount;

    NodeFrames(GroupTable groups, PeerSender sender, PipelineCounters counters) {
        this.publisher =
                new BeatPublisher(groups.nodeId(), groups.at(0).group.config().incarnation());
        this.counters = counters;
        this.sink = (nodeId, frame, offset, length) -> {
            if (!sender.send(nodeId, frame, offset, length)) {
                counters.countUnsent();
            }
        };
    }

    /** Returns the reader of what comes in. */
    BeatAdapter adapter() {
        return adapter;
    }

    /** Sends what the groups put out in this turn; returns the frames. */
    @HotPath
    int emit(RaftOutput output) {
        BeatList heartbeats = output.heartbeats();
        BeatList answers = output.answers();
        if (heartbeats.count() + answers.count() == 0) {
            return 0;
        }
        learn(heartbeats);
        learn(answers);
        int frames = 0;
        for (int i = 0; i < peerCount; i++) {
            frames += publisher.heartbeats(heartbeats, peers[i], false, sink);
            frames += publisher.answers(answers, peers[i], false, sink);
        }
        counters.countFrames(frames);
        return frames;
    }

    @HotPath
    private void learn(BeatList list) {
        for (int i = 0; i < list.count(); i++) {
            int nodeId = list.nodeId(i);
            int at = 0;
            while (at < peerCount && peers[at] != nodeId) {
                at++;
            }
            if (at == peerCount) {
                add(nodeId);
            }
        }
    }

    private void add(int nodeId) {
        if (peerCount == peers.length) {
            peers = Arrays.copyOf(peers, peerCount * 2);
        }
        peers[peerCount++] = nodeId;
    }
}
