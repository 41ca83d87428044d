package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static io.grape.raft.core.TestReplica.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    private static final int ACCEPTED = AppendOutcome.ACCEPTED.value();
    private static final int CONFLICT = AppendOutcome.CONFLICT.value();
    private static final int STALE_TERM = AppendOutcome.STALE_TERM.value();

    @Test
    void aFollowerStoresEntriesAndAcceptsOnceTheyAreDurable() {
        TestReplica replica = new TestReplica(3);
        Sent.AppendReply reply = one(replica.append(1, 1, 0, 0, 1, 1, 1), Sent.AppendReply.class);
        assertThat(reply).isEqualTo(new Sent.AppendReply(1, true, 1, ACCEPTED, 2, 1, -1, 0, 0));
        assertThat(replica.group.lastIndex()).isEqualTo(2);
        assertThat(replica.group.commitIndex()).isEqualTo(1);
        assertThat(replica.group.leaderNodeId()).isEqualTo(1);
    }

    @Test
    void anAppendOfAnOlderTermIsAnsweredWithTheNewerOne() {
        TestReplica replica = new TestReplica(3).holding(new HardState(5, RaftGroup.NO_NODE, 0));
        Sent.AppendReply reply = one(replica.append(1, 4, 0, 0, 0), Sent.AppendReply.class);
        assertThat(reply.outcome()).isEqualTo(STALE_TERM);
        assertThat(reply.term()).isEqualTo(5);
        assertThat(replica.group.leaderNodeId()).isEqualTo(RaftGroup.NO_NODE);
    }

    @Test
    void aConflictNamesTheTermAndItsFirstIndex() {
        long[][] cases = {
            // prevLogIndex, prevLogTerm, hintTerm, hintIndex
            {7, 4, -1, 7}, {6, 4, 3, 4}, {4, 2, 3, 4}, {3, 3, 2, 2}, {9, 3, -1, 7},
        };
        for (long[] c : cases) {
            TestReplica replica = new TestReplica(3).holding(new HardState(3, -1, 0), 1, 2, 2, 3, 3, 3);
            Sent.AppendReply reply = one(replica.append(1, 4, c[0], c[1], 0), Sent.AppendReply.class);
            assertThat(reply)
                    .as("prev=%d@%d", c[0], c[1])
                    .isEqualTo(new Sent.AppendReply(1, false, 4, CONFLICT, 0, 1, c[2], c[3], 0));
        }
    }

    @Test
    void aDivergedFollowerIsFoundInOneRoundTripPerTerm() {
        TestReplica leader = new TestReplica(3).holding(new HardState(6, -1, 0), 1, 1, 1, 4, 4, 5, 5, 6, 6, 6);
        leader.leading();
        // The follower of figure 7 (f): terms 1 1 1 2 2 2 3 3 3 3 3.
        TestReplica follower = new TestReplica(3).holding(new HardState(3, -1, 0), 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3);
        long prev = 10;
        int rounds = 0;
        while (true) {
            rounds++;
            Sent.AppendReply reply =
                    one(follower.append(1, 7, prev, leader.log.termAt(prev), 0), Sent.AppendReply.class);
            if (reply.outcome() == ACCEPTED) {
                break;
            }
            List<Sent> sent = leader.conflict(1, rounds, reply.hintTerm(), reply.hintIndex());
            prev = to(sent, 1, Sent.Append.class).prevLogIndex();
        }
        assertThat(prev).isEqualTo(3);
        assertThat(rounds).isLessThanOrEqualTo(4);
    }

    @Test
    void anAnsweredProbeOpensTheWindowAndAFullWindowClosesIt() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        for (int i = 0; i < 100; i++) {
            leader.propose(100);
        }
        List<Sent.Append> sent = only(leader.end(), Sent.Append.class).stream()
                .filter(a -> a.to() == 1)
                .toList();
        assertThat(sent).hasSize(4).allMatch(a -> a.entries() == 8);
        assertThat(sent).extracting(Sent.Append::prevLogIndex).containsExactly(1L, 9L, 17L, 25L);
        assertThat(sent).extracting(Sent.Append::requestId).isSorted().doesNotHaveDuplicates();
        assertThat(only(leader.end(), Sent.Append.class)).isEmpty();
        List<Sent.Append> next = only(leader.accepted(1, 17, sent.get(1).requestId()), Sent.Append.class);
        assertThat(next).hasSize(2).allMatch(a -> a.to() == 1);
    }

    @Test
    void aWindowIsBoundedByBytesToo() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        for (int i = 0; i < 5; i++) {
            leader.propose(3000);
        }
        assertThat(only(leader.end(), Sent.Append.class).stream().filter(a -> a.to() == 1))
                .hasSize(2)
                .allMatch(a -> a.entries() == 1);
    }

    @Test
    void anUnansweredAppendIsRepeatedFromTheMatchAfterAMultipleOfTheRoundTrip() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        for (int i = 0; i < 60; i++) {
            leader.propose(1);
            for (Sent.Append append : only(leader.end(), Sent.Append.class)) {
                leader.nowNs += MS;
                leader.accepted(append.to(), append.prevLogIndex() + append.entries(), append.requestId());
            }
        }
        leader.propose(1);
        assertThat(only(leader.end(), Sent.Append.class)).hasSize(2);
        assertThat(only(leader.tick(9 * MS), Sent.Append.class)).isEmpty();
        List<Sent.Append> repeated = only(leader.tick(4 * MS), Sent.Append.class);
        assertThat(repeated)
                .hasSize(2)
                .allMatch(a -> a.entries() == 1 && a.prevLogIndex() == leader.log.lastIndex() - 1);
        assertThat(leader.group.counters().retransmits()).isEqualTo(2);
    }

    @Test
    void aDeadPeerIsProbedWithoutEntriesAndNoOftenerThanTheHeartbeat() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        int probes = 0;
        for (int ms = 0; ms < 1_000; ms++) {
            List<Sent> sent = leader.tick(MS);
            for (Sent.Append append : only(sent, Sent.Append.class)) {
                if (append.to() == 1) {
                    leader.accepted(1, 1, append.requestId());
                } else {
                    assertThat(append.entries()).isZero();
                    probes++;
                }
            }
        }
        assertThat(probes).isBetween(40, 60);
    }

    @Test
    void anIdleLeaderSendsHeartbeats() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        leader.end();
        assertThat(only(leader.tick(10 * MS), Sent.Append.class)).isEmpty();
        List<Sent.Append> beats = only(leader.tick(10 * MS), Sent.Append.class);
        assertThat(beats).hasSize(2).allMatch(a -> a.entries() == 0 && a.leaderCommit() == 1);
    }

    @Test
    void aFollowerHearsOfACommitWithoutWaitingForTheHeartbeat() {
        TestReplica leader = new TestReplica(3).leading();
        List<Sent> sent = leader.accepted(1, 1, 1);
        assertThat(leader.group.commitIndex()).isEqualTo(1);
        assertThat(to(sent, 1, Sent.Append.class).leaderCommit()).isEqualTo(1);
    }

    @Test
    void proposalsAreRefusedWhereTheyCannotSucceed() {
        TestReplica replica = new TestReplica(3);
        assertThat(replica.propose(1)).isEqualTo(RaftGroup.NOT_LEADER);
        replica.leading();
        assertThat(replica.propose(4097)).isEqualTo(RaftGroup.TOO_LARGE);
        assertThat(replica.propose(4096)).isEqualTo(2);
    }

    @Test
    void linearizableReadsAreConfirmedByARoundThatBeganAfterThem() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        assertThat(leader.group.readIndex(11, leader.nowNs, leader.out)).isTrue();
        assertThat(leader.group.readIndex(12, leader.nowNs, leader.out)).isTrue();
        List<Sent> sent = leader.end();
        long round = to(sent, 1, Sent.Append.class).readId();
        assertThat(round).isPositive();
        leader.group.readIndex(13, leader.nowNs, leader.out);
        leader.reply(2, leader.group.term(), AppendOutcome.ACCEPTED, 1, 2, round - 1, -1, 0);
        assertThat(leader.group.state().reads.count()).isEqualTo(3);
        leader.reply(2, leader.group.term(), AppendOutcome.ACCEPTED, 1, 2, round, -1, 0);
        assertThat(leader.group.state().reads.count()).isEqualTo(1);
    }

    @Test
    void readsFailWhenLeadershipEnds() {
        TestReplica leader = new TestReplica(3).leading();
        leader.group.readIndex(11, leader.nowNs, leader.out);
        leader.group.step(leader.buffer(), 0, leader.encodeAppend(1, 9, 0, 0, 0), leader.nowNs, leader.out);
        assertThat(leader.out.reads().failedCount()).isEqualTo(1);
        assertThat(leader.out.reads().failedToken(0)).isEqualTo(11);
        assertThat(leader.out.leaderChanged()).isTrue();
        assertThat(leader.out.roleChanged()).isTrue();
        assertThat(leader.group.readIndex(12, leader.nowNs, leader.out)).isFalse();
    }

    @Test
    void readsAreBounded() {
        TestReplica leader = new TestReplica(3).leading();
        for (int i = 0; i < 64; i++) {
            assertThat(leader.group.readIndex(i, leader.nowNs, leader.out)).isTrue();
        }
        assertThat(leader.group.readIndex(64, leader.nowNs, leader.out)).isFalse();
    }

    @Test
    void whatIsMalformedForeignOrUnknownIsCountedAndIgnored() {
        TestReplica replica = new TestReplica(3);
        int length = replica.encodeAppend(1, 3, 0, 0, 0, 1, 2, 3);
        byte[] good = new byte[length];
        replica.buffer().getBytes(0, good);
        ReplicaView before = ReplicaView.of(replica.group);
        for (int cut = 0; cut < length; cut++) {
            replica.step(cut);
        }
        assertThat(replica.group.counters().malformed()).isEqualTo(length);
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 20_000; i++) {
            replica.buffer().putBytes(0, good);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                replica.buffer().putByte(random.nextInt(16), (byte) random.nextInt(256));
            }
            replica.buffer().putInt(8, 99);
            replica.step(length);
        }
        assertThat(ReplicaView.of(replica.group)).isEqualTo(before);
        replica.buffer().putBytes(0, good);
        replica.step(length);
        assertThat(replica.group.lastIndex()).isEqualTo(3);
    }
}
