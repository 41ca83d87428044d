package io.grape.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final CachedNanoClock clock = new CachedNanoClock();

    @Test
    void pointsAreLetThroughEvenlyAndWhatWasNotUsedIsNotSavedUp() {
        Pace pace = new Pace(clock, 100);
        assertThat(pace.reserve(50)).isZero();
        assertThat(pace.reserve(50)).isEqualTo(SECOND / 2);
        assertThat(pace.reserve(50)).isEqualTo(SECOND);
        clock.update(100 * SECOND);
        assertThat(pace.reserve(1)).isZero();
        assertThat(pace.reserve(1)).isEqualTo(SECOND / 100);
        pace.rate(Double.POSITIVE_INFINITY);
        clock.update(200 * SECOND);
        assertThat(pace.reserve(1_000_000)).isZero();
        assertThat(pace.reserve(1_000_000)).isZero();
        assertThat(pace.await(5)).isFalse();
    }

    @Test
    void writingIsSlowedAtOnceAndQuickenedLittleByLittle() {
        LatencyBudget budget = new LatencyBudget(2_000_000, Double.POSITIVE_INFINITY);
        assertThat(budget.judge(1_000_000, 50_000)).isInfinite();
        assertThat(budget.judge(3_000_000, 50_000)).isEqualTo(35_000);
        assertThat(budget.judge(3_000_000, 35_000)).isEqualTo(24_500);
        assertThat(budget.judge(2_000_000, 24_500)).isEqualTo(24_500 * 1.1);
        for (int i = 0; i < 100; i++) {
            budget.judge(9_000_000, 100);
        }
        assertThat(budget.judge(9_000_000, 0)).isEqualTo(LatencyBudget.LEAST_POINTS_PER_SECOND);
        LatencyBudget bounded = new LatencyBudget(2_000_000, 1000);
        assertThat(bounded.judge(3_000_000, 900)).isEqualTo(630);
        for (int i = 0; i < 100; i++) {
            bounded.judge(1, 630);
        }
        assertThat(bounded.judge(1, 630)).isEqualTo(1000);
    }

    @Test
    void theProgressTellsRateAndTimeLeft() {
        StringWriter text = new StringWriter();
        IngestProgress bar = new IngestProgress(new PrintWriter(text), true, 0);
        bar.update(0, 0, 0, 0);
        bar.update(10 * SECOND, 0.25, 5_000, 3);
        bar.finish();
        assertThat(text.toString())
                .contains("[########......................]  25.0 %  5,000 points  500/s  0:30 left  3 rejected")
                .endsWith(System.lineSeparator());
        IngestProgress plain = new IngestProgress(new PrintWriter(text), false, 0);
        text.getBuffer().setLength(0);
        plain.update(SECOND, 0.5, 1, 0);
        assertThat(text.toString()).isEmpty();
        plain.update(20_000 * SECOND, 0.75, 20_000, 0);
        plain.finish();
        assertThat(text.toString()).contains("75.0 %").contains("5:33:20 left").doesNotContain("\r[");
    }
}
