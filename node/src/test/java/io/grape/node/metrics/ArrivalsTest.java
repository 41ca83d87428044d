package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.sbe.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void aRequestIsFoundByItsSessionAndCorrelation() {
        Arrivals arrivals = new Arrivals(64);
        arrivals.put(7, 100, 5_000, 2);
        long found = arrivals.find(7, 100);
        assertThat(Arrivals.kind(found)).isEqualTo(2);
        assertThat(Arrivals.elapsedNs(found, 9_000)).isEqualTo(4_000);
        assertThat(arrivals.find(7, 101)).isEqualTo(Arrivals.UNKNOWN);
        assertThat(arrivals.find(8, 100)).isEqualTo(Arrivals.UNKNOWN);
    }

    @Test
    void aClockThatIsFarFromZeroIsTimedAllTheSame() {
        Arrivals arrivals = new Arrivals(1);
        for (long nowNs : new long[] {Long.MAX_VALUE - 10, -5, 0, Long.MIN_VALUE + 3, 1L << 60}) {
            arrivals.put(1, 1, nowNs, 4);
            assertThat(Arrivals.elapsedNs(arrivals.find(1, 1), nowNs + 77)).isEqualTo(77);
        }
    }

    @Test
    void aLaterRequestInTheSameSlotTakesItsPlace() {
        Arrivals arrivals = new Arrivals(1);
        arrivals.put(1, 1, 10, 0);
        arrivals.put(1, 2, 20, 0);
        assertThat(arrivals.find(1, 1)).isEqualTo(Arrivals.UNKNOWN);
        assertThat(Arrivals.elapsedNs(arrivals.find(1, 2), 25)).isEqualTo(5);
    }

    @Test
    void onlyPowersOfTwoAreTaken() {
        assertThatThrownBy(() -> new Arrivals(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyErrorCodeHasACounterOfItsOwn() {
        assertThat(Stream.of(ErrorCode.values())
                        .filter(code -> code != ErrorCode.NULL_VAL && code != ErrorCode.SBE_UNKNOWN))
                .allMatch(code -> code.value() >= 0 && code.value() < 256);
    }
}
