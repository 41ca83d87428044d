package io.grape.benchmarks.journal;

import com.sun.management.ThreadMXBean;
import io.grape.raft.journal.JournalBackEnd;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Compares both back ends of the journal with a raw loop of write and force, in one run, in turns, one thread, policy force.
 *
 * <p>Arguments: a directory on the disk to measure, a file for the table, and seconds for each measurement (2). Every cell is
 * measured in several rounds that alternate between the contenders, so that what else the machine does hits all alike.
 */
public final class JournalComparison {
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

    /** Runs the comparison. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 2;
        Files.createDirectories(directory);
        try (PrintWriter table = new PrintWriter(Path.of(args[1]).toFile(), StandardCharsets.UTF_8)) {
            table.printf(
                    Locale.ROOT,
                    "| batch | contender | batches/s | of raw | MB/s | p50 us | p99 us | p99.9 us | B allocated a batch |%n"
                            + "|---|---|---|---|---|---|---|---|---|%n");
            for (int batchBytes : BATCH_BYTES) {
                compare(directory, batchBytes, seconds, table);
                table.flush();
            }
        }
    }

    private static void compare(Path directory, int batchBytes, double seconds, PrintWriter table) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        try {
            contenders.add(RawLoop.open(directory, SEGMENT_BYTES, batchBytes));
            for (JournalBackEnd backEnd : JournalBackEnd.values()) {
                for (int groups : GROUP_COUNTS) {
                    contenders.add(JournalLoop.open(directory, backEnd, SEGMENT_BYTES, groups, batchBytes));
                }
            }
            List<Tally> tallies = new ArrayList<>();
            for (Contender contender : contenders) {
                run(contender, seconds / 4, new Tally());
                tallies.add(new Tally());
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < contenders.size(); i++) {
                    run(contenders.get(i), seconds / ROUNDS, tallies.get(i));
                }
            }
            for (int i = 0; i < contenders.size(); i++) {
                print(table, batchBytes, contenders.get(i), tallies.get(i), tallies.getFirst());
            }
        } finally {
            for (Contender contender : contenders) {
                contender.close();
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

    private static void print(PrintWriter table, int batchBytes, Contender contender, Tally tally, Tally raw) {
        table.printf(
                Locale.ROOT,
                "| %d KiB | %s | %.0f | %.2f | %.1f | %.0f | %.0f | %.0f | %.1f |%n",
                batchBytes >> 10,
                contender.name(),
                tally.batchesPerSecond(),
                tally.batchesPerSecond() / raw.batchesPerSecond(),
                tally.batchesPerSecond() * batchBytes / 1e6,
                tally.latencyNs.getValueAtPercentile(50) / 1e3,
                tally.latencyNs.getValueAtPercentile(99) / 1e3,
                tally.latencyNs.getValueAtPercentile(99.9) / 1e3,
                (double) tally.allocatedBytes / tally.batches);
    }
}
