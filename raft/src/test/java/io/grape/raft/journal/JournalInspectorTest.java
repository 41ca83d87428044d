package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.journal.JournalReport.FileState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalInspectorTest {
    private static final Path DIRECTORY = Path.of("virtual");
    private static final JournalConfig CONFIG = Journals.small(DIRECTORY, JournalBackEnd.WRITE);

    @TempDir
    Path directory;

    private final VirtualFiles files = new VirtualFiles();

    @BeforeEach
    void write() {
        try (Journal journal = Journal.open(CONFIG, files)) {
            for (int i = 0; i < 20; i++) {
                append(journal.group(1), 2, 300);
                append(journal.group(2), 3, 100);
                journal.group(2).hardState(3, 1, journal.group(2).lastIndex());
                journal.flush();
            }
            journal.group(1).compactTo(4, 2);
            journal.flush();
        }
    }

    private JournalReport inspect() throws IOException {
        List<byte[]> before = contents();
        JournalReport report = JournalInspector.inspect(DIRECTORY, files);
        List<byte[]> after = contents();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).as("nothing is changed").isEqualTo(before.get(i));
        }
        return report;
    }

    private List<byte[]> contents() {
        return files.paths().stream()
                .map(path -> {
                    byte[] bytes = new byte[files.bytes(path).capacity()];
                    files.bytes(path).get(0, bytes);
                    return bytes;
                })
                .toList();
    }

    @Test
    void soundJournalIsDescribed() throws IOException {
        JournalReport report = inspect();
        assertThat(report.isSound()).isTrue();
        assertThat(report.problems()).isEmpty();
        assertThat(report.groups())
                .containsExactly(
                        new JournalReport.Group(1, 5, 20, 2, 0, -1, 0), new JournalReport.Group(2, 1, 20, 3, 3, 1, 20));
        List<JournalReport.SegmentFile> live = report.segments().stream()
                .filter(file -> file.state() == FileState.LIVE)
                .toList();
        assertThat(live).hasSizeGreaterThan(3);
        assertThat(live).extracting(JournalReport.SegmentFile::sequence).isSorted();
        // A batch of states begins every segment but the first.
        assertThat(live.stream().mapToLong(JournalReport.SegmentFile::batches).sum())
                .isEqualTo(21 + live.size() - 1);
        assertThat(live.getFirst().nodeId()).isEqualTo(1);
        assertThat(report.toText())
                .contains("sequence 0")
                .contains("group 2  entries 1 to 20 (term 3)  term 3  vote 1  commit 20")
                .contains("sound");
    }

    @Test
    void damageInTheMiddleIsToldAndTheRestIsStillRead() throws IOException {
        Path second = files.paths().get(1);
        ByteBuffer bytes = files.bytes(second);
        bytes.put(1000, (byte) (bytes.get(1000) ^ 4));
        JournalReport report = inspect();
        assertThat(report.isSound()).isFalse();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(JournalReport.Severity.DAMAGE);
            assertThat(problem.text())
                    .contains(second.toString())
                    .contains("offset")
                    .contains("group");
        });
        assertThat(report.toText()).contains("DAMAGED").contains("damage: journal segment");
        assertThat(report.groups()).isNotEmpty();
    }

    @Test
    void tornTailIsNoDamage() throws IOException {
        JournalReport.SegmentFile last = inspect().segments().stream()
                .filter(file -> file.state() == FileState.LIVE)
                .reduce((before, after) -> after)
                .orElseThrow();
        files.bytes(last.path()).put((int) last.usedBytes() - 1, (byte) 1);
        JournalReport report = inspect();
        assertThat(report.isSound()).isTrue();
        assertThat(report.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.severity()).isEqualTo(JournalReport.Severity.TORN));
        assertThat(report.groups().getFirst().firstIndex()).isEqualTo(1);
    }

    @Test
    void damagedShortAndForeignFilesAreTold() throws IOException {
        ByteBuffer first = files.bytes(files.paths().getFirst());
        first.put(20, (byte) (first.get(20) ^ 1));
        files.create(DIRECTORY.resolve("00000099.journal")).write(ByteBuffer.allocate(10), 0);
        files.create(DIRECTORY.resolve("00000100.journal")).write(ByteBuffer.allocate(4096), 0);
        JournalReport report = inspect();
        assertThat(report.isSound()).isFalse();
        assertThat(report.segments())
                .extracting(JournalReport.SegmentFile::state)
                .contains(FileState.DAMAGED, FileState.UNFINISHED, FileState.LIVE);
        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem.text()).contains("damaged header"));
    }

    @Test
    void directoryWithoutAJournalIsEmptyAndSound() throws IOException {
        JournalReport report = JournalInspector.inspect(directory);
        assertThat(report.segments()).isEmpty();
        assertThat(report.isSound()).isTrue();
    }

    @Test
    void noMutationMakesTheInspectorThrow() throws IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            VirtualFiles mutated = files.copy();
            for (int m = random.nextInt(4); m >= 0; m--) {
                List<Path> paths = mutated.paths();
                ByteBuffer bytes = mutated.bytes(paths.get(random.nextInt(paths.size())));
                byte[] noise = new byte[1 + random.nextInt(64)];
                random.nextBytes(noise);
                bytes.put(random.nextInt(bytes.capacity() - noise.length), noise);
            }
            boolean opens;
            try {
                Journal.open(CONFIG, mutated.copy()).close();
                opens = true;
            } catch (RuntimeException e) {
                opens = false;
            }
            boolean sound = JournalInspector.inspect(DIRECTORY, mutated).isSound();
            if (opens) {
                continue;
            }
            assertThat(sound)
                    .as("seed %d: what does not open is not sound", seed)
                    .isFalse();
        }
    }
}
