package io.grape.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.metrics.LatencyFamily.Labelled;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private static final long MS = 1_000_000;

    @Test
    void whatWasNotedIsThereInEveryScrape() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(3 * MS);
        assertThat(counted(recorder)).isEqualTo(1);
        assertThat(counted(recorder)).isEqualTo(1);
        recorder.record(5 * MS);
        assertThat(counted(recorder)).isEqualTo(2);
        assertThat(recorder.sumNs()).isEqualTo(8 * MS);
    }

    @Test
    void whatIsOutsideCountsAsTheNearestEnd() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(-1);
        recorder.record(Long.MAX_VALUE / 2);
        assertThat(counted(recorder)).isEqualTo(2);
        assertThat(recorder.sumNs()).isEqualTo(Long.MAX_VALUE / 2);
    }

    @Test
    void bucketsHoldWhatIsAtMostTheirBound() {
        LatencyRecorder first = new LatencyRecorder();
        LatencyRecorder second = new LatencyRecorder();
        first.record(40_000);
        first.record(2 * MS);
        second.record(2 * MS);
        second.record(30_000 * MS);
        LatencyFamily family = new LatencyFamily(
                "t_seconds",
                "help",
                () -> List.of(
                        new Labelled(Labels.of("kind", "a"), first),
                        new Labelled(Labels.of("kind", "a"), second),
                        new Labelled(Labels.of("kind", "b"), first)));
        HistogramSnapshot snapshot = (HistogramSnapshot) family.collect();
        assertThat(snapshot.getDataPoints()).hasSize(2);
        HistogramDataPointSnapshot a = snapshot.getDataPoints().getFirst();
        ClassicHistogramBuckets buckets = a.getClassicBuckets();
        assertThat(buckets.getUpperBound(0)).isEqualTo(0.000_05);
        assertThat(buckets.getCount(0)).isEqualTo(1);
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.getUpperBound(i) == 0.002_5) {
                assertThat(buckets.getCount(i)).isEqualTo(2);
            }
        }
        assertThat(buckets.getUpperBound(buckets.size() - 1)).isInfinite();
        assertThat(buckets.getCount(buckets.size() - 1)).isEqualTo(1);
        assertThat(a.getSum()).isEqualTo(30.004_04);
    }

    private static long counted(LatencyRecorder recorder) {
        Histogram sum = LatencyRecorder.newHistogram();
        recorder.addTo(sum);
        return sum.getTotalCount();
    }
}
