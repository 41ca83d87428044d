package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientWindowTest {
    private final ClientWindow window = new ClientWindow(1, 0);

    @Test
    void remembersOutcomesInAnyOrderOfSequences() {
        window.put(3, 103, 7, (short) 0);
        window.put(1, 104, 1, (short) 64);
        assertThat(window.holds(3)).isTrue();
        assertThat(window.holds(2)).isFalse();
        assertThat(window.index(3)).isEqualTo(103);
        assertThat(window.changed(3)).isEqualTo(7);
        assertThat(window.code(1)).isEqualTo((short) 64);
    }

    @Test
    void theMarkNeverFalls() {
        window.acknowledge(10);
        window.acknowledge(4);
        assertThat(window.isAcknowledged(10)).isTrue();
        assertThat(window.isAcknowledged(11)).isFalse();
    }

    @Test
    void aPlaceIsUsedAgainOnlyBelowTheMark() {
        window.put(1, 100, 1, (short) 0);
        assertThat(window.isBeyond(1 + ClientWindow.LENGTH)).isTrue();
        window.acknowledge(1);
        assertThat(window.isBeyond(1 + ClientWindow.LENGTH)).isFalse();
        window.put(1 + ClientWindow.LENGTH, 200, 2, (short) 0);
        assertThat(window.holds(1)).isFalse();
        assertThat(window.isAcknowledged(1)).isTrue();
    }

    @Test
    void theHashIsThatOfWhatCanStillBeAskedFor() {
        ClientWindow other = new ClientWindow(1, 0);
        window.put(1, 100, 7, (short) 0);
        window.put(2, 101, 1, (short) 3);
        other.put(2, 101, 1, (short) 3);
        assertThat(window.hash()).isNotEqualTo(other.hash());
        window.acknowledge(1);
        other.acknowledge(1);
        assertThat(window.hash()).isEqualTo(other.hash());
        window.acknowledge(1_000);
        other.acknowledge(1_000);
        window.put(1_001, 200, 1, (short) 0);
        assertThat(window.hash()).isNotEqualTo(other.hash());
        other.put(1_001, 200, 1, (short) 0);
        assertThat(window.hash()).isEqualTo(other.hash());
        window.used(200, 5);
        assertThat(window.hash()).isNotEqualTo(other.hash());
    }
}
