package io.grape.node.demo;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The figures of one run, and how they are printed. */
record Report(
        int nodes,
        String syncPolicy,
        Ingest.Result ingest,
        int dimension,
        Histogram linearizable,
        Histogram local,
        FailoverShow.Result failover) {
    void print(DemoOutput out) {
        out.line("nodes                 %d on loopback, all on this machine", nodes);
        out.line("sync policy           %s: %s", syncPolicy, meaning(syncPolicy));
        out.line(
                "ingestion             %,.0f points/s (%,d points of %d components in %,d ms)",
                ingest.pointsPerSecond(),
                ingest.acknowledged().cardinality(),
                dimension,
                TimeUnit.NANOSECONDS.toMillis(ingest.elapsedNs()));
        out.line("search, linearizable  %s", percentiles(linearizable));
        out.line("search, local         %s", percentiles(local));
        out.line(
                "failover              %d ms between two acknowledged writes; %,d acknowledged, %,d of unknown outcome",
                TimeUnit.NANOSECONDS.toMillis(failover.gapNs()),
                failover.acknowledged().cardinality(),
                failover.unknown());
    }

    private static String percentiles(Histogram histogram) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms (%,d searches, one at a time)",
                histogram.getValueAtPercentile(50) / 1e6,
                histogram.getValueAtPercentile(99) / 1e6,
                histogram.getValueAtPercentile(99.9) / 1e6,
                histogram.getTotalCount());
    }

    private static String meaning(String policy) {
        return switch (policy) {
            case "force" -> "a write is acknowledged once a majority has forced it to disk";
            case "async" -> "a write is acknowledged before it is forced; a power cut may lose the last milliseconds";
            case "none" -> "writes stay in the page cache until the system writes them";
            default -> "as the nodes named it";
        };
    }
}
