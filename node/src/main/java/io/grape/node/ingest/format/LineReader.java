package io.grape.node.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines without ever holding more than one line, or more than a bound of it. One thread. */
final class LineReader implements Closeable {
    /** Longest line that is kept, bytes. */
    static final int MAX_LENGTH = 4 << 20;

    private final InputStream in;
    private final byte[] chunk = new byte[64 * 1024];
    private int next;
    private int end;
    private byte[] line = new byte[16 * 1024];
    private int length;
    private long number;
    private boolean isTooLong;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Reads the next line, without its end; returns false if there is none. */
    boolean next() throws IOException {
        length = 0;
        isTooLong = false;
        number++;
        boolean any = false;
        while (true) {
            if (next == end) {
                end = Math.max(0, in.read(chunk, 0, chunk.length));
                next = 0;
                if (end == 0) {
                    return any;
                }
            }
            any = true;
            int stop = next;
            while (stop < end && chunk[stop] != '\n') {
                stop++;
            }
            append(stop - next);
            next = stop;
            if (stop < end) {
                next++;
                return true;
            }
        }
    }

    private void append(int count) {
        if (length + count > MAX_LENGTH) {
            isTooLong = true;
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, Math.min(MAX_LENGTH, line.length * 2)));
        }
        System.arraycopy(chunk, next, line, length, count);
        length += count;
    }

    /** Returns the array that holds the line from 0; valid until the next one. */
    byte[] bytes() {
        return line;
    }

    /** Returns the bytes of the line. */
    int length() {
        return length;
    }

    /** Returns whether the line is longer than is kept. */
    boolean isTooLong() {
        return isTooLong;
    }

    /** Returns whether there is nothing but blanks in it. */
    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] > ' ' || line[i] < 0) {
                return false;
            }
        }
        return !isTooLong;
    }

    /** Returns the number of the line, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
