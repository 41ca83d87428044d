package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendOutcome;
import io.grape.raft.core.membership.Membership;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentences of "In Search of an Understandable Consensus Algorithm" (extended version), section by section. */
class RaftPaperTest {
    private static final int ACCEPTED = AppendOutcome.ACCEPTED.value();
    private static final int CONFLICT = AppendOutcome.CONFLICT.value();

    @Nested
    @DisplayName("5.1 Raft basics")
    class Section51 {
        @Test
        void ifOneServersTermIsSmallerItUpdatesToTheLargerValue() {
            TestReplica replica = new TestReplica(3);
            replica.append(1, 5, 0, 0, 0);
            assertThat(replica.group.term()).isEqualTo(5);
            replica.nowNs += 150 * MS;
            replica.voteRequest(2, 8, 0, 0, false, false);
            assertThat(replica.group.term()).isEqualTo(8);
        }

        @Test
        void ifACandidateOrLeaderDiscoversThatItsTermIsOutOfDateItRevertsToFollower() {
            TestReplica leader = new TestReplica(3).leading();
            leader.reply(1, 9, AppendOutcome.STALE_TERM, 0, 1, 0, -1, 0);
            assertThat(leader.group.role()).isEqualTo(Role.FOLLOWER);
            assertThat(leader.group.term()).isEqualTo(9);
            TestReplica candidate = new TestReplica(3);
            candidate.awaitElection();
            candidate.voteReply(1, 1, true, true);
            candidate.voteReply(1, 4, false, false);
            assertThat(candidate.group.role()).isEqualTo(Role.FOLLOWER);
            assertThat(candidate.group.votedFor()).isEqualTo(RaftGroup.NO_NODE);
        }

        @Test
        void ifAServerReceivesARequestWithAStaleTermItRejectsIt() {
            TestReplica replica = new TestReplica(3).holding(new HardState(5, -1, 0));
            assertThat(one(replica.voteRequest(1, 4, 9, 4, false, false), Sent.VoteReply.class)
                            .granted())
                    .isFalse();
            assertThat(one(replica.append(1, 4, 0, 0, 0, 4), Sent.AppendReply.class)
                            .outcome())
                    .isEqualTo(AppendOutcome.STALE_TERM.value());
            assertThat(replica.group.lastIndex()).isZero();
        }
    }

    @Nested
    @DisplayName("5.2 Leader election")
    class Section52 {
        @Test
        void serversBeginAsFollowersAndStayThatForAsLongAsALeaderSpeaks() {
            TestReplica replica = new TestReplica(3);
            assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
            for (int i = 0; i < 50; i++) {
                replica.append(1, 1, 0, 0, 0);
                replica.tick(90 * MS);
                assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
            }
        }

        @Test
        void eachServerVotesForAtMostOneCandidateInATermFirstComeFirstServed() {
            TestReplica replica = new TestReplica(3);
            assertThat(one(replica.voteRequest(2, 1, 0, 0, false, false), Sent.VoteReply.class)
                            .granted())
                    .isTrue();
            assertThat(one(replica.voteRequest(1, 1, 0, 0, false, false), Sent.VoteReply.class)
                            .granted())
                    .isFalse();
            assertThat(one(replica.voteRequest(2, 1, 0, 0, false, false), Sent.VoteReply.class)
                            .granted())
                    .as("asked again")
                    .isTrue();
        }

        @Test
        void aCandidateThatHearsALegitimateLeaderReturnsToFollower() {
            TestReplica candidate = new TestReplica(3);
            candidate.awaitElection();
            candidate.voteReply(1, 1, true, true);
            candidate.append(2, 1, 0, 0, 0);
            assertThat(candidate.group.role()).isEqualTo(Role.FOLLOWER);
            assertThat(candidate.group.leaderNodeId()).isEqualTo(2);
            assertThat(candidate.group.votedFor())
                    .as("the vote of the term stays")
                    .isZero();
        }

        @Test
        void aCandidateThatHearsAnOlderLeaderStaysACandidate() {
            TestReplica candidate = new TestReplica(3).holding(new HardState(4, -1, 0));
            candidate.awaitElection();
            candidate.voteReply(1, 5, true, true);
            candidate.append(2, 4, 0, 0, 0);
            assertThat(candidate.group.role()).isEqualTo(Role.CANDIDATE);
        }

