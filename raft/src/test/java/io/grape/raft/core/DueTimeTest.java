package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An owner that calls a replica only when something is due sees what one sees that calls it all the time. */
class DueTimeTest {
    @Test
    void aFollowerIsDueWhenItsElectionIs() {
        TestReplica follower = new TestReplica(3);
        long due = follower.group.nextDueNs();
        assertThat(follower.tick(due - 1)).isEmpty();
        assertThat(follower.tick(1)).hasSize(2).allMatch(sent -> sent instanceof Sent.VoteRequest);
    }

    @Test
    void aLeaderIsDueExactlyWhenItSends() {
        TestReplica leader = new TestReplica(3).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        int sends = 0;
        for (int i = 0; i < 200; i++) {
            if (i % 40 == 7) {
                leader.propose(10);
                leader.end();
            }
            long due = leader.group.nextDueNs();
            assertThat(due).isGreaterThan(leader.nowNs);
            if (due > leader.nowNs + MS) {
                assertThat(leader.tick(MS))
                        .as("at %d, due at %d", leader.nowNs, due)
                        .isEmpty();
            } else {
                List<Sent> sent = leader.tick(due - leader.nowNs);
                sends += sent.isEmpty() ? 0 : 1;
                assertThat(sent.isEmpty()).isEqualTo(leader.group.role() != Role.LEADER);
            }
            if (leader.group.role() != Role.LEADER) {
                break;
            }
        }
        assertThat(sends).as("heartbeats and repeats").isGreaterThan(3);
        assertThat(leader.group.roleReason()).isEqualTo(RoleReason.QUORUM_LOST);
    }

    @Test
    void aSingleVoterIsNeverDue() {
        TestReplica alone = new TestReplica(1);
        alone.awaitElection();
        alone.durable();
        assertThat(alone.group.role()).isEqualTo(Role.LEADER);
        assertThat(alone.group.nextDueNs()).isEqualTo(Long.MAX_VALUE);
    }
}
