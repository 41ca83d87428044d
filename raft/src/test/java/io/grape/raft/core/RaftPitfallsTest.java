package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static io.grape.raft.core.TestReplica.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test for each known pitfall of other systems that the core can fall into; the number is the row. */
class RaftPitfallsTest {
    @Test
    void pitfall01VoteReplyWaitsUntilTermAndVoteAreDurable() {
        TestReplica replica = new TestReplica(3);
        Sent.VoteReply reply = one(replica.voteRequest(1, 1, 0, 0, false, false), Sent.VoteReply.class);
        assertThat(reply.granted()).isTrue();
        assertThat(reply.onceDurable()).isTrue();
        assertThat(replica.log.recovered()).isEqualTo(new HardState(1, 1, 0));
    }

    @Test
    void pitfall02VoteRequestsWaitUntilTheOwnVoteIsDurable() {
        TestReplica replica = new TestReplica(3);
        replica.awaitElection();
        List<Sent> sent = replica.voteReply(1, 1, true, true);
        assertThat(only(sent, Sent.VoteRequest.class)).hasSize(2).allMatch(Sent::onceDurable);
    }

    @Test
    void pitfall03AcksWaitUntilTheEntriesAreDurable() {
        TestReplica replica = new TestReplica(3);
        assertThat(one(replica.append(1, 1, 0, 0, 0, 1), Sent.AppendReply.class).onceDurable())
                .isTrue();
        // A heartbeat claims the entries before it, so it waits too.
        assertThat(one(replica.append(1, 1, 1, 1, 0), Sent.AppendReply.class).onceDurable())
                .isTrue();
    }

