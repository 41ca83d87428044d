package io.grape.raft.core.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeLivenessTest {
    private final NodeLiveness liveness = new NodeLiveness(100, 20);

    @Test
    void aPeerIsLostOnceAndOnlyAfterItWasHeard() {
        int peer = liveness.learn(7);
        assertThat(liveness.takeLost(peer, 1_000_000)).as("never heard").isFalse();
        liveness.heard(7, 1, 0, true, 50);
        assertThat(liveness.takeLost(peer, 150)).isFalse();
        assertThat(liveness.takeLost(peer, 151)).isTrue();
        assertThat(liveness.takeLost(peer, 152)).as("told already").isFalse();
        liveness.heard(7, 1, 0, true, 200);
        assertThat(liveness.takeLost(peer, 301)).as("lost again").isTrue();
    }

    @Test
    void onlyANewerLifeIsARestartAndAnOlderOneIsNoSignOfLife() {
        assertThat(liveness.heard(7, 5, 0, true, 0)).as("the first word").isFalse();
        assertThat(liveness.heard(7, 5, 0, true, 10)).isFalse();
        assertThat(liveness.heard(7, 6, 0, true, 20)).isTrue();
        assertThat(liveness.heard(7, 6, 0, true, 30)).isFalse();
        assertThat(liveness.heard(7, 5, 0, false, 90)).isFalse();
        assertThat(liveness.takeAnswerOwed(liveness.learn(7))).isFalse();
        assertThat(liveness.takeLost(liveness.learn(7), 131)).isTrue();
    }

    @Test
    void aFrameIsOwedOneAnswerAndAnAnswerNone() {
        liveness.heard(7, 1, 0, false, 0);
        liveness.heard(7, 1, 0, false, 1);
        int peer = liveness.learn(7);
        assertThat(liveness.takeAnswerOwed(peer)).isTrue();
        assertThat(liveness.takeAnswerOwed(peer)).isFalse();
        liveness.heard(7, 1, 0, true, 2);
        assertThat(liveness.takeAnswerOwed(peer)).isFalse();
    }

    @Test
    void aFrameIsDueOnceAnInterval() {
        int peer = liveness.learn(7);
        assertThat(liveness.isFrameDue(peer, -1_000)).isTrue();
        liveness.frameSent(peer, 100);
        assertThat(liveness.isFrameDue(peer, 119)).isFalse();
        assertThat(liveness.isFrameDue(peer, 120)).isTrue();
    }

    @Test
    void everyPeerHasItsOwnPlace() {
        for (int node = 0; node < 100; node++) {
            assertThat(liveness.learn(node * 3)).isEqualTo(node);
        }
        for (int node = 0; node < 100; node++) {
            assertThat(liveness.learn(node * 3)).isEqualTo(node);
            assertThat(liveness.nodeId(node)).isEqualTo(node * 3);
        }
        assertThat(liveness.count()).isEqualTo(100);
    }

    @Test
    void anotherDiskOfTheSameNameIsAnotherLife() {
        liveness.heard(7, 5, 71, true, 0);
        assertThat(liveness.heard(7, 1, 72, true, 10)).isTrue();
        assertThat(liveness.heard(7, 1, 72, true, 20)).isFalse();
    }
}
