package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static io.grape.raft.core.TestReplica.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendOutcome;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test for each known pitfall of other systems that the core can fall into; {@link MembershipPitfallsTest} has the rest. */
class RaftPitfallsTest extends PitfallTests {
    private static final RaftTiming LEASES = new RaftTiming(100 * MS, 20 * MS, 10 * MS, 4, 80);
    private static final Membership GROWN = Membership.of(List.of(0, 1, 2), List.of(3));

    private TestReplica leaseholder() {
        TestReplica leader = new TestReplica(TestReplica.configOf(3, LEASES), rules).leading();
        leader.accepted(1, 1, 1);
        return leader;
    }

    @Test
    void pitfall01VoteReplyWaitsUntilTermAndVoteAreDurable() {
        TestReplica replica = replica(3);
        Sent.VoteReply reply = one(replica.voteRequest(1, 1, 0, 0, false, false), Sent.VoteReply.class);
        assertThat(reply.granted()).isTrue();
        assertThat(reply.onceDurable()).isTrue();
        assertThat(replica.log.recovered()).isEqualTo(new HardState(1, 1, 0));
    }

    @Test
    void pitfall02VoteRequestsWaitUntilTheOwnVoteIsDurable() {
        TestReplica replica = replica(3);
        replica.awaitElection();
        List<Sent> sent = replica.voteReply(1, 1, true, true);
        assertThat(only(sent, Sent.VoteRequest.class)).hasSize(2).allMatch(Sent::onceDurable);
    }

    @Test
    void pitfall03AcksWaitUntilTheEntriesAreDurable() {
        TestReplica replica = replica(3);
        assertThat(one(replica.append(1, 1, 0, 0, 0, 1), Sent.AppendReply.class).onceDurable())
                .isTrue();
        // A heartbeat claims the entries before it, so it waits too.
        assertThat(one(replica.append(1, 1, 1, 1, 0), Sent.AppendReply.class).onceDurable())
                .isTrue();
    }

    @Test
    void pitfall04LeaderCountsItsOwnEntriesOnlyOnceDurable() {
        TestReplica leader = replica(3).leading();
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
        TestReplica leader = replica(3).holding(new HardState(2, -1, 0), 1, 1).leading();
        leader.accepted(1, 2, 1);
        assertThat(leader.group.commitIndex()).isZero();
        leader.accepted(1, 3, 1);
        assertThat(leader.group.commitIndex()).isEqualTo(3);
    }

    @Test
    void pitfall06TermBeginsWithANoOp() {
        TestReplica leader = replica(3).holding(new HardState(2, -1, 0), 1, 1).leading();
        assertThat(leader.log.entryTypeAt(3)).isZero();
        assertThat(leader.log.payloadLengthAt(3)).isZero();
        assertThat(leader.log.termAt(3)).isEqualTo(3);
    }

    @Test
    void pitfall07ReadsAreHeldUntilTheFirstCommitOfTheTerm() {
        TestReplica leader = replica(3).holding(new HardState(2, -1, 1), 1, 1).leading();
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
        TestReplica replica = replica(3).holding(new HardState(5, -1, 0), 5, 5);
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
        TestReplica follower = replica(3);
        follower.append(1, 1, 0, 0, 0);
        assertThat(follower.voteRequest(2, 9, 9, 8, false, false)).isEmpty();
        assertThat(follower.voteRequest(2, 9, 9, 8, true, false)).isEmpty();
        assertThat(follower.group.term()).isEqualTo(1);
        TestReplica leader = replica(3).leading();
        assertThat(leader.voteRequest(2, 9, 9, 8, false, false)).isEmpty();
        assertThat(leader.group.role()).isEqualTo(Role.LEADER);
        assertThat(leader.group.counters().sticky()).isEqualTo(1);
    }