        @Test
        void aSplitVoteTimesOutAndANewElectionBegins() {
            TestReplica candidate = new TestReplica(5);
            candidate.awaitElection();
            candidate.voteReply(1, 1, true, true);
            candidate.voteReply(2, 1, true, true);
            candidate.voteReply(1, 1, true, false);
            candidate.voteReply(3, 1, false, false);
            assertThat(candidate.group.role()).isEqualTo(Role.CANDIDATE);
            candidate.tick(250 * MS);
            assertThat(candidate.group.role()).isEqualTo(Role.PRE_CANDIDATE);
            candidate.voteReply(1, 2, true, true);
            candidate.voteReply(2, 2, true, true);
            assertThat(candidate.group.term()).isEqualTo(2);
        }
    }

    @Nested
    @DisplayName("5.3 Log replication")
    class Section53 {
        @Test
        void anEntryIsCommittedOnceItIsOnAMajorityAndCommitsAllBeforeIt() {
            TestReplica leader =
                    new TestReplica(5).holding(new HardState(2, -1, 0), 1, 2).leading();
            leader.accepted(1, 3, 1);
            assertThat(leader.group.commitIndex()).isZero();
            leader.accepted(2, 3, 1);
            assertThat(leader.group.commitIndex()).isEqualTo(3);
        }

        @ParameterizedTest(name = "figure 7 ({0}): previous {1}@{2} -> outcome {3}")
        @CsvSource({
            "a, '1 1 1 4 4 5 5 6 6', 10, 6, 1",
            "b, '1 1 1 4', 10, 6, 1",
            "c, '1 1 1 4 4 5 5 6 6 6 6', 10, 6, 0",
            "d, '1 1 1 4 4 5 5 6 6 6 7 7', 10, 6, 0",
            "e, '1 1 1 4 4 4 4', 10, 6, 1",
            "f, '1 1 1 2 2 2 3 3 3 3 3', 10, 6, 1",
        })
        void theConsistencyCheckOfFigure7(String name, String terms, long prev, long prevTerm, int outcome) {
            long[] log = java.util.Arrays.stream(terms.split(" "))
                    .mapToLong(Long::parseLong)
                    .toArray();
            TestReplica follower = new TestReplica(3).holding(new HardState(7, -1, 0), log);
            Sent.AppendReply reply = one(follower.append(1, 8, prev, prevTerm, 0, 8), Sent.AppendReply.class);
            assertThat(reply.outcome()).isEqualTo(outcome == 0 ? ACCEPTED : CONFLICT);
            assertThat(follower.group.lastIndex())
                    .as("an accepted entry replaces what conflicts; a refusal removes nothing")
                    .isEqualTo(outcome == 0 ? 11 : log.length);
        }

        @Test
        void aLeaderNeverOverwritesOrDeletesEntriesOfItsOwn() {
            TestReplica leader =
                    new TestReplica(3).holding(new HardState(1, -1, 0), 1, 1).leading();
            long last = leader.group.lastIndex();
            leader.append(1, leader.group.term(), 0, 0, 0, 2);
            assertThat(leader.group.lastIndex()).isEqualTo(last);
            assertThat(leader.group.counters().foreign()).isEqualTo(1);
        }

        @Test
        void aRepeatedAppendChangesNothing() {
            TestReplica follower = new TestReplica(3);
            follower.append(1, 1, 0, 0, 0, 1, 1);
            int staged = follower.log.stagedCount();
            assertThat(one(follower.append(1, 1, 0, 0, 0, 1, 1), Sent.AppendReply.class)
                            .matchIndex())
                    .isEqualTo(2);
            assertThat(follower.log.stagedCount()).isEqualTo(staged);
        }
    }

    @Nested
    @DisplayName("5.4 Safety")
    class Section54 {
        @Test
        void figure8AnEntryOfAnOlderTermOnAMajorityIsNotCommittedUntilOneOfThisTermIs() {
            TestReplica leader =
                    new TestReplica(5).holding(new HardState(3, -1, 1), 1, 2).leading();
            leader.accepted(1, 2, 1);
            leader.accepted(2, 2, 1);
            assertThat(leader.group.commitIndex()).isEqualTo(1);
            leader.accepted(1, 3, 1);
            leader.accepted(2, 3, 1);
            assertThat(leader.group.commitIndex()).isEqualTo(3);
        }
    }

