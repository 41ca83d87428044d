package io.grape.node.ingest.format;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stretch of a file in memory that moves forward with the reading. A mapping would die with the process if the file were cut
 * while it is read; this says so instead. One thread.
 */
final class FileWindow implements Closeable {
    private static final int LENGTH = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final long fileLength;
    private final ByteBuffer buffer = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private long start;
    private int filled;

    FileWindow(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.fileLength = channel.size();
    }

    /** Returns the length of the file when it was opened, bytes. */
    long fileLength() {
        return fileLength;
    }

    /**
     * Returns some bytes of the file, little-endian, valid until the next call.
     *
     * @param position of the first one
     * @param length   at most the window's
     * @throws GrapeException DATA_CORRUPT if the file ends before
     */
    ByteBuffer at(long position, int length) throws IOException {
        if (length > LENGTH) {
            throw new IllegalArgumentException(length + " bytes do not fit the window");
        }
        if (position < start || position + length > start + filled) {
            fill(position, length);
        }
        int from = (int) (position - start);
        buffer.limit(from + length).position(from);
        return buffer;
    }

    private void fill(long position, int least) throws IOException {
        buffer.clear();
        start = position;
        filled = 0;
        while (filled < LENGTH) {
            int read = channel.read(buffer, position + filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        if (filled < least) {
            throw new GrapeException(
                    ErrorCode.DATA_CORRUPT,
                    path + ": ends at byte " + (position + filled) + " where byte " + (position + least)
                            + " was to follow");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