    @Test
    void pitfall12PreVotesChangeNothingAndMixedTermsDoNotDeadlock() {
        TestReplica replica = replica(3).holding(new HardState(5, -1, 0), 5);
        Sent.VoteReply promise = one(replica.voteRequest(1, 6, 1, 5, true, false), Sent.VoteReply.class);
        assertThat(promise).isEqualTo(new Sent.VoteReply(1, false, 6, true, true));
        Sent.VoteReply behind = one(replica.voteRequest(1, 4, 9, 3, true, false), Sent.VoteReply.class);
        assertThat(behind).isEqualTo(new Sent.VoteReply(1, false, 5, false, true));
        assertThat(replica.log.stagedCount()).isZero();
        assertThat(replica.group.term()).isEqualTo(5);
    }

    @Test
    void pitfall18AStaleAppendNeitherTruncatesNewerEntriesNorReachesBelowCommit() {
        TestReplica replica = replica(3);
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
            TestReplica replica = replica(3).holding(new HardState(1, -1, 0), 1, 1, 1, 1, 1);
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
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        Progress peer = leader.group.state().peers.find(1);
        leader.propose(1);
        leader.end();
        long second = peer.lastRequestId();
        leader.propose(1);
        leader.end();
        leader.propose(1);
        leader.end();
        leader.conflict(1, peer.lastRequestId(), -1, 4);
        assertThat(peer.next()).isEqualTo(4);
        leader.conflict(1, second, -1, 2);
        assertThat(peer.next()).as("a conflict from before the last one").isEqualTo(4);
        leader.accepted(1, 4, peer.lastRequestId());
        leader.accepted(1, 2, second);
        assertThat(peer.match()).isEqualTo(4);
        assertThat(peer.next()).isEqualTo(5);
    }

    @Test
    void pitfall21AcksOfAnotherTermAreNotCounted() {
        TestReplica leader = replica(3).holding(new HardState(2, -1, 0), 1).leading();
        leader.reply(1, 2, AppendOutcome.ACCEPTED, 2, 1, 0, -1, 0);
        assertThat(leader.group.commitIndex()).isZero();
        assertThat(leader.group.counters().stale()).isPositive();
    }

    @Test
    void pitfall22CommitNeverPassesTheEndOfTheLog() {
        TestReplica replica = replica(3);
        replica.append(1, 1, 0, 0, 100, 1, 1);
        assertThat(replica.group.commitIndex()).isEqualTo(2);
        TestReplica longer = replica(3).holding(new HardState(2, -1, 0), 1, 2, 2, 2);
        longer.append(1, 3, 1, 1, 4);
        assertThat(longer.group.commitIndex())
                .as("the rest may be of another leader")
                .isEqualTo(1);
    }

    @Test
    void pitfall23AnAckOfReplacedEntriesIsIgnored() {
        TestReplica replica = replica(3);
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
        TestReplica replica = replica(3);
        replica.append(1, 1, 0, 0, 0, 1, 1, 1);
        replica.durable();
        assertThat(replica.group.durableIndex()).isEqualTo(3);
        replica.append(2, 2, 1, 1, 0, 2);
        assertThat(replica.group.durableIndex()).isEqualTo(1);
    }

    @Test
    void pitfall33ANewSessionIsProbedNotTrusted() {
        // Appends were lost with the old session: the follower refuses what does not fit and the leader backs up.
        TestReplica leader = replica(3).leading();
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
        TestReplica replica = replica(3);
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
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        long index = 0;
        long last = 0;
        // No longer than a broken bound needs to show: the heap is shared with the test runner.
        while (last < 200 && (index = leader.propose(1000)) > 0) {
            last = index;
        }
        assertThat(index).isEqualTo(RaftGroup.BACK_PRESSURE);
        assertThat(leader.group.uncommittedBytes()).isBetween(60_000L, 65_536L);
        leader.durable();
        leader.accepted(1, last, 2);
        assertThat(leader.group.uncommittedBytes()).isZero();
        assertThat(leader.propose(1000)).isEqualTo(last + 1);
    }