    @Nested
    @DisplayName("6 Cluster membership changes")
    class Section6 {
        @Test
        void agreementNeedsSeparateMajoritiesOfTheOldAndTheNew() {
            TestReplica leader = new TestReplica(3).leading();
            leader.accepted(1, 1, 1);
            leader.accepted(2, 1, 1);
            leader.group.changeMembership(Membership.of(List.of(0, 1, 2), List.of(3, 4)), leader.nowNs);
            leader.durable();
            leader.accepted(1, 2, 2);
            leader.accepted(3, 2, 1);
            leader.accepted(4, 2, 1);
            assertThat(leader.group.changeMembership(Membership.ofVoters(List.of(0, 3, 4)), leader.nowNs))
                    .isEqualTo(3);
            leader.durable();
            leader.accepted(3, 3, 2);
            leader.accepted(4, 3, 2);
            assertThat(leader.group.commitIndex()).as("new ones alone").isEqualTo(2);
            leader.accepted(1, 3, 3);
            assertThat(leader.group.commitIndex()).isEqualTo(3);
            assertThat(leader.group.membership()).isEqualTo(Membership.ofVoters(List.of(0, 3, 4)));
        }

        @Test
        void aJointConfigurationThatANewLeaderFindsInItsLogIsLeftByIt() {
            TestReplica next = new TestReplica(3);
            next.append(1, 1, 0, 0, 1, 1);
            Membership joint = Membership.ofVoters(List.of(0, 1, 2)).towards(Membership.ofVoters(List.of(0, 1)));
            next.appendConfiguration(1, 1, 1, 1, joint);
            next.durable();
            next.leading();
            next.accepted(1, 3, 1);
            assertThat(next.group.commitIndex()).isEqualTo(3);
            assertThat(next.group.membership()).isEqualTo(Membership.ofVoters(List.of(0, 1)));
        }
    }

    @Nested
    @DisplayName("7 Log compaction")
    class Section7 {
        @Test
        void entriesAfterTheSnapshotStayIfTheLogHoldsItsLastEntry() {
            TestReplica follower = new TestReplica(3).holding(new HardState(1, -1, 0), 1, 1, 1, 1, 1);
            follower.chunk(1, 1, 3, 1, 10, 0, 10);
            assertThat(follower.log.firstIndex()).isEqualTo(4);
            assertThat(follower.group.lastIndex()).isEqualTo(5);
            assertThat(follower.group.durableIndex()).isEqualTo(5);
            assertThat(follower.group.commitIndex()).isEqualTo(3);
        }

        @Test
        void theWholeLogIsDiscardedIfItDoesNot() {
            TestReplica follower = new TestReplica(3).holding(new HardState(2, -1, 0), 1, 1, 1, 1, 1);
            follower.chunk(1, 2, 3, 2, 10, 0, 10);
            assertThat(follower.log.firstIndex()).isEqualTo(4);
            assertThat(follower.group.lastIndex()).isEqualTo(3);
        }
    }

    @Nested
    @DisplayName("Thesis 3.10 Leadership transfer")
    class Thesis310 {
        @Test
        void theTargetIsAskedOnceItHasCaughtUpAndStandsAtOnceWithoutAPreVote() {
            TestReplica leader = new TestReplica(3).leading();
            leader.accepted(1, 1, 1);
            leader.propose(1);
            assertThat(leader.group.transferLeadership(0, leader.nowNs)).isFalse();
            assertThat(leader.group.transferLeadership(9, leader.nowNs)).isFalse();
            assertThat(leader.group.transferLeadership(RaftGroup.NO_NODE, leader.nowNs))
                    .isTrue();
            assertThat(only(leader.end(), Sent.TimeoutNow.class)).isEmpty();
            assertThat(leader.propose(1)).isEqualTo(RaftGroup.NOT_READY);
            assertThat(leader.group.changeMembership(Membership.ofVoters(List.of(0)), 0))
                    .isEqualTo(RaftGroup.NOT_READY);
            List<Sent> sent = leader.accepted(1, 2, 3);
            assertThat(one(sent, Sent.TimeoutNow.class)).isEqualTo(new Sent.TimeoutNow(1, false, 1));
            TestReplica target = new TestReplica(3);
            target.append(1, 1, 0, 0, 0, 1, 1);
            assertThat(target.timeoutNow(2, 1)).as("not from its leader").isEmpty();
            List<Sent.VoteRequest> requests = only(target.timeoutNow(1, 1), Sent.VoteRequest.class);
            assertThat(requests).hasSize(2).allMatch(r -> r.transfer() && !r.preVote() && r.onceDurable());
            assertThat(target.group.roleReason()).isEqualTo(RoleReason.TRANSFER);
        }

        @Test
        void aTransferThatDoesNotComeToPassIsGivenUpAfterAnElectionTimeout() {
            TestReplica leader = new TestReplica(3).leading();
            leader.accepted(1, 1, 1);
            leader.group.transferLeadership(2, leader.nowNs);
            leader.end();
            leader.nowNs += 100 * MS;
            leader.accepted(1, 1, 1);
            assertThat(leader.propose(1)).isPositive();
        }
    }
}
