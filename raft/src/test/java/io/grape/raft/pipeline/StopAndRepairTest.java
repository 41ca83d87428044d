package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FaultException;
import io.grape.raft.core.Formation;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.journal.GroupLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members with real journals on a virtual clock: a clean stop of the leader, and a member whose file is damaged. */
class StopAndRepairTest {
    private static final long MS = 1_000_000;
    private static final List<Integer> MEMBERS = List.of(0, 1, 2);

    @TempDir
    private Path directory;

    private final List<PipelineNode> nodes = new ArrayList<>();
    private final int[] starts = new int[3];
    private long nowNs = MS;

    @AfterEach
    void close() {
        nodes.forEach(PipelineNode::close);
    }

    private PipelineNode open(int id) {
        PeerSender sender = (to, message, offset, length) ->
                to >= nodes.size() || nodes.get(to).inbound.offerRaft(PipelineNode.GROUP, message, offset, length);
        starts[id]++;
        NodeLife life = new NodeLife(id + 1, Incarnation.of(starts[id], id), Formation.ALL_MEMBERS, false);
        return new PipelineNode(id, MEMBERS, directory.resolve("n" + id), () -> nowNs, sender, life);
    }

    private PipelineNode started() throws Exception {
        for (int id : MEMBERS) {
            nodes.add(open(id));
        }
        return awaitLeader();
    }

    private PipelineNode awaitLeader() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            steps(1);
            for (PipelineNode node : nodes) {
                if (node.isLeader()
                        && node.applied.get() >= node.consensus.status().readyIndex()) {
                    return node;
                }
            }
        }
        throw new AssertionError("no leader within 2,000 ms of virtual time");
    }

    private void steps(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            nowNs += MS;
            for (PipelineNode node : nodes) {
                node.step(true);
            }
        }
    }

    private static void propose(PipelineNode node, String text) {
        UnsafeBuffer body = new UnsafeBuffer(new byte[64]);
        int length = body.putStringWithoutLengthAscii(0, text);
        assertThat(node.inbound.offerProposal(0, 1, 1, body, 0, length)).isTrue();
    }

    @Test
    void aLeaderThatIsToStopHandsOverAndTheSuccessorLeadsLongBeforeAnElectionTimeout() throws Exception {
        PipelineNode leader = started();
        propose(leader, "before");
        steps(20);
        long term = leader.consensus.status().term();
        assertThat(leader.consensus.handover().isDone()).isFalse();
        leader.consensus.handover().request();
        long asked = nowNs;
        while (!leader.consensus.handover().isDone()) {
            steps(1);
        }
        PipelineNode successor = awaitLeader();
        assertThat(nowNs - asked).as("the election timeout is 100 ms at least").isLessThan(50 * MS);
        assertThat(successor).isNotSameAs(leader);
        assertThat(successor.consensus.status().term()).as("one election").isEqualTo(term + 1);
        propose(successor, "after");
        steps(20);
        assertThat(leader.appliedTexts).containsExactly("before", "after");
    }

    @Test
    void theMemberThatIsGoneIsNotChosenAsSuccessor() throws Exception {
        PipelineNode leader = started();
        propose(leader, "before");
        steps(20);
        int dead = leader.nodeId == 0 ? 1 : 0;
        PipelineNode gone = nodes.get(dead);
        for (int i = 0; i < 150; i++) {
            nowNs += MS;
            for (PipelineNode node : nodes) {
                if (node != gone) {
                    node.step(true);
                }
            }
        }
        leader.consensus.handover().request();
        for (int i = 0; i < 50; i++) {
            nowNs += MS;
            for (PipelineNode node : nodes) {
                if (node != gone) {
                    node.step(true);
                }
            }
        }
        assertThat(leader.consensus.handover().isDone()).isTrue();
        assertThat(nodes.get(3 - dead - leader.nodeId).isLeader()).isTrue();
    }

    @Test
    void aSingleMemberHasNobodyToHandOverTo() throws Exception {
        PeerSender nobody = (to, message, offset, length) -> false;
        nodes.add(new PipelineNode(0, List.of(0), directory.resolve("alone"), () -> nowNs, nobody));
        PipelineNode alone = awaitLeader();
        alone.consensus.handover().request();
        steps(1);
        assertThat(alone.consensus.handover().isDone()).isTrue();
        assertThat(alone.isLeader()).isTrue();
    }

    @Test
    void aMemberWhoseJournalIsDamagedDoesNotVoteUntilTheLeaderHasRepairedItAndThenCountsAgain() throws Exception {
        PipelineNode leader = started();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add("entry-" + (1000 + i));
            propose(leader, all.getLast());
            steps(4);
        }
        steps(30);
        int id = (leader.nodeId + 1) % 3;
        nodes.get(id).close();
        damage(directory.resolve("n" + id), "entry-1030");
        PipelineNode damaged = open(id);
        nodes.set(id, damaged);

        assertThat(damaged.journal.damages()).hasSize(1);
        FaultException damage = damaged.journal.damages().getFirst();
        assertThat(damage).as("segment, offset and group").hasMessageContainingAll("segment", "offset", "group");
        GroupLog log = damaged.journal.group(PipelineNode.GROUP);
        assertThat(log.isUnderRepair()).isTrue();
        assertThat(log.lastIndex())
                .isLessThan(leader.journal.group(PipelineNode.GROUP).lastIndex());

        steps(200);
        assertThat(log.isUnderRepair()).as("repaired by the leader").isFalse();
        assertThat(damaged.appliedTexts).isEqualTo(all);

        int third = 3 - id - leader.nodeId;
        PipelineNode other = nodes.get(third);
        propose(leader, "with two");
        for (int i = 0; i < 50; i++) {
            nowNs += MS;
            leader.step(true);
            damaged.step(true);
        }
        assertThat(other.appliedTexts).doesNotContain("with two");
        assertThat(leader.appliedTexts).as("its acks count again").contains("with two");
    }

    /** Flips a bit of an entry, where it was forced long ago. */
    private static void damage(Path node, String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        try (Stream<Path> files = Files.walk(node)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".journal")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                        open.seek(at + wanted.length - 1);
                        open.write(bytes[at + wanted.length - 1] ^ 1);
                    }
                    return;
                }
            }
        }
        throw new AssertionError(text + " is in no segment");
    }
}
