package io.grape.transport.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededLinkFaultsTest {
    private static final SeededLinkFaults.Rates RATES = new SeededLinkFaults.Rates(100, 50, 200, 1_000);

    private static List<Long> fates(long seed, int messages) {
        SeededLinkFaults faults = new SeededLinkFaults(seed, RATES);
        List<Long> fates = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            int copies = faults.copies(1);
            fates.add((long) copies);
            for (int copy = 0; copy < copies; copy++) {
                fates.add(faults.delayNs(1));
            }
        }
        return fates;
    }

    @Test
    void sameSeedMeetsTheSameFatesAndAnotherSeedOthers() {
        assertThat(fates(42, 500)).isEqualTo(fates(42, 500)).isNotEqualTo(fates(43, 500));
    }

    @Test
    void ratesAreMetAndDelaysAreBounded() {
        SeededLinkFaults faults = new SeededLinkFaults(7, RATES);
        int[] copies = new int[3];
        int delayed = 0;
        for (int i = 0; i < 10_000; i++) {
            copies[faults.copies(1)]++;
            long delayNs = faults.delayNs(1);
            assertThat(delayNs).isBetween(0L, RATES.maxDelayNs());
            delayed += delayNs > 0 ? 1 : 0;
        }
        assertThat(copies[0]).isBetween(850, 1150);
        assertThat(copies[2]).isBetween(350, 550);
        assertThat(delayed).isBetween(1850, 2150);
    }

    @Test
    void cutLosesEverythingToOnePeerUntilItIsMended() {
        SeededLinkFaults faults = new SeededLinkFaults(7, SeededLinkFaults.Rates.NONE);
        faults.cut(2);
        assertThat(faults.copies(2)).isZero();
        assertThat(faults.copies(3)).isEqualTo(1);
        faults.mend(2);
        assertThat(faults.copies(2)).isEqualTo(1);
        faults.rates(new SeededLinkFaults.Rates(1000, 0, 0, 1));
        assertThat(faults.copies(2)).isZero();
    }

    @Test
    void withoutFaultsEveryMessagePassesOnceAndAtOnce() {
        assertThat(LinkFaults.NONE.copies(1)).isEqualTo(1);
        assertThat(LinkFaults.NONE.delayNs(1)).isZero();
    }

    @Test
    void ratesOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> new SeededLinkFaults.Rates(1001, 0, 0, 1)).hasMessageContaining("dropPerMille");
        assertThatThrownBy(() -> new SeededLinkFaults.Rates(0, -1, 0, 1)).hasMessageContaining("duplicatePerMille");
        assertThatThrownBy(() -> new SeededLinkFaults.Rates(0, 0, 0, 0)).hasMessageContaining("maxDelayNs");
    }
}
