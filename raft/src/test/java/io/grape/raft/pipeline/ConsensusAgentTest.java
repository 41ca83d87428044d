package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.grape.codecs.sbe.ErrorCode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsensusAgentTest {
    private static final long MS = 1_000_000;
    private static final int WINDOWS = 160;
    private static final int WINDOW_ENTRIES = 50;

    @TempDir
    Path directory;

    private final List<PipelineNode> nodes = new ArrayList<>();
    private long nowNs;

    @AfterEach
    void close() {
        nodes.forEach(PipelineNode::close);
    }

    @Test
    void aSingleNodeAppliesWhatItsOwnDiskHolds() throws Exception {
        PipelineNode node = start(1).getFirst();
        awaitLeader();
        propose(node, 1, "hello");
        node.step(false);
        node.step(false);
        assertThat(node.appliedTexts).as("before the force").isEmpty();

        steps(5, true);
        assertThat(node.appliedTexts).containsExactly("hello");
        assertThat(node.consensus.status().commitIndex())
                .isEqualTo(node.consensus.status().durableIndex());
    }

    @Test
    void threeNodesApplyTheSameEntriesInTheSameOrder() throws Exception {
        start(3);
        PipelineNode leader = awaitLeader();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add("entry-" + i);
            propose(leader, i, "entry-" + i);
            if (i % 7 == 0) {
                steps(1, true);
            }
        }
        steps(60, true);
        for (PipelineNode node : nodes) {
            assertThat(node.appliedTexts).as("node " + node.nodeId).isEqualTo(sent);
        }
    }

    @Test
    void nothingIsCommittedWhileNoDiskForces() throws Exception {
        start(3);
        PipelineNode leader = awaitLeader();
        long before = leader.consensus.status().commitIndex();
        propose(leader, 1, "waits");
        steps(30, false);
        assertThat(leader.consensus.status().commitIndex()).isEqualTo(before);
        assertThat(leader.appliedTexts).isEmpty();

        steps(30, true);
        assertThat(leader.appliedTexts).containsExactly("waits");
    }

    @Test
    void aFollowerRefusesProposalsAndLinearizableReads() throws Exception {
        start(3);
        PipelineNode leader = awaitLeader();
        PipelineNode follower =
                nodes.stream().filter(node -> node != leader).findFirst().orElseThrow();
        propose(follower, 5, "no");
        read(follower, 6, Freshness.LINEARIZABLE, 0);
        steps(3, true);
        assertThat(follower.answers)
                .containsExactly("refused 5 " + RequestSink.NOT_LEADER, "refused 6 " + RequestSink.NOT_LEADER);
    }

    @Test
    void aLinearizableReadSeesEveryWriteThatWasCommittedBefore() throws Exception {
        start(3);
        PipelineNode leader = awaitLeader();
        propose(leader, 1, "w");
        steps(30, true);
        long committed = leader.consensus.status().commitIndex();
        read(leader, 2, Freshness.LINEARIZABLE, 0);
        steps(30, true);
        assertThat(leader.answers).containsExactly("ready r2 at " + committed);
    }

    @Test
    void aReadWaitsForItsPositionOrIsRefusedInTime() throws Exception {
        PipelineNode node = start(1).getFirst();
        awaitLeader();
        long next = node.applied.get() + 1;
        read(node, 1, Freshness.AT_LEAST_INDEX, next);
        read(node, 2, Freshness.AT_LEAST_INDEX, next + 1_000);
        read(node, 3, Freshness.LOCAL, 0);
        steps(2, true);
        assertThat(node.answers).containsExactly("ready r3 at " + (next - 1));
        propose(node, 9, "w");
        steps(6, true);
        assertThat(node.answers).contains("ready r1 at " + next);
        steps(600, true);
        assertThat(node.answers).contains("refused 2 " + RequestSink.INDEX_NOT_REACHED);
    }

    @Test
    void aRestartedNodeAppliesWhatItHadCommitted() throws Exception {
        PipelineNode node = start(1).getFirst();
        awaitLeader();
        for (int i = 0; i < 20; i++) {
            propose(node, i, "kept-" + i);
        }
        steps(10, true);
        List<String> before = List.copyOf(node.appliedTexts);
        assertThat(before).hasSize(20);
        node.close();
        nodes.clear();

        PipelineNode again = start(1).getFirst();
        awaitLeader();
        steps(20, true);
        assertThat(again.appliedTexts).isEqualTo(before);
    }

    @Test
    void aFullDiskRefusesWritesLosesNoneAndRecoversByItself() throws Exception {
        PipelineNode node = start(1).getFirst();
        awaitLeader();
        node.recordTexts = false;
        UnsafeBuffer body = new UnsafeBuffer(new byte[4096]);
        node.files.usableBytes = 0;
        String refusal = " " + RequestSink.STORAGE_FULL;
        long taken = 0;
        while (node.answers.isEmpty() && taken < 20_000) {
            assertThat(node.inbound.offerProposal(0, 1, taken, body, 0, body.capacity()))
                    .isTrue();
            taken++;
            steps(2, true);
        }
        assertThat(node.answers).as("answers after %d proposals", taken).isNotEmpty();
        assertThat(node.answers).allMatch(answer -> answer.endsWith(refusal));
        long accepted = taken - node.answers.size();

        node.files.usableBytes = Long.MAX_VALUE;
        long deadlineNs = System.nanoTime() + 30_000 * MS;
        while ((node.appliedBytes < accepted * body.capacity() || node.journal.admission() != ErrorCode.OK)
                && System.nanoTime() < deadlineNs) {
            steps(1, true); // the journal's pool makes the next segment in the background
        }
        assertThat(node.appliedBytes).isEqualTo(accepted * body.capacity());
        node.answers.clear();
        propose(node, 1, "again");
        steps(10, true);
        assertThat(node.answers).isEmpty();
        assertThat(node.appliedBytes).isEqualTo(accepted * body.capacity() + "again".length());
    }

    @Test
    void fromRingToJournalNothingIsAllocatedInSteadyState() throws Exception {
        PipelineNode node = start(1).getFirst();
        awaitLeader();
        node.recordTexts = false;
        UnsafeBuffer body = new UnsafeBuffer(new byte[512]);
        for (int i = 0; i < 12_000; i++) {
            proposeAndStep(node, body, i);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        long appliedBefore = node.appliedBytes;
        int quietWindows = 0;
        for (int window = 0; window < WINDOWS; window++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < WINDOW_ENTRIES; i++) {
                proposeAndStep(node, body, i);
            }
            if (threads.getThreadAllocatedBytes(id) == before) {
                quietWindows++;
            }
        }
        assertThat(node.appliedBytes - appliedBefore).isGreaterThanOrEqualTo(WINDOWS * WINDOW_ENTRIES * 512L);
        // A log that is not compacted grows its index by a chunk every 1,024 entries and maps a segment now and then;
        // every window without such an event must not allocate a single byte.
        assertThat(quietWindows)
                .as("windows of " + WINDOW_ENTRIES + " entries with 0 bytes")
                .isGreaterThanOrEqualTo(WINDOWS / 2);
    }

    private void proposeAndStep(PipelineNode node, UnsafeBuffer body, int i) throws Exception {
        if (!node.inbound.offerProposal(0, 1, i, body, 0, 512)) {
            throw new AssertionError("the ring is full");
        }
        nowNs += MS / 10;
        node.consensus.doWork();
        node.force.doWork();
        node.consensus.doWork();
        node.apply.doWork();
    }

    private List<PipelineNode> start(int count) {
        List<Integer> members = IntStream.range(0, count).boxed().toList();
        for (int id : members) {
            PeerSender sender = (to, message, offset, length) ->
                    nodes.get(to).inbound.offerRaft(PipelineNode.GROUP, message, offset, length);
            nodes.add(new PipelineNode(id, members, directory.resolve("n" + id), () -> nowNs, sender));
        }
        return nodes;
    }

    private PipelineNode awaitLeader() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            steps(1, true);
            for (PipelineNode node : nodes) {
                if (node.isLeader()
                        && node.applied.get() >= node.consensus.status().readyIndex()) {
                    return node;
                }
            }
        }
        throw new AssertionError("no leader within 2,000 ms of virtual time");
    }

    private void steps(int count, boolean withForce) throws Exception {
        for (int i = 0; i < count; i++) {
            nowNs += MS;
            for (PipelineNode node : nodes) {
                node.step(withForce);
            }
        }
    }

    private static void propose(PipelineNode node, long correlationId, String text) {
        UnsafeBuffer body = new UnsafeBuffer(new byte[64]);
        int length = body.putStringWithoutLengthAscii(0, text);
        assertThat(node.inbound.offerProposal(0, 1, correlationId, body, 0, length))
                .isTrue();
    }

    private static void read(PipelineNode node, long correlationId, int freshness, long minIndex) {
        UnsafeBuffer body = new UnsafeBuffer(new byte[64]);
        int length = body.putStringWithoutLengthAscii(0, "r" + correlationId);
        assertThat(node.inbound.offerRead(0, 1, correlationId, freshness, minIndex, body, 0, length))
                .isTrue();
    }
}
