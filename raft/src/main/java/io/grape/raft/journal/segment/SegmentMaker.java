package io.grape.raft.journal.segment;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.segment.SegmentDescriptor.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes, clears, frees and removes segment files. Thread: whoever owns the object; it keeps no lock.
 */
final class SegmentMaker {
    private static final int FILL_CHUNK_BYTES = 1 << 20;

    private final SegmentPool.Settings settings;
    private final FileOps files;
    private int nextFileNumber;

    /**
     * @param settings       where and how large
     * @param files          the file system
     * @param nextFileNumber number for the next new file's name
     */
    SegmentMaker(SegmentPool.Settings settings, FileOps files, int nextFileNumber) {
        this.settings = settings;
        this.files = files;
        this.nextFileNumber = nextFileNumber;
    }

    /**
     * Makes a free segment of zeros that are on disk.
     *
     * @throws FaultException with severity RETRY if the volume has no room for it
     */
    Segment make() throws IOException {
        long usable = files.usableBytes(settings.directory());
        long needed = settings.segmentBytes() + settings.minFreeBytes();
        if (usable < needed) {
            throw new FaultException(
                    Severity.RETRY,
                    ErrorCode.STORAGE_FULL,
                    "a journal segment in " + settings.directory() + " needs " + settings.segmentBytes()
                            + " bytes and must leave " + settings.minFreeBytes() + " free, " + needed
                            + " in all, but only " + usable + " are usable: free some space",
                    null);
        }
        Path path =
                settings.directory().resolve(String.format("%08d%s", nextFileNumber, SegmentDescriptor.FILE_SUFFIX));
        nextFileNumber++;
        JournalFile file = files.create(path);
        try {
            clear(file, 0);
            // The header goes last: a file without it was never finished and holds nothing.
            file.write(freeHeader().encode(), 0);
            file.force();
            files.forceDirectory(settings.directory());
            return new Segment(path, file, file.map(settings.mapWritable(), settings.segmentBytes()));
        } catch (IOException e) {
            abandon(path, file, e);
            throw e;
        }
    }

    /** Fills a file with zeros from an offset to its end, and forces it. */
    void clear(JournalFile file, int from) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(FILL_CHUNK_BYTES, settings.segmentBytes()));
        int position = from;
        while (position < settings.segmentBytes()) {
            zeros.clear().limit(Math.min(zeros.capacity(), settings.segmentBytes() - position));
            int length = zeros.remaining();
            file.write(zeros, position);
            position += length;
        }
        file.force();
    }

    /** Writes into a segment's header that it is free, and forces that. */
    void markFree(Segment segment) throws IOException {
        segment.file().write(freeHeader().encode(), 0);
        segment.file().force();
        segment.assign(SegmentDescriptor.FREE, 0);
    }

    /** Removes a free segment. */
    void remove(Segment segment) throws IOException {
        segment.close();
        files.delete(segment.path());
    }

    /** Returns whether the volume has no room for a segment, as far as can be known. */
    boolean isDiskFull() throws IOException {
        return files.usableBytes(settings.directory()) < settings.segmentBytes();
    }

    private void abandon(Path path, JournalFile file, IOException cause) {
        try {
            file.close();
            files.delete(path);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Header freeHeader() {
        return new Header(
                SegmentDescriptor.FORMAT_VERSION,
                0,
                SegmentDescriptor.FREE,
                settings.segmentBytes(),
                settings.nodeId(),
                settings.pipelineId(),
                0);
    }
}
