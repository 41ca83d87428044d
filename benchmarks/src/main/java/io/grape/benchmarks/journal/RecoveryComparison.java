package io.grape.benchmarks.journal;

import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How fast a journal is recovered, beside a plain read of the same files, in turns, from the page cache: what is compared is the
 * work, not the disk.
 */
public final class RecoveryComparison {
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final int ENTRY_BYTES = 512;
    private static final int ROUNDS = 5;
    private static final List<Column> COLUMNS =
            List.of(new Column("MB/s best", 0), new Column("MB/s median", 0), new Column("entries/s median", 0));

    private RecoveryComparison() {}

    /**
     * Writes a journal of about so many bytes, then reads and recovers it several times.
     *
     * @param directory made and removed; on the disk to measure
     * @throws IOException if the disk fails
     */
    public static Report run(Path directory, long journalBytes) throws IOException {
        Path journalDirectory = Files.createDirectories(directory).resolve("recovery");
        try {
            long entries = write(journalDirectory, journalBytes);
            long bytes = read(journalDirectory);
            double[] readSeconds = new double[ROUNDS];
            double[] recoverSeconds = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                read(journalDirectory);
                readSeconds[round] = (System.nanoTime() - start) / 1e9;
                start = System.nanoTime();
                recover(journalDirectory, entries);
                recoverSeconds[round] = (System.nanoTime() - start) / 1e9;
            }
            Report report = new Report("Journal recovery beside a plain read of the same files", COLUMNS)
                    .facts(Machine.describe(directory))
                    .fact("files", bytes + " bytes, " + entries + " entries of " + ENTRY_BYTES + " B, one group")
                    .fact("rounds", ROUNDS + ", in turns, page cache warm");
            row(report, "plain read, 1 MiB at a time", bytes, Double.NaN, readSeconds);
            row(report, "Journal.open: every checksum, every index", bytes, (double) entries, recoverSeconds);
            return report;
        } finally {
            delete(journalDirectory);
        }
    }

    private static void row(Report report, String name, long bytes, double entries, double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        report.row(name, (double) bytes / sorted[0] / 1e6, (double) bytes / median / 1e6, entries / median);
    }

    private static JournalConfig config(Path directory) {
        return JournalConfig.defaults(directory, 1, 0).withSizes(SEGMENT_BYTES, 4 << 20, 1 << 20);
    }

    private static long write(Path directory, long journalBytes) {
        UnsafeBuffer payload = new UnsafeBuffer(new byte[ENTRY_BYTES]);
        try (Journal journal = Journal.open(config(directory))) {
            GroupLog group = journal.group(0);
            long index = 0;
            while (index * ENTRY_BYTES < journalBytes) {
                for (int i = 0; i < 128; i++) {
                    group.append(++index, 1, (short) 1, payload, 0, ENTRY_BYTES);
                }
                journal.flush();
            }
            journal.force();
            return index;
        }
    }

    private static void recover(Path directory, long entries) {
        try (Journal journal = Journal.open(config(directory))) {
            if (journal.group(0).lastIndex() != entries) {
                throw new IllegalStateException("recovered " + journal.group(0).lastIndex() + " of " + entries);
            }
        }
    }

    private static long read(Path directory) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long total = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                int read = channel.read(buffer.clear());
                while (read > 0) {
                    total += read;
                    read = channel.read(buffer.clear());
                }
            }
        }
        return total;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
