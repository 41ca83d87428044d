package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static io.grape.raft.journal.Journals.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.HardState;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalRecoveryTest {
    @TempDir
    Path root;

    /** Where the frames of a segment begin; the last number is where they end. */
    private static int[] frames(byte[] segment) {
        UnsafeBuffer buffer = new UnsafeBuffer(segment);
        int[] offsets = new int[64];
        int count = 0;
        int offset = SegmentDescriptor.HEADER_LENGTH;
        while (RecordDescriptor.length(buffer, offset) == RecordDescriptor.BATCH_HEADER_LENGTH) {
            offsets[count++] = offset;
            offset += RecordDescriptor.intField(buffer, offset, RecordDescriptor.FRAME_LENGTH_OFFSET);
        }
        offsets[count++] = offset;
        return Arrays.copyOf(offsets, count);
    }

    /** Four batches in one segment, with every type of record that a running journal writes between rolls. */
    private Path fourBatches() {
        Path directory = root.resolve("four");
        try (Journal journal = Journals.open(directory)) {
            GroupLog first = journal.group(1);
            GroupLog second = journal.group(2);
            append(first, 1, 40);
            append(first, 1, 41);
            append(second, 1, 42);
            first.hardState(1, 1, 1);
            journal.flush();
            append(first, 1, 43);
            first.truncateFrom(3);
            append(second, 2, 44);
            journal.flush();
            second.compactTo(1, 1);
            journal.flush();
            append(first, 3, 45);
            second.hardState(3, 2, 2);
            first.truncateFrom(3);
            append(first, 3, 46);
            second.compactTo(2, 2);
            journal.flush();
        }
        return directory;
    }

    private static void assertThreeBatches(Journal journal) {
        assertThat(journal.group(1).lastIndex()).isEqualTo(2);
        assertEntry(journal.group(1), 1, 1, 40);
        assertEntry(journal.group(1), 2, 1, 41);
        assertThat(journal.group(2).firstIndex()).isEqualTo(2);
        assertThat(journal.group(2).lastIndex()).isEqualTo(2);
        assertEntry(journal.group(2), 2, 2, 44);
        assertThat(journal.hardState(1)).isEqualTo(new HardState(1, 1, 1));
        assertThat(journal.hardState(2)).isEqualTo(new HardState(0, -1, 0));
    }

    @Test
    void batchTornAtAnyByteIsCutAndTheJournalGoesOn() throws IOException {
        Path directory = fourBatches();
        Path file = segments(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        int[] frames = frames(whole);
        int start = frames[3];
        int end = frames[4];
        for (int written = start; written < end; written++) {
            byte[] torn = whole.clone();
            // What the disk had not yet taken is still the zero that was there.
            Arrays.fill(torn, written, end, (byte) 0);
            if (Arrays.equals(torn, whole)) {
                continue;
            }
            Files.write(file, torn);
            assertCutAndUsable(directory);
        }
    }

    @Test
    void batchOfWhichOnlyTheEndReachedTheDiskIsCut() throws IOException {
        Path directory = fourBatches();
        Path file = segments(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        int[] frames = frames(whole);
        for (int lost = frames[3] + 1; lost < frames[4]; lost += 8) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, frames[3], lost, (byte) 0);
            Files.write(file, torn);
            assertCutAndUsable(directory);
        }
    }

    @Test
    void bitFlipAnywhereInTheLastBatchCutsIt() throws IOException {
        Path directory = fourBatches();
        Path file = segments(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        int[] frames = frames(whole);
        for (int offset = frames[3]; offset < frames[4]; offset++) {
            byte[] flipped = whole.clone();
            flipped[offset] ^= (byte) (1 << (offset & 7));
            Files.write(file, flipped);
            assertCutAndUsable(directory);
        }
    }

    private static void assertCutAndUsable(Path directory) {
        try (Journal journal = Journals.open(directory)) {
            assertThreeBatches(journal);
            append(journal.group(1), 7, 50);
            journal.flush();
        }
        try (Journal journal = Journals.open(directory)) {
            assertEntry(journal.group(1), 3, 7, 50);
            assertThat(journal.group(1).lastIndex()).isEqualTo(3);
            assertThat(journal.tornBytes()).isZero();
        }
    }

    @Test
    void bitFlipAnywhereBeforeALaterGoodBatchIsRefusedAndNothingIsCut() throws IOException {
        Path directory = fourBatches();
        Path file = segments(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        int[] frames = frames(whole);
        for (int offset = frames[0]; offset < frames[3]; offset++) {
            byte[] flipped = whole.clone();
            flipped[offset] ^= (byte) (1 << (offset & 7));
            Files.write(file, flipped);
            assertThatThrownBy(() -> Journals.open(directory))
                    .as("bit flip at %d", offset)
                    .isInstanceOfSatisfying(FaultException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
                        assertThat(e.severity()).isEqualTo(FaultException.Severity.FAIL_NODE);
                    })
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("offset")
                    .hasMessageContaining("group");
            assertThat(Files.readAllBytes(file)).isEqualTo(flipped);
        }
        Files.write(file, whole);
        Journals.open(directory).close();
    }

    @Test
    void damageNamesTheRecordAndItsGroup() throws IOException {
        Path directory = fourBatches();
        Path file = segments(directory).getFirst();
        int record = frames(Files.readAllBytes(file))[0] + RecordDescriptor.BATCH_HEADER_LENGTH;
        Journals.flipBit(file, record + RecordDescriptor.HEADER_LENGTH + 3L, 5);
        assertThatThrownBy(() -> Journals.open(directory))
                .hasMessageContaining("offset " + record)
                .hasMessageContaining("ENTRY of group 1")
                .hasMessageContaining("sequence 0");
    }

    @Test
    void bitFlipInAnEarlierSegmentIsRefusedAlsoInItsLastBatch() throws IOException {
        Path directory = root.resolve("rolled");
        try (Journal journal = Journals.open(directory)) {
            for (int i = 0; i < 30; i++) {
                append(journal.group(1), 1, 400);
                journal.flush();
            }
        }
        List<Path> files = segments(directory);
        assertThat(files.size()).isGreaterThan(2);
        byte[] whole = Files.readAllBytes(files.get(1));
        int[] frames = frames(whole);
        for (int frame = 0; frame + 1 < frames.length; frame++) {
            Journals.flipBit(files.get(1), frames[frame] + 60L, 1);
            assertThatThrownBy(() -> Journals.open(directory)).isInstanceOf(FaultException.class);
            Files.write(files.get(1), whole);
        }
    }

    @Test
    void damagedHeaderOfASegmentIsRefused() throws IOException {
        Path directory = root.resolve("headers");
        try (Journal journal = Journals.open(directory)) {
            for (int i = 0; i < 30; i++) {
                append(journal.group(1), 1, 400);
                journal.flush();
            }
        }
        for (Path file : segments(directory)) {
            byte[] whole = Files.readAllBytes(file);
            for (int offset = 0; offset < SegmentDescriptor.HEADER_CRC_OFFSET + 4; offset++) {
                Journals.flipBit(file, offset, offset & 7);
                assertThatThrownBy(() -> Journals.open(directory))
                        .as("%s at %d", file, offset)
                        .isInstanceOfSatisfying(
                                FaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
                        .hasMessageContaining("journal");
                Files.write(file, whole);
            }
        }
        Journals.open(directory).close();
    }

    @Test
    void missingSegmentIsRefused() throws IOException {
        Path directory = root.resolve("missing");
        try (Journal journal = Journals.open(directory)) {
            for (int i = 0; i < 40; i++) {
                append(journal.group(1), 1, 400);
                journal.flush();
            }
        }
        List<Path> files = segments(directory);
        for (int gone = 0; gone < 2; gone++) {
            Path copy = root.resolve("missing" + gone);
            Journals.copy(directory, copy);
            Files.delete(copy.resolve(String.valueOf(files.get(gone).getFileName())));
            assertThatThrownBy(() -> Journals.open(copy)).isInstanceOf(FaultException.class);
        }
    }

    @Test
    void shortenedSegmentIsRefusedButAnUnfinishedFileIsThrownAway() throws IOException {
        Path directory = fourBatches();
        Files.write(directory.resolve("00000077.journal"), new byte[1000]);
        Files.write(directory.resolve("00000078.journal"), new byte[Journals.SEGMENT_BYTES]);
        try (Journal journal = Journals.open(directory)) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(3);
            assertThat(directory.resolve("00000077.journal")).doesNotExist();
            assertThat(directory.resolve("00000078.journal")).doesNotExist();
        }
        Path file = segments(directory).getFirst();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2000));
        assertThatThrownBy(() -> Journals.open(directory))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("2000 bytes long");
    }

    @Test
    void staleBytesOfARecycledSegmentAreNeverReadAsNew() throws IOException {
        Path directory = root.resolve("recycled");
        try (Journal journal = Journals.open(directory)) {
            append(journal.group(1), 1, 40);
            journal.flush();
        }
        Path file = segments(directory).getFirst();
        byte[] old = Files.readAllBytes(file);
        int[] frames = frames(old);
        try (Journal journal = Journals.open(directory)) {
            append(journal.group(1), 1, 40);
            journal.flush();
            append(journal.group(1), 1, 40);
            journal.flush();
        }
        // The third frame, as an older generation of the same file would have left it: same bytes, same place, older
        // salt.
        byte[] now = Files.readAllBytes(file);
        int[] all = frames(now);
        int otherSalt = SegmentDescriptor.saltOf(1_000, 77);
        byte[] stale = resalted(now, all[2], all[3], otherSalt);
        System.arraycopy(stale, 0, now, all[2], stale.length);
        Files.write(file, now);
        try (Journal journal = Journals.open(directory)) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(2);
            assertThat(journal.tornBytes()).isZero();
        }
        assertThat(frames).hasSize(2);
    }

    private static byte[] resalted(byte[] segment, int from, int to, int salt) {
        io.grape.raft.journal.record.BatchFrame frame = new io.grape.raft.journal.record.BatchFrame(1024, 77);
        UnsafeBuffer buffer = new UnsafeBuffer(segment);
        int record = from + RecordDescriptor.BATCH_HEADER_LENGTH;
        frame.stage(
                RecordDescriptor.types(RecordDescriptor.ENTRY, Journals.COMMAND),
                RecordDescriptor.groupId(buffer, record),
                RecordDescriptor.term(buffer, record),
                RecordDescriptor.index(buffer, record),
                buffer,
                record + RecordDescriptor.HEADER_LENGTH,
                RecordDescriptor.length(buffer, record) - RecordDescriptor.HEADER_LENGTH);
        ByteBuffer sealed = frame.seal(RecordDescriptor.term(buffer, from), salt, 1, 0);
        byte[] bytes = new byte[to - from];
        sealed.get(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "({0})")
    @ValueSource(strings = {"async", "none"})
    void relaxedPoliciesCutAtTheFirstHoleOfWhatWasNeverForced(String policy) throws IOException {
        Path directory = root.resolve(policy);
        JournalConfig config =
                Journals.small(directory, JournalBackEnd.WRITE).withSyncPolicy(SyncPolicy.ofConfigName(policy), 1_000);
        try (Journal journal = Journal.open(config)) {
            for (int i = 0; i < 20; i++) {
                append(journal.group(1), 1, 400);
                journal.flush();
                if (i == 2) {
                    journal.force();
                }
            }
        }
        List<Path> files = segments(directory);
        int[] frames = frames(Files.readAllBytes(files.getFirst()));
        Journals.flipBit(files.getFirst(), frames[4] + 100L, 3);
        try (Journal journal = Journal.open(config)) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(4);
            assertThat(journal.tornBytes()).isPositive();
            append(journal.group(1), 2, 400);
            journal.flush();
        }
        try (Journal journal = Journal.open(config)) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(5);
            assertEntry(journal.group(1), 5, 2, 400);
        }
        Journals.flipBit(files.getFirst(), frames[1] + 100L, 3);
        assertThatThrownBy(() -> Journal.open(config))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("forced");
    }

    @Test
    void foreignNewerOrOtherwiseSizedJournalsAreRefused() throws IOException {
        Path directory = fourBatches();
        JournalConfig config = Journals.small(directory, JournalBackEnd.WRITE);
        assertRefused(ErrorCode.INVALID_CONFIGURATION, config.withSizes(8192, 2048, 512));
        JournalConfig foreign = JournalConfig.defaults(directory, 2, 0).withSizes(4096, 2048, 512);
        assertRefused(ErrorCode.DATA_OWNED_BY_OTHER_NODE, foreign);
        Path file = segments(directory).getFirst();
        byte[] bytes = Files.readAllBytes(file);
        SegmentDescriptor.Header now = SegmentDescriptor.decode(ByteBuffer.wrap(bytes));
        assertThat(now).isNotNull();
        ByteBuffer newer = new SegmentDescriptor.Header(2, now.salt(), 0, 4096, 1, 0, 0).encode();
        newer.order(ByteOrder.LITTLE_ENDIAN).get(0, bytes, 0, SegmentDescriptor.HEADER_LENGTH);
        Files.write(file, bytes);
        assertRefused(ErrorCode.DATA_FORMAT_UNSUPPORTED, config);
    }

    private static void assertRefused(ErrorCode code, JournalConfig config) {
        assertThatThrownBy(() -> Journal.open(config))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
