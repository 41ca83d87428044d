package io.grape.benchmarks.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.journal.JournalBackEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every contender makes batches durable and leaves nothing behind; how fast is for a run on a quiet machine to say. */
class ContendersTest {
    private static final int SEGMENT_BYTES = 8 << 20;
    private static final int BATCH_BYTES = 4 << 10;

    @TempDir
    Path directory;

    @Test
    void theArchiveRecordsWhatItCounts() throws IOException {
        try (Contender archive = ArchiveLoop.open(directory, 1, SEGMENT_BYTES, BATCH_BYTES)) {
            assertThat(archive.name()).endsWith("file sync level 1");
            for (int i = 0; i < 10; i++) {
                archive.batch();
            }
            assertThat(bytesOf(directory.resolve("archive-1-4096/archive"))).isGreaterThanOrEqualTo(10L * BATCH_BYTES);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theRawLoopAndBothBackEndsRun() throws IOException {
        try (Contender raw = RawLoop.open(directory, SEGMENT_BYTES, BATCH_BYTES)) {
            raw.batch();
        }
        for (JournalBackEnd backEnd : JournalBackEnd.values()) {
            try (Contender journal = JournalLoop.open(directory, backEnd, SEGMENT_BYTES, 3, BATCH_BYTES)) {
                for (int i = 0; i < 300; i++) {
                    journal.batch();
                }
            }
        }
        try (Contender pipelined = PipelinedLoop.open(directory, SEGMENT_BYTES, 3, BATCH_BYTES)) {
            for (int i = 0; i < 300; i++) {
                pipelined.batch();
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    private static long bytesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
