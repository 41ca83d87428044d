package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.membership.Membership;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pitfalls of changing the members. */
class MembershipPitfallsTest extends PitfallTests {
    private static final Membership GROWN = Membership.of(List.of(0, 1, 2), List.of(3));

    @Test
    void pitfall13NoChangeBeforeAnEntryOfTheTermIsCommitted() {
        TestReplica leader = replica(3).leading();
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(RaftGroup.NOT_READY);
        leader.accepted(1, 1, 1);
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(2);
    }

    @Test
    void pitfall13VotersChangeOnlyThroughAJointConfiguration() {
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        leader.group.changeMembership(Membership.ofVoters(List.of(0, 1)), leader.nowNs);
        assertThat(leader.group.membership().isJoint()).isTrue();
        leader.durable();
        assertThat(leader.group.commitIndex()).as("one of the old voters").isEqualTo(1);
    }

    @Test
    void pitfall14OneChangeAtATimeAndTheJointStateIsLeft() {
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        Membership shrunk = Membership.ofVoters(List.of(0, 1));
        assertThat(leader.group.changeMembership(shrunk, leader.nowNs)).isEqualTo(2);
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(RaftGroup.NOT_READY);
        leader.durable();
        leader.accepted(1, 2, 2);
        assertThat(leader.group.membership()).isEqualTo(shrunk);
        assertThat(leader.group.lastIndex()).isEqualTo(3);
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(RaftGroup.NOT_READY);
        leader.durable();
        leader.accepted(1, 3, 3);
        assertThat(leader.group.changeMembership(GROWN, leader.nowNs)).isEqualTo(RaftGroup.NOT_CAUGHT_UP);
    }

    /** Two who move replicas of one group: who looked first and asked last must not undo what the other has done. */
    @Test
    void aChangeThatWasDecidedOnOtherMembersIsRefused() {
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        long looked = leader.group.configurationIndex();
        assertThat(leader.group.changeMembership(GROWN, looked, leader.nowNs)).isEqualTo(2);
        assertThat(leader.group.isMembershipChanging()).isTrue();
        leader.durable();
        leader.accepted(1, 2, 2);
        assertThat(leader.group.isMembershipChanging()).isFalse();
        assertThat(leader.group.mayVote(3)).as("it has not caught up").isFalse();
        Membership stale = Membership.ofVoters(List.of(0, 1));
        assertThat(leader.group.changeMembership(stale, looked, leader.nowNs))
                .isEqualTo(RaftGroup.CONFIGURATION_CHANGED);
        assertThat(leader.group.membership()).isEqualTo(GROWN);
        leader.accepted(3, 2, 2);
        assertThat(leader.group.mayVote(3)).isTrue();
        assertThat(leader.group.changeMembership(
                        Membership.ofVoters(List.of(1, 2, 3)), leader.group.configurationIndex(), leader.nowNs))
                .isEqualTo(3);
    }

    @Test
    void pitfall15AConfigurationIsInForceFromItsAppendAndGoesWithATruncation() {
        TestReplica follower = replica(3);
        follower.append(1, 1, 0, 0, 0, 1);
        follower.appendConfiguration(1, 1, 1, 1, GROWN);
        assertThat(follower.group.membership()).isEqualTo(GROWN);
        follower.durable();
        follower.restart();
        assertThat(follower.group.membership()).isEqualTo(GROWN);
        follower.append(2, 2, 1, 1, 0, 2);
        assertThat(follower.group.membership()).isEqualTo(Membership.ofVoters(List.of(0, 1, 2)));
    }

    @Test
    void pitfall16ALearnerOrARemovedNodeNeitherCampaignsNorCounts() {
        TestReplica learner = replica(3);
        learner.append(1, 1, 0, 0, 0, 1);
        learner.appendConfiguration(1, 1, 1, 1, Membership.of(List.of(1, 2), List.of(0)));
        learner.append(1, 1, 2, 1, 2);
        for (int i = 0; i < 100; i++) {
            assertThat(only(learner.tick(50 * MS), Sent.VoteRequest.class)).isEmpty();
        }
        learner.append(1, 1, 2, 1, 2);
        assertThat(only(learner.timeoutNow(1, 1), Sent.VoteRequest.class)).isEmpty();
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        leader.group.changeMembership(GROWN, leader.nowNs);
        leader.durable();
        leader.accepted(3, 2, 1);
        assertThat(leader.group.commitIndex()).isEqualTo(1);
    }

    @Test
    void pitfall16AVoterThatAloneHoldsItsRemovalStandsAndDoesNotCountItself() {
        TestReplica removed = replica(3);
        removed.append(1, 1, 0, 0, 1, 1);
        removed.appendConfiguration(1, 1, 1, 1, Membership.ofVoters(List.of(1, 2)));
        assertThat(only(removed.awaitElection(), Sent.VoteRequest.class)).hasSize(2);
        removed.voteReply(1, 2, true, true);
        assertThat(removed.group.role()).as("one of two voters").isEqualTo(Role.PRE_CANDIDATE);
        removed.voteReply(2, 2, true, true);
        assertThat(removed.group.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void pitfall17ARemovedLeaderDoesNotCountItselfAndStepsDownOnceTheChangeIsCommitted() {
        TestReplica leader = replica(3).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        assertThat(leader.group.changeMembership(Membership.ofVoters(List.of(1, 2)), leader.nowNs))
                .isEqualTo(2);
        leader.durable();
        leader.accepted(1, 2, 2);
        assertThat(leader.group.commitIndex()).as("one of two new voters").isEqualTo(1);
        leader.accepted(2, 2, 2);
        leader.durable();
        assertThat(leader.group.lastIndex()).isEqualTo(3);
        leader.accepted(1, 3, 3);
        assertThat(leader.group.role()).isEqualTo(Role.LEADER);
        List<Sent> sent = leader.accepted(2, 3, 3);
        assertThat(leader.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.group.roleReason()).isEqualTo(RoleReason.REMOVED);
        assertThat(only(sent, Sent.TimeoutNow.class)).hasSize(1);
    }
}
