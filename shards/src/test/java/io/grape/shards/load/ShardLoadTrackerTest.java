package io.grape.shards.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grape.codecs.GrapeException;
import org.junit.jupiter.api.Test;

class ShardLoadTrackerTest {
    private static final long S = 1_000_000_000L;
    private final ShardLoadTracker tracker = new ShardLoadTracker(4, 0);

    @Test
    void aSteadyLoadIsItsRateOverBothHorizons() {
        for (int second = 1; second <= 100; second++) {
            work(2, 50);
            tracker.sample(second * S);
        }
        assertThat(tracker.shortRate(2, LoadMeasure.WRITES)).isCloseTo(50, within(1e-6));
        assertThat(tracker.longRate(2, LoadMeasure.WRITES)).isCloseTo(50, within(1e-6));
        assertThat(tracker.longRate(2, LoadMeasure.BYTES)).isCloseTo(5000, within(1e-3));
        assertThat(tracker.longRate(2, LoadMeasure.READS)).isCloseTo(50, within(1e-6));
        assertThat(tracker.longRate(2, LoadMeasure.CPU_NS)).isCloseTo(1500, within(1e-3));
        assertThat(tracker.longRates(LoadMeasure.WRITES)).hasSize(4);
        assertThat(tracker.longRate(1, LoadMeasure.WRITES)).isZero();
    }

    @Test
    void aBurstShowsAtOnceInTheShortRateAndHardlyInTheLongOne() {
        tracker.sample(S);
        work(0, 1000);
        tracker.sample(2 * S);
        assertThat(tracker.shortRate(0, LoadMeasure.WRITES)).isCloseTo(1000 * (1 - Math.exp(-0.1)), within(1e-6));
        assertThat(tracker.longRate(0, LoadMeasure.WRITES)).isCloseTo(1000 * (1 - Math.exp(-1 / 300.0)), within(1e-6));
    }

    @Test
    void irregularSamplingDoesNotBendTheRate() {
        ShardLoadTracker rare = new ShardLoadTracker(1, 0);
        ShardLoadTracker often = new ShardLoadTracker(1, 0);
        rare.sample(S);
        often.sample(S);
        for (int second = 2; second <= 21; second++) {
            for (int i = 0; i < 10; i++) {
                rare.onRead(0, 0);
                often.onRead(0, 0);
            }
            often.sample(second * S);
        }
        rare.sample(21 * S);
        assertThat(rare.shortRate(0, LoadMeasure.READS)).isCloseTo(often.shortRate(0, LoadMeasure.READS), within(1e-9));
    }

    @Test
    void aSampleWithoutTimeInBetweenDoesNothing() {
        work(0, 10);
        tracker.sample(0);
        tracker.sample(-5);
        assertThat(tracker.shortRate(0, LoadMeasure.WRITES)).isZero();
        tracker.sample(S);
        assertThat(tracker.shortRate(0, LoadMeasure.WRITES)).isEqualTo(10);
    }

    @Test
    void aTrackerWithoutShardsIsRefused() {
        assertThatThrownBy(() -> new ShardLoadTracker(0, 0)).isInstanceOf(GrapeException.class);
    }

    private void work(int shard, int times) {
        for (int i = 0; i < times; i++) {
            tracker.onWrite(shard, 100, 20);
            tracker.onRead(shard, 10);
        }
    }
}
