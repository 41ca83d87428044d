package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.BeatState;
import io.grape.raft.core.liveness.BeatList;
import io.grape.raft.core.liveness.BeatPublisher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline does with frames of heartbeats. */
class NodeFramesTest {
    private static final GroupNode.Life NODE = new GroupNode.Life(0, List.of(0, 1, 2), 1);

    @TempDir
    Path directory;

    @Test
    void oneFrameAPeerConfirmsTheReadsOfAllGroups() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 64, GroupNode.TIMING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.run(200);
            GroupNode node = cluster.living().stream()
                    .filter(n -> n.ledGroups() > 5)
                    .findFirst()
                    .orElseThrow();
            // Between two heartbeats, so that nothing but the reads is due.
            while (cluster.nowNs() % GroupNode.TIMING.heartbeatIntervalNs() != 10 * GroupCluster.MS) {
                cluster.run(1);
            }
            long sent = node.consensus.counters().frames();
            int asked = 0;
            for (int slot = 0; slot < 64; slot++) {
                if (node.leads(slot)) {
                    cluster.read(node, slot, slot);
                    asked++;
                }
            }
            node.consensus.doWork();
            assertThat(node.consensus.counters().frames() - sent)
                    .as("frames for %d reads", asked)
                    .isEqualTo(2);
            cluster.run(3);
            assertThat(node.answers).hasSize(asked).allMatch(answer -> answer.startsWith("ready r"));
        }
    }

    @Test
    void whileManyGroupsAreAwakeAndIdleOneFrameAPeerAndIntervalFlows() throws Exception {
        try (GroupCluster cluster = new GroupCluster(3, 256, GroupNode.TIMING, directory)) {
            cluster.awaitLeaders(3_000);
            cluster.run(200);
            long before = cluster.frames();
            cluster.run(1_000);
            assertThat(cluster.frames() - before)
                    .as("frames and answers on six links in 25 intervals")
                    .isBetween(150L, 2L * 6 * 25);
        }
    }

    @Test
    void groupsThatAreUnknownHereAreCountedAndTheOthersAreServed() throws Exception {
        List<String> sent = new ArrayList<>();
        PeerSender sender = (to, message, offset, length) -> {
            sent.add(to + " " + RaftRoute.templateId(message, offset));
            return true;
        };
        try (GroupNode node = new GroupNode(NODE, 2, GroupNode.TIMING, directory, () -> 1_000, sender)) {
            BeatList beats = new BeatList();
            add(beats, GroupNode.groupId(0));
            add(beats, 101);
            add(beats, -1);
            add(beats, GroupNode.groupId(1));
            new BeatPublisher(1, 1, 0)
                    .heartbeats(
                            beats,
                            0,
                            false,
                            (to, frame, offset, length) -> node.inbound.offerRaft(0, frame, offset, length));
            node.step();
            assertThat(node.consensus.counters().unknownGroups()).isEqualTo(2);
            assertThat(node.groups.at(0).status().leaderNodeId()).isEqualTo(1);
            assertThat(node.groups.at(1).status().leaderNodeId()).isEqualTo(1);
            assertThat(sent).as("one answer for both").containsExactly("1 68");
        }
    }

    @Test
    void aFrameWithoutGroupsIsAnsweredAndACutOneCounted() throws Exception {
        List<String> sent = new ArrayList<>();
        PeerSender sender = (to, message, offset, length) -> {
            sent.add(to + " " + RaftRoute.templateId(message, offset) + " " + length);
            return true;
        };
        try (GroupNode node = new GroupNode(NODE, 2, GroupNode.TIMING, directory, () -> 1_000, sender)) {
            new BeatPublisher(1, 1, 0).heartbeats(new BeatList(), 0, true, (to, frame, offset, length) -> {
                node.inbound.offerRaft(0, frame, offset, length);
                node.inbound.offerRaft(0, frame, offset, length - 1);
            });
            node.step();
            assertThat(sent).containsExactly("1 68 32");
            assertThat(node.consensus.counters().malformedFrames()).isEqualTo(1);
            node.step();
            assertThat(sent).as("owed once").hasSize(1);
        }
    }

    private static void add(BeatList beats, int groupId) {
        beats.add(0, groupId, 3, 0, 0, 1, 0, BeatState.AWAKE.value());
    }
}
