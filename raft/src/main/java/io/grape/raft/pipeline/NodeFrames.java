package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftOutput;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.core.Role;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.liveness.BeatList;
import io.grape.raft.core.liveness.BeatPublisher;
import io.grape.raft.core.liveness.FrameSink;
import io.grape.raft.core.liveness.NodeLiveness;

/**
 * Sends the heartbeats of all groups as one frame a peer and the answers to a peer's frame as one frame; and, while groups
 * rest, says once an interval that this node lives.
 *
 * <p>Thread: the pipeline. Allocates nothing but when a peer is seen for the first time.
 */
final class NodeFrames {
    private final GroupTable groups;
    private final BeatPublisher publisher;
    private final PipelineCounters counters;
    private final FrameSink sink;
    private final NodeLiveness liveness;
    private final BeatAdapter adapter = new BeatAdapter();
    private final boolean[] restsAsLeader;
    private int restingLed;

    /** The clocks are those of the first group: peers that rest rely on them, so all groups of a pipeline share them. */
    NodeFrames(GroupTable groups, PeerSender sender, PipelineCounters counters) {
        RaftTiming timing = groups.at(0).group.config().timing();
        this.groups = groups;
        RaftConfig first = groups.at(0).group.config();
        this.publisher = new BeatPublisher(groups.nodeId(), first.incarnation(), first.diskId());
        this.counters = counters;
        this.liveness = new NodeLiveness(timing.electionTimeoutNs(), timing.heartbeatIntervalNs());
        this.restsAsLeader = new boolean[groups.count()];
        this.sink = (nodeId, frame, offset, length) -> {
            if (!sender.send(nodeId, frame, offset, length)) {
                counters.countUnsent();
            }
        };
    }

    /** Takes a frame; the groups that wake because its sender began another life are marked. */
    @HotPath
    void onFrame(BeatAdapter frame, SlotSet dirty, long nowNs) {
        if (liveness.heard(frame, nowNs)) {
            wakeFor(frame.sourceNodeId(), dirty, nowNs);
        }
    }

    /** Returns the reader of what comes in. */
    BeatAdapter adapter() {
        return adapter;
    }

    /** Wakes the groups that rely on a node which is not heard any more. */
    @HotPath
    void tick(SlotSet dirty, long nowNs) {
        for (int i = 0; i < liveness.count(); i++) {
            if (liveness.takeLost(i, nowNs)) {
                wakeFor(liveness.nodeId(i), dirty, nowNs);
            }
        }
    }

    private void wakeFor(int nodeId, SlotSet dirty, long nowNs) {
        for (int slot = 0; slot < groups.count(); slot++) {
            if (groups.at(slot).group.onNodeGone(nodeId, nowNs)) {
                dirty.add(slot);
            }
        }
    }

    /** Learns how a group stands that something happened to. */
    @HotPath
    void settle(int slot) {
        RaftGroup group = groups.at(slot).group;
        boolean rests = group.isHibernating() && group.role() == Role.LEADER;
        if (rests != restsAsLeader[slot]) {
            restsAsLeader[slot] = rests;
            restingLed += rests ? 1 : -1;
        }
    }

    /** Sends what the groups put out in this turn, and what peers wait for; returns the frames. */
    @HotPath
    int emit(RaftOutput output, long nowNs) {
        BeatList heartbeats = output.heartbeats();
        BeatList answers = output.answers();
        for (int i = 0; i < heartbeats.count(); i++) {
            liveness.learn(heartbeats.nodeId(i));
        }
        int frames = 0;
        for (int i = 0; i < liveness.count(); i++) {
            int nodeId = liveness.nodeId(i);
            boolean due = restingLed > 0 && liveness.isFrameDue(i, nowNs);
            if (due || heartbeats.count() > 0) {
                int sent = publisher.heartbeats(heartbeats, nodeId, due, sink);
                if (sent > 0) {
                    liveness.frameSent(i, nowNs);
                }
                frames += sent;
            }
            boolean owed = liveness.takeAnswerOwed(i);
            if (owed || answers.count() > 0) {
                frames += publisher.answers(answers, nodeId, owed, sink);
            }
        }
        if (frames > 0) {
            counters.countFrames(frames);
        }
        return frames;
    }
}