    @Test
    void pitfall08ALeaseCountsFromWhenTheRequestLeftAndIsCheckedAgainAfterAPause() {
        TestReplica leader = leaseholder();
        assertThat(leader.group.leaseReadIndex(leader.nowNs)).isEqualTo(1);
        assertThat(leader.group.holdsLease(leader.nowNs + 80 * MS)).isFalse();
        long requestId = to(leader.tick(30 * MS), 1, Sent.Append.class).requestId();
        leader.nowNs += 70 * MS;
        leader.accepted(1, 1, requestId);
        assertThat(leader.group.holdsLease(leader.nowNs)).isTrue();
        assertThat(leader.group.holdsLease(leader.nowNs + 9 * MS)).isTrue();
        assertThat(leader.group.leaseReadIndex(leader.nowNs + 10 * MS)).isEqualTo(RaftGroup.NO_LEASE);
        assertThat(replica(3).leading().group.holdsLease(0))
                .as("leases are an option")
                .isFalse();
    }

    @Test
    void pitfall08AVoterThatRestartedKeepsItsPromise() {
        TestReplica voter = new TestReplica(TestReplica.configOf(3, LEASES), rules).holding(new HardState(1, -1, 0), 1);
        assertThat(voter.voteRequest(1, 2, 5, 1, false, false)).isEmpty();
        voter.nowNs += 100 * MS;
        assertThat(one(voter.voteRequest(1, 2, 5, 1, false, false), Sent.VoteReply.class)
                        .granted())
                .isTrue();
    }

    @Test
    void pitfall08ALateRefusalDoesNotMakeAFollowerBreakItsPromise() {
        TestReplica follower = replica(3);
        follower.append(1, 1, 0, 0, 0);
        follower.voteReply(2, 6, false, false);
        follower.reply(2, 6, AppendOutcome.STALE_TERM, 0, 1, 0, -1, 0);
        assertThat(follower.group.term()).isEqualTo(1);
        assertThat(follower.group.leaderNodeId()).isEqualTo(1);
    }

    @Test
    void pitfall09TheLeaseEndsWhenATransferOrAChangeBegins() {
        TestReplica leader = leaseholder();
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(2);
        assertThat(leader.group.holdsLease(leader.nowNs)).isFalse();
        TestReplica other = leaseholder();
        assertThat(other.group.transferLeadership(1, other.nowNs)).isTrue();
        assertThat(other.group.holdsLease(other.nowNs)).isFalse();
        long requestId = to(other.tick(60 * MS), 1, Sent.Append.class).requestId();
        assertThat(other.propose(1)).isEqualTo(RaftGroup.NOT_READY);
        other.accepted(1, 1, requestId);
        requestId = to(other.tick(50 * MS), 1, Sent.Append.class).requestId();
        other.accepted(1, 1, requestId);
        assertThat(other.propose(1)).as("the transfer is given up").isPositive();
        assertThat(other.group.holdsLease(other.nowNs))
                .as("but the target may still stand")
                .isFalse();
    }

    @Test
    void pitfall24SnapshotAndLogChangeInOneStep() {
        TestReplica follower = replica(3);
        follower.append(1, 2, 0, 0, 0, 1, 1, 1);
        Sent.ChunkReply reply = one(follower.chunk(1, 2, 10, 2, 100, 0, 100), Sent.ChunkReply.class);
        assertThat(reply).isEqualTo(new Sent.ChunkReply(1, true, 10, 100, true));
        assertThat(follower.log.firstIndex()).isEqualTo(11);
        assertThat(follower.group.lastIndex()).isEqualTo(10);
        assertThat(follower.group.commitIndex()).isEqualTo(10);
        // Dead before the batch was durable: the snapshot is there, and the log follows it at the next start.
        follower.restart();
        assertThat(follower.group.lastIndex()).isEqualTo(10);
        assertThat(follower.group.commitIndex()).isEqualTo(10);
        assertThat(follower.group.term()).isEqualTo(2);
    }

