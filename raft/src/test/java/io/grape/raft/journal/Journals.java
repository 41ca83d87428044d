package io.grape.raft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.PlatformFiles;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** What the tests of the journal share. */
final class Journals {
    static final short COMMAND = 1;
    static final int SEGMENT_BYTES = 4096;

    private Journals() {}

    static JournalConfig small(Path directory, JournalBackEnd backEnd) {
        return JournalConfig.defaults(directory, 1, 0)
                .withSizes(SEGMENT_BYTES, 2048, 512)
                .withBackEnd(backEnd)
                .withMinFreeAndSalt(0, 77);
    }

    static Journal open(Path directory) {
        return Journal.open(small(directory, JournalBackEnd.WRITE));
    }

    static Journal open(Path directory, FileOps files) {
        return Journal.open(small(directory, JournalBackEnd.WRITE), files);
    }

    static byte[] payload(int groupId, long index, long term, int length) {
        byte[] bytes = new byte[length];
        new Random(groupId * 31L + index * 7919L + term).nextBytes(bytes);
        return bytes;
    }

    static void append(GroupLog log, long term, int length) {
        long index = log.lastIndex() + 1;
        byte[] bytes = payload(log.groupId(), index, term, length);
        log.append(index, term, COMMAND, new UnsafeBuffer(bytes), 0, length);
    }

    static byte[] copyOf(GroupLog log, long index) {
        byte[] bytes = new byte[log.payloadLengthAt(index)];
        assertThat(log.copyPayload(index, new UnsafeBuffer(bytes), 0)).isEqualTo(bytes.length);
        return bytes;
    }

    /** Checks that an entry is held with the payload that {@link #append} gave it. */
    static void assertEntry(GroupLog log, long index, long term, int length) {
        byte[] expected = payload(log.groupId(), index, term, length);
        assertThat(log.termAt(index)).isEqualTo(term);
        assertThat(log.entryTypeAt(index)).isEqualTo(COMMAND);
        assertThat(copyOf(log, index)).isEqualTo(expected);
        LogEntry entry = new LogEntry();
        log.read(index, entry);
        assertThat(entry.index()).isEqualTo(index);
        assertThat(entry.term()).isEqualTo(term);
        assertThat(entry.entryType()).isEqualTo(COMMAND);
        byte[] viewed = new byte[entry.payload().capacity()];
        entry.payload().getBytes(0, viewed);
        assertThat(viewed).isEqualTo(expected);
    }

    /** Returns the segment files that hold a part of the journal, by rising sequence. */
    static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> sequenceOf(path) >= 0)
                    .sorted(Comparator.comparingLong(Journals::sequenceOf))
                    .toList();
        }
    }

    static long sequenceOf(Path segment) {
        try {
            SegmentDescriptor.Header header =
                    SegmentDescriptor.decode(java.nio.ByteBuffer.wrap(Files.readAllBytes(segment)));
            return header == null ? SegmentDescriptor.FREE : header.sequence();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void flipBit(Path file, long offset, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) offset] ^= (byte) (1 << bit);
        Files.write(file, bytes);
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
    }

    static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static FileOps platform() {
        return new PlatformFiles();
    }
}
