package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path data;

    @Test
    void aSoundJournalIsShownAndVerified() {
        writeJournal();
        assertThat(run("journal", "inspect", data.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("segment", "group 0");
        assertThat(run("journal", "verify", data.resolve("journal").toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("sound");
    }

    @Test
    void damageOfAcknowledgedDataIsSaidWithExitCodeOneAndNothingIsChanged() throws IOException {
        writeJournal();
        Path segment = firstSegment();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), 700);
        }
        byte[] before = Files.readAllBytes(segment);
        assertThat(run("journal", "verify", data.toString())).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(out.toString()).contains("DAMAGED");
        assertThat(Files.readAllBytes(segment)).isEqualTo(before);
        assertThat(run("journal", "inspect", data.toString())).isEqualTo(ExitCode.OK);
    }

    @Test
    void aPathThatIsNoDirectoryIsAUsageError() {
        assertThat(run("journal", "verify", data.resolve("absent").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("absent is not a directory");
        assertThat(run("journal")).isEqualTo(ExitCode.USAGE);
    }

    private void writeJournal() {
        JournalConfig config = JournalConfig.defaults(data.resolve("journal"), 0, 0)
                .withSizes(1 << 16, 1 << 14, 1 << 12)
                .withMinFreeAndSalt(0, 5);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[200]);
        try (Journal journal = Journal.open(config)) {
            GroupLog log = journal.group(0);
            for (int index = 1; index <= 20; index++) {
                log.append(index, 1, (short) 1, payload, 0, payload.capacity());
                journal.flush();
                journal.force();
            }
        }
    }

    private Path firstSegment() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private int run(String... args) {
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
