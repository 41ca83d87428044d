package io.grape.benchmarks.journal;

import com.sun.management.ThreadMXBean;
import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import io.grape.raft.journal.JournalBackEnd;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Compares both back ends of the journal, and Aeron Archive, with a raw loop of write and force on the same disk, in one run, in
 * turns, policy force. Rounds alternate between the contenders, so that what else the machine does hits all alike.
 */
public final class JournalComparison {
    private static final List<Column> COLUMNS = List.of(
            new Column("batches/s", 0),
            new Column("of raw", 2),
            new Column("MB/s", 1),
            new Column("p50 us", 0),
            new Column("p99 us", 0),
            new Column("p99.9 us", 0),
            new Column("B allocated a batch", 1));
    private static final int[] BATCH_BYTES = {4 << 10, 64 << 10, 1 << 20};
    private static final int[] GROUP_COUNTS = {1, 64, 1024};
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final int ROUNDS = 4;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private JournalComparison() {}

    /** What one contender did in all its rounds. */
    private static final class Tally {
        private final Histogram latencyNs = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        private long batches;
        private long elapsedNs;
        private long allocatedBytes;

        private double batchesPerSecond() {
            return batches * 1e9 / elapsedNs;
        }
    }

    /**
     * Runs the comparison.
     *
     * @param directory on the disk to measure; what is made there is removed
     * @param seconds   for each cell, all its rounds together
     * @throws IOException if the disk fails
     */
    public static List<Report> run(Path directory, double seconds) throws IOException {
        Files.createDirectories(directory);
        List<Report> reports = new ArrayList<>();
        for (int batchBytes : BATCH_BYTES) {
            reports.add(compare(directory, batchBytes, seconds));
        }
        return reports;
    }

    private static Report compare(Path directory, int batchBytes, double seconds) throws IOException {
        Report report = new Report("Journal, batches of " + (batchBytes >> 10) + " KiB", COLUMNS)
                .facts(Machine.describe(directory))
                .fact("policy", "force: a batch counts when it is on disk")
                .fact("entries", "512 B; one producer; segments of " + (SEGMENT_BYTES >> 20) + " MiB")
                .fact(
                        "forced by a thread of its own",
                        "as in a node: a batch is written while the one before is forced; the time is that of a call, "
                                + "which ends when the batch before is on disk")
                .fact("rounds", ROUNDS + " in turns, " + seconds + " s a row in all");
        List<Contender> contenders = new ArrayList<>();
        try {
            contenders.add(RawLoop.open(directory, SEGMENT_BYTES, batchBytes));
            for (JournalBackEnd backEnd : JournalBackEnd.values()) {
                for (int groups : GROUP_COUNTS) {
                    contenders.add(JournalLoop.open(directory, backEnd, SEGMENT_BYTES, groups, batchBytes));
                }
            }
            for (int groups : GROUP_COUNTS) {
                contenders.add(PipelinedLoop.open(directory, SEGMENT_BYTES, groups, batchBytes));
            }
            List<Tally> tallies = new ArrayList<>();
            measure(contenders, tallies, seconds);
            // The archive's threads yield rather than park, so they run only in turns of their own.
            for (int syncLevel = 1; syncLevel <= 2; syncLevel++) {
                try (ArchiveLoop archive = ArchiveLoop.open(directory, syncLevel, SEGMENT_BYTES, batchBytes)) {
                    List<Contender> pair = List.of(contenders.getFirst(), archive);
                    List<Tally> pairTallies = new ArrayList<>();
                    measure(pair, pairTallies, seconds);
                    add(
                            report,
                            contenders.getFirst().name() + ", beside the archive",
                            pairTallies.get(0),
                            pairTallies.get(0),
                            batchBytes);
                    add(report, archive.name(), pairTallies.get(1), pairTallies.get(0), batchBytes);
                }
            }
            for (int i = 0; i < contenders.size(); i++) {
                add(report, contenders.get(i).name(), tallies.get(i), tallies.getFirst(), batchBytes);
            }
            return report;
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
        }
    }

    private static void measure(List<Contender> contenders, List<Tally> tallies, double seconds) throws IOException {
        for (Contender contender : contenders) {
            run(contender, seconds / 4, new Tally());
            tallies.add(new Tally());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                run(contenders.get(i), seconds / ROUNDS, tallies.get(i));
            }
        }
    }

    private static void run(Contender contender, double seconds, Tally tally) throws IOException {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long nowNs = start;
        while (nowNs < end) {
            contender.batch();
            long doneNs = System.nanoTime();
            tally.latencyNs.recordValue(doneNs - nowNs);
            tally.batches++;
            nowNs = doneNs;
        }
        tally.elapsedNs += nowNs - start;
        tally.allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - allocated;
    }

    private static void add(Report report, String name, Tally tally, Tally raw, int batchBytes) {
        report.row(
                name,
                tally.batchesPerSecond(),
                tally.batchesPerSecond() / raw.batchesPerSecond(),
                tally.batchesPerSecond() * batchBytes / 1e6,
                tally.latencyNs.getValueAtPercentile(50) / 1e3,
                tally.latencyNs.getValueAtPercentile(99) / 1e3,
                tally.latencyNs.getValueAtPercentile(99.9) / 1e3,
                (double) tally.allocatedBytes / tally.batches);
    }
}
