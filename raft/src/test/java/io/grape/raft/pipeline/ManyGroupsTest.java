package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.TimeoutNowEncoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyGroupsTest {
    private static final int WINDOWS = 60;
    private static final int WINDOW_TURNS = 10;

    @TempDir
    Path directory;

    private @Nullable GroupCluster cluster;

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private GroupCluster start(int size, int groups) {
        cluster = new GroupCluster(size, groups, GroupNode.TIMING, directory);
        return cluster;
    }

    @Test
    void whatAllGroupsStageInATurnIsOneWrite() throws Exception {
        GroupCluster one = start(1, 64);
        one.awaitLeaders(1_000);
        GroupNode node = one.node(0);
        long before = node.consensus.counters().flushes();
        for (int slot = 0; slot < 64; slot++) {
            one.propose(slot, 100);
        }
        node.consensus.doWork();
        assertThat(node.consensus.counters().flushes() - before).isEqualTo(1);
        assertThat(node.appliedCommands).as("before the force").containsOnly(0);
        one.run(3);
        assertThat(node.appliedCommands).as("after it, of every group").containsOnly(1);
        assertThat(node.consensus.counters().flushes() - before).isEqualTo(1);
    }

    @Test
    void threeNodesApplyWhatEveryGroupWasTold() throws Exception {
        GroupCluster three = start(3, 64);
        three.awaitLeaders(3_000);
        for (int round = 0; round < 5; round++) {
            three.proposeToAll();
            three.run(2);
        }
        three.run(100);
        for (GroupNode node : three.living()) {
            assertThat(node.appliedCommands).as("node " + node.nodeId).containsOnly(5);
        }
    }

    @Test
    void anUnknownGroupIsCountedAndItsClientsAreRefused() throws Exception {
        GroupCluster one = start(1, 3);
        one.awaitLeaders(1_000);
        GroupNode node = one.node(0);
        UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
        new TimeoutNowEncoder()
                .wrapAndApplyHeader(message, 0, new MessageHeaderEncoder())
                .groupId(101)
                .sourceNodeId(1)
                .incarnation(1)
                .term(5);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + TimeoutNowEncoder.BLOCK_LENGTH;
        node.inbound.offerRaft(GroupNode.FIRST_GROUP, message, 0, length);
        node.inbound.offerRaft(GroupNode.FIRST_GROUP, message, 0, 11);
        node.inbound.offerProposal(101, 1, 8, message, 0, 4);
        node.inbound.offerRead(101, 1, 9, Freshness.LOCAL, 0, message, 0, 4);
        one.run(1);
        assertThat(node.consensus.counters().unknownGroups()).isEqualTo(4);
        assertThat(node.answers)
                .containsExactly("refused 8 " + RequestSink.NOT_LEADER, "refused 9 " + RequestSink.NOT_LEADER);
    }

    @Test
    void aTurnLooksOnlyAtGroupsThatSomethingHappenedTo() throws Exception {
        GroupCluster one = start(1, 1024);
        one.awaitLeaders(1_000);
        one.run(50);
        GroupNode node = one.node(0);
        long before = node.consensus.counters().visits();
        one.run(100);
        assertThat(node.consensus.counters().visits() - before)
                .as("a single voter has nothing due")
                .isZero();
        one.propose(700, 100);
        one.run(5);
        assertThat(node.consensus.counters().visits() - before)
                .as("the proposal, and its force")
                .isEqualTo(2);
    }

    @Test
    void groupsTakeTurnsAtBeingApplied() throws Exception {
        GroupCluster one = start(1, 2);
        one.awaitLeaders(1_000);
        GroupNode node = one.node(0);
        for (int i = 0; i < 200; i++) {
            one.propose(0, 10);
        }
        one.propose(1, 10);
        node.consensus.doWork();
        node.force.doWork();
        node.consensus.doWork();
        node.apply.doWork();
        assertThat(node.appliedCommands).as("one batch of each").containsExactly(64, 1);
        node.apply.doWork();
        node.apply.doWork();
        node.apply.doWork();
        assertThat(node.appliedCommands).containsExactly(200, 1);
    }

    @Test
    void aPipelineNeedsGroupsWithDifferentIds() {
        GroupNode node = start(1, 1).node(0);
        assertThatThrownBy(() -> GroupTable.of(node.journal, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GroupTable.of(node.journal, List.of(node.groups.at(0).group, node.groups.at(0).group)))
                .hasMessageContaining("100");
    }

    @Test
    void everyMessageOfAGroupBeginsWithItsId() {
        assertThat(new int[] {
                    VoteRequestDecoder.groupIdEncodingOffset(),
                    VoteReplyDecoder.groupIdEncodingOffset(),
                    AppendEntriesDecoder.groupIdEncodingOffset(),
                    AppendReplyDecoder.groupIdEncodingOffset(),
                    TimeoutNowDecoder.groupIdEncodingOffset(),
                    InstallSnapshotDecoder.groupIdEncodingOffset(),
                    InstallSnapshotReplyDecoder.groupIdEncodingOffset()
                })
                .containsOnly(0);
    }

    @Test
    void fromRingToJournalNothingIsAllocatedForSixtyFourGroups() throws Exception {
        GroupCluster one = start(1, 64);
        one.awaitLeaders(1_000);
        GroupNode node = one.node(0);
        UnsafeBuffer body = new UnsafeBuffer(new byte[512]);
        for (int i = 0; i < 400; i++) {
            turn(one, body);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        long appliedBefore = node.appliedBytes[63];
        int quietWindows = 0;
        for (int window = 0; window < WINDOWS; window++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < WINDOW_TURNS; i++) {
                turn(one, body);
            }
            quietWindows += threads.getThreadAllocatedBytes(id) == before ? 1 : 0;
        }
        assertThat(node.appliedBytes[63] - appliedBefore).isGreaterThanOrEqualTo((WINDOWS * WINDOW_TURNS - 1) * 512L);
        // A log that is not compacted grows its index by a chunk every 1,024 entries and maps a segment now and then;
        // every window without such an event must not allocate a single byte.
        assertThat(quietWindows)
                .as("windows of " + WINDOW_TURNS * 64 + " entries with 0 bytes")
                .isGreaterThanOrEqualTo(WINDOWS / 3);
    }

    private static void turn(GroupCluster cluster, UnsafeBuffer body) throws Exception {
        GroupNode node = cluster.node(0);
        for (int slot = 0; slot < 64; slot++) {
            if (!node.inbound.offerProposal(GroupNode.groupId(slot), 1, slot, body, 0, 512)) {
                throw new AssertionError("the ring is full");
            }
        }
        cluster.run(1);
    }
}