    @Test
    void pitfall04LeaderCountsItsOwnEntriesOnlyOnceDurable() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        long index = leader.propose(1);
        leader.end();
        leader.accepted(1, index, 3);
        assertThat(leader.group.commitIndex()).isEqualTo(1);
        leader.durable();
        assertThat(leader.group.commitIndex()).isEqualTo(index);
    }

    @Test
    void pitfall05EntriesOfAnOlderTermAreNotCommittedByCounting() {
        // Figure 8: the leader of term 3 holds an entry of term 1 that is on a majority.
        TestReplica leader =
                new TestReplica(3).holding(new HardState(2, -1, 0), 1, 1).leading();
        leader.accepted(1, 2, 1);
        assertThat(leader.group.commitIndex()).isZero();
        leader.accepted(1, 3, 1);
        assertThat(leader.group.commitIndex()).isEqualTo(3);
    }

    @Test
    void pitfall06TermBeginsWithANoOp() {
        TestReplica leader =
                new TestReplica(3).holding(new HardState(2, -1, 0), 1, 1).leading();
        assertThat(leader.log.entryTypeAt(3)).isZero();
        assertThat(leader.log.payloadLengthAt(3)).isZero();
        assertThat(leader.log.termAt(3)).isEqualTo(3);
    }

    @Test
    void pitfall07ReadsAreHeldUntilTheFirstCommitOfTheTerm() {
        TestReplica leader =
                new TestReplica(3).holding(new HardState(2, -1, 1), 1, 1).leading();
        leader.group.readIndex(5, leader.nowNs, leader.out);
        long round = to(leader.end(), 1, Sent.Append.class).readId();
        leader.reply(1, 3, AppendOutcome.CONFLICT, 0, 0, round, -1, 1);
        assertThat(leader.group.state().reads.count()).isEqualTo(1);
        long requestId = leader.group.state().peers.find(1).lastRequestId();
        leader.group.step(leader.buffer(), 0, 0, leader.nowNs, leader.out);
        leader.reply(1, 3, AppendOutcome.ACCEPTED, 3, requestId, round, -1, 0);
        assertThat(leader.group.commitIndex()).isEqualTo(3);
        assertThat(leader.group.state().reads.count()).isZero();
    }

    @Test
    void pitfall10TimerIsResetOnlyByAGrantedVoteOrTheCurrentLeader() {
        TestReplica replica = new TestReplica(3).holding(new HardState(5, -1, 0), 5, 5);
        long deadline = replica.group.state().electionDeadlineNs;
        replica.nowNs += 50 * MS;
        replica.append(1, 4, 0, 0, 0);
        replica.voteRequest(1, 6, 1, 5, false, false);
        replica.voteRequest(1, 7, 9, 9, true, false);
        replica.voteReply(2, 7, false, false);
        assertThat(replica.group.term()).isEqualTo(6);
        assertThat(replica.group.state().electionDeadlineNs).isEqualTo(deadline);
        replica.voteRequest(1, 8, 9, 5, false, false);
        assertThat(replica.group.state().electionDeadlineNs)
                .isNotEqualTo(deadline)
                .isBetween(replica.nowNs + 100 * MS, replica.nowNs + 200 * MS);
    }

    @Test
    void pitfall11AServerThatRejoinsDoesNotDisturbALiveLeader() {
        TestReplica follower = new TestReplica(3);
        follower.append(1, 1, 0, 0, 0);
        assertThat(follower.voteRequest(2, 9, 9, 8, false, false)).isEmpty();
        assertThat(follower.voteRequest(2, 9, 9, 8, true, false)).isEmpty();
        assertThat(follower.group.term()).isEqualTo(1);
        TestReplica leader = new TestReplica(3).leading();
        assertThat(leader.voteRequest(2, 9, 9, 8, false, false)).isEmpty();
        assertThat(leader.group.role()).isEqualTo(Role.LEADER);
        assertThat(leader.group.counters().sticky()).isEqualTo(1);
    }

    @Test
    void pitfall12PreVotesChangeNothingAndMixedTermsDoNotDeadlock() {
        TestReplica replica = new TestReplica(3).holding(new HardState(5, -1, 0), 5);
        Sent.VoteReply promise = one(replica.voteRequest(1, 6, 1, 5, true, false), Sent.VoteReply.class);
        assertThat(promise).isEqualTo(new Sent.VoteReply(1, false, 6, true, true));
        Sent.VoteReply behind = one(replica.voteRequest(1, 4, 9, 3, true, false), Sent.VoteReply.class);
        assertThat(behind).isEqualTo(new Sent.VoteReply(1, false, 5, false, true));
        assertThat(replica.log.stagedCount()).isZero();
        assertThat(replica.group.term()).isEqualTo(5);
    }

    @Test
    void pitfall18AStaleAppendNeitherTruncatesNewerEntriesNorReachesBelowCommit() {
        TestReplica replica = new TestReplica(3);
        replica.append(1, 2, 0, 0, 2, 1, 2, 2, 2);
        replica.append(1, 2, 0, 0, 0, 1);
        assertThat(replica.group.lastIndex()).isEqualTo(4);
        replica.append(1, 2, 1, 1, 0, 2);
        assertThat(replica.group.lastIndex()).isEqualTo(4);
        assertThat(replica.append(2, 3, 0, 0, 0, 3)).isEmpty();
        assertThat(replica.group.lastIndex()).isEqualTo(4);
        assertThat(replica.group.counters().commitConflicts()).isEqualTo(1);
        replica.append(2, 3, 2, 2, 0, 3);
        assertThat(replica.group.lastIndex()).isEqualTo(3);
        assertThat(replica.log.termAt(3)).isEqualTo(3);
    }

    @Test
    void pitfall19MatchIsPreviousPlusCountWhateverTheLogHolds() {
        long[][] cases = {{0, 0, 2, 2}, {1, 1, 0, 1}, {2, 1, 1, 3}, {3, 1, 0, 3}, {5, 1, 2, 7}};
        for (long[] c : cases) {
            TestReplica replica = new TestReplica(3).holding(new HardState(1, -1, 0), 1, 1, 1, 1, 1);
            long[] terms = new long[(int) c[2]];
            java.util.Arrays.fill(terms, 1);
            Sent.AppendReply reply = one(replica.append(1, 1, c[0], c[1], 9, terms), Sent.AppendReply.class);
            assertThat(reply.matchIndex()).isEqualTo(c[3]);
            assertThat(replica.group.commitIndex())
                    .as("min(leaderCommit, last new)")
                    .isEqualTo(c[3]);
        }
    }

    @Test
    void pitfall20ReorderedRepliesNeverMoveMatchOrNextBack() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        leader.propose(1);
        leader.end();
        leader.propose(1);
        leader.end();
        leader.accepted(1, 3, 4);
        leader.accepted(1, 2, 3);
        leader.conflict(1, 1, -1, 1);
        assertThat(leader.group.state().peers.find(1).match()).isEqualTo(3);
        assertThat(leader.group.state().peers.find(1).next()).isEqualTo(4);
    }

    @Test
    void pitfall21AcksOfAnotherTermAreNotCounted() {
        TestReplica leader =
                new TestReplica(3).holding(new HardState(2, -1, 0), 1).leading();
        leader.reply(1, 2, AppendOutcome.ACCEPTED, 2, 1, 0, -1, 0);
        assertThat(leader.group.commitIndex()).isZero();
        assertThat(leader.group.counters().stale()).isPositive();
    }

    @Test
    void pitfall22CommitNeverPassesTheEndOfTheLog() {
        TestReplica replica = new TestReplica(3);
        replica.append(1, 1, 0, 0, 100, 1, 1);
        assertThat(replica.group.commitIndex()).isEqualTo(2);
    }

    @Test
    void pitfall23AnAckOfReplacedEntriesIsIgnored() {
        TestReplica replica = new TestReplica(3);
        replica.append(1, 1, 0, 0, 0, 1, 1, 1);
        replica.append(2, 2, 1, 1, 0, 2, 2);
        replica.group.onDurable(1, 3, replica.nowNs, replica.out);
        assertThat(replica.group.durableIndex()).isZero();
        assertThat(replica.group.counters().staleDurableAcks()).isEqualTo(1);
        replica.group.onDurable(2, 3, replica.nowNs, replica.out);
        assertThat(replica.group.durableIndex()).isEqualTo(3);
    }

    @Test
    void pitfall23TruncationTakesTheDurableIndexBack() {
        TestReplica replica = new TestReplica(3);
        replica.append(1, 1, 0, 0, 0, 1, 1, 1);
        replica.durable();
        assertThat(replica.group.durableIndex()).isEqualTo(3);
        replica.append(2, 2, 1, 1, 0, 2);
        assertThat(replica.group.durableIndex()).isEqualTo(1);
    }

    @Test
    void pitfall33ANewSessionIsProbedNotTrusted() {
        // Appends were lost with the old session: the follower refuses what does not fit and the leader backs up.
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        leader.propose(1);
        leader.end();
        leader.propose(1);
        leader.end();
        Sent.Append probe = to(leader.conflict(1, 4, -1, 2), 1, Sent.Append.class);
        assertThat(probe.prevLogIndex()).isEqualTo(1);
        assertThat(probe.entries()).isEqualTo(2);
    }

    @Test
    void pitfall34MessagesOfAnotherGroupAreRefused() {
        TestReplica replica = new TestReplica(3);
        replica.groupId = 8;
        assertThat(replica.append(1, 1, 0, 0, 0, 1)).isEmpty();
        assertThat(replica.voteRequest(1, 1, 0, 0, false, false)).isEmpty();
        assertThat(replica.voteReply(1, 1, true, false)).isEmpty();
        assertThat(replica.accepted(1, 1, 1)).isEmpty();
        assertThat(replica.group.counters().foreign()).isEqualTo(4);
        assertThat(replica.group.term()).isZero();
    }

    @Test
    void pitfall36UncommittedProposalsAreBoundedAndTheRoomComesBackWithTheCommit() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        long index = 0;
        long last = 0;
        while ((index = leader.propose(1000)) > 0) {
            last = index;
        }
        assertThat(index).isEqualTo(RaftGroup.BACK_PRESSURE);
        assertThat(leader.group.uncommittedBytes()).isBetween(60_000L, 65_536L);
        leader.durable();
        leader.accepted(1, last, 2);
        assertThat(leader.group.uncommittedBytes()).isZero();
        assertThat(leader.propose(1000)).isEqualTo(last + 1);
    }
}