    @Test
    void pitfall25AnOlderSnapshotOverwritesNothingAndMembersComeWithANewerOne() {
        TestReplica follower = replica(3);
        follower.append(1, 1, 0, 0, 3, 1, 1, 1);
        Sent.ChunkReply reply = one(follower.chunk(1, 1, 2, 1, 100, 0, 100), Sent.ChunkReply.class);
        assertThat(reply.installed()).isTrue();
        assertThat(follower.snapshots.index()).isZero();
        assertThat(follower.group.lastIndex()).isEqualTo(3);
        TestReplica listener =
                new TestReplica(new RaftConfig(7, 0, List.of(), SimCluster.TIMING, SimCluster.LIMITS, 1, 1), rules);
        assertThat(one(listener.chunk(1, 1, 9, 1, 100, 0, 60), Sent.ChunkReply.class))
                .isEqualTo(new Sent.ChunkReply(1, false, 9, 60, false));
        assertThat(one(listener.chunk(1, 1, 9, 1, 100, 30, 70), Sent.ChunkReply.class)
                        .nextOffset())
                .as("not contiguous")
                .isEqualTo(60);
        listener.chunk(1, 1, 9, 1, 100, 60, 40);
        assertThat(listener.group.membership()).isEqualTo(Membership.ofVoters(List.of(0, 1, 2)));
    }

    @Test
    void pitfall26EntriesAfterAStreamedSnapshotAreKept() {
        TestReplica leader =
                replica(3).holding(new HardState(1, -1, 5), 1, 1, 1, 1, 1).leading();
        leader.accepted(1, 6, 1);
        Membership members = leader.group.membership();
        leader.snapshots.take(new MemorySnapshots.Snapshot(4, 1, members, new byte[5000]));
        assertThat(leader.group.compactTo(4, leader.nowNs)).isTrue();
        Sent.Chunk first = to(leader.conflict(2, 1, -1, 1), 2, Sent.Chunk.class);
        assertThat(first).isEqualTo(new Sent.Chunk(2, false, 4, 5000, 0, 4096));
        assertThat(leader.group.streamedSnapshotIndex(leader.nowNs)).isEqualTo(4);
        leader.snapshots.take(new MemorySnapshots.Snapshot(6, 2, members, new byte[10]));
        assertThat(leader.group.compactTo(6, leader.nowNs)).isFalse();
        leader.nowNs += 500 * MS;
        assertThat(leader.group.streamedSnapshotIndex(leader.nowNs))
                .as("a dead peer pins nothing")
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void pitfall31AnEarlierLifeIsNotHeardAndANewerOneHasToShowWhatItHolds() {
        TestReplica leader = replica(3).leading();
        leader.incarnation = 5;
        leader.accepted(1, 1, 1);
        assertThat(leader.group.state().peers.find(1).match()).isEqualTo(1);
        leader.incarnation = 4;
        long last = leader.propose(1);
        leader.durable();
        leader.accepted(1, last, 2);
        assertThat(leader.group.commitIndex()).isEqualTo(1);
        assertThat(leader.group.counters().oldIncarnations()).isEqualTo(1);
        leader.incarnation = 6;
        leader.voteRequest(1, 9, 9, 9, false, false);
        assertThat(leader.group.state().peers.find(1).match()).isZero();
    }

    @Test
    void ancestorAVoteIsNotForgottenWithinItsTerm() {
        TestReplica replica = replica(3);
        replica.voteRequest(1, 1, 0, 0, false, false);
        assertThat(one(replica.voteRequest(2, 1, 9, 1, false, false), Sent.VoteReply.class)
                        .granted())
                .isFalse();
    }

    @Test
    void ancestorAVoteIsNotGivenToAShorterLog() {
        TestReplica replica = replica(3).holding(new HardState(1, -1, 0), 1, 1);
        assertThat(one(replica.voteRequest(1, 2, 1, 1, false, false), Sent.VoteReply.class)
                        .granted())
                .isFalse();
    }
}
