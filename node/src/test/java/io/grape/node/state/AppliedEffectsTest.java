package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppliedEffectsTest {
    @Test
    void remembersTheLastEntriesAndSaysFromWhichOn() {
        AppliedEffects effects = new AppliedEffects();
        assertThat(effects.firstKnown(0)).isOne();
        effects.note(1, true);
        effects.note(2, false);
        assertThat(effects.changed(1)).isTrue();
        assertThat(effects.changed(2)).isFalse();

        effects.reset(1000);
        assertThat(effects.firstKnown(1000)).isEqualTo(1001);
        long end = 1000L + AppliedEffects.CAPACITY;
        for (long index = 1001; index <= end; index++) {
            effects.note(index, index % 3 == 0);
        }
        long first = effects.firstKnown(end);
        assertThat(first).isBetween(end - AppliedEffects.CAPACITY + 2, end - 1000);
        for (long index = first; index <= end; index++) {
            if (effects.changed(index) != (index % 3 == 0)) {
                assertThat(index).as("an entry with another answer").isNegative();
            }
        }
    }
}
