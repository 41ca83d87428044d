package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientWindowTest {
    private final ClientWindow window = new ClientWindow();

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
        window.acknowledge(10, 50);
        window.acknowledge(4, 51);
        assertThat(window.isAcknowledged(10)).isTrue();
        assertThat(window.isAcknowledged(11)).isFalse();
        assertThat(window.lastUsedIndex()).isEqualTo(51);
    }

    @Test
    void aPlaceIsUsedAgainOnlyBelowTheMark() {
        window.put(1, 100, 1, (short) 0);
        assertThat(window.isBeyond(1 + ClientWindow.LENGTH)).isTrue();
        window.acknowledge(1, 100);
        assertThat(window.isBeyond(1 + ClientWindow.LENGTH)).isFalse();
        window.put(1 + ClientWindow.LENGTH, 200, 2, (short) 0);
        assertThat(window.holds(1)).isFalse();
        assertThat(window.isAcknowledged(1)).isTrue();
    }

    @Test
    void theTableForgetsTheClientThatWroteLongestAgo() {
        ClientTable table = new ClientTable(3);
        for (long client = 1; client <= 3; client++) {
            table.window(client).acknowledge(5, client * 10);
        }
        table.window(1).acknowledge(6, 100);
        table.window(4).acknowledge(1, 101);
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.window(1).isAcknowledged(6)).isTrue();
        assertThat(table.window(3).isAcknowledged(5)).isTrue();
        assertThat(table.window(2).isAcknowledged(5)).isFalse();
    }
}
