package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaderTrackerTest {
    private final LeaderTracker leader = new LeaderTracker();

    @Test
    void wordOfAnOlderTermIsNotBelieved() {
        assertThat(leader.onWord(1, 5)).isTrue();
        assertThat(leader.onWord(2, 4)).isFalse();
        assertThat(leader.nodeId()).isEqualTo(1);
        assertThat(leader.onWord(-1, 6)).isFalse();
        assertThat(leader.onWord(1, 6)).isFalse();
        assertThat(leader.onWord(2, 7)).isTrue();
    }

    @Test
    void refusalCountsOnlyFromTheOneThatIsBelievedToLead() {
        leader.onWord(1, 5);
        assertThat(leader.onRefusal(2, 3)).isFalse();
        assertThat(leader.onRefusal(1, 3)).isTrue();
        assertThat(leader.nodeId()).isEqualTo(3);
        assertThat(leader.onRefusal(3, 3)).isTrue();
        assertThat(leader.nodeId()).isEqualTo(LeaderTracker.UNKNOWN);
    }

    @Test
    void forgottenLeaderIsBelievedAgainInItsTerm() {
        leader.onWord(1, 5);
        leader.forget();
        assertThat(leader.nodeId()).isEqualTo(LeaderTracker.UNKNOWN);
        assertThat(leader.onWord(1, 5)).isTrue();
    }
}
