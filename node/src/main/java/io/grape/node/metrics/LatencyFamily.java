package io.grape.node.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A Prometheus histogram in seconds over {@link LatencyRecorder}s; recorders with equal labels are added up.
 *
 * <p>Each bucket's bound is exact to two significant digits, as the recorders are. Thread: the scrape's.
 */
final class LatencyFamily implements Collector {
    private static final double NS_PER_S = 1e9;
    private static final double[] BOUNDS_S = {
        0.000_05,
        0.000_1,
        0.000_25,
        0.000_5,
        0.001,
        0.002_5,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        Double.POSITIVE_INFINITY
    };

    private final MetricMetadata metadata;
    private final Supplier<List<Labelled>> recorders;

    /**
     * A recorder and what it stands for.
     *
     * @param labels   of the series it is a part of
     * @param recorder read by the scrape
     */
    record Labelled(Labels labels, LatencyRecorder recorder) {}

    LatencyFamily(String name, String help, Supplier<List<Labelled>> recorders) {
        this.metadata = new MetricMetadata(name, help);
        this.recorders = recorders;
    }

    @Override
    public MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.of(MetricType.HISTOGRAM, metadata);
    }

    @Override
    public MetricSnapshot collect() {
        Map<Labels, Histogram> histograms = new LinkedHashMap<>();
        Map<Labels, Long> sums = new LinkedHashMap<>();
        for (Labelled labelled : recorders.get()) {
            labelled.recorder()
                    .addTo(histograms.computeIfAbsent(labelled.labels(), _ -> LatencyRecorder.newHistogram()));
            sums.merge(labelled.labels(), labelled.recorder().sumNs(), Long::sum);
        }
        List<HistogramDataPointSnapshot> points = histograms.entrySet().stream()
                .map(entry -> HistogramDataPointSnapshot.builder()
                        .labels(entry.getKey())
                        .classicHistogramBuckets(buckets(entry.getValue()))
                        .sum(sums.getOrDefault(entry.getKey(), 0L) / NS_PER_S)
                        .build())
                .toList();
        return new HistogramSnapshot(metadata, points);
    }

    private static ClassicHistogramBuckets buckets(Histogram histogram) {
        Number[] counts = new Number[BOUNDS_S.length];
        long[] found = new long[BOUNDS_S.length];
        for (HistogramIterationValue value : histogram.recordedValues()) {
            double seconds = value.getValueIteratedTo() / NS_PER_S;
            int bucket = 0;
            while (seconds > BOUNDS_S[bucket]) {
                bucket++;
            }
            found[bucket] += value.getCountAddedInThisIterationStep();
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] = found[i];
        }
        return ClassicHistogramBuckets.of(BOUNDS_S, counts);
    }
}
