package io.grape.node.ingest.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a file, and how many of them were taken. One thread. */
final class CountingInput extends FilterInputStream {
    private final long length;
    private long taken;

    CountingInput(Path path) throws IOException {
        super(Files.newInputStream(path));
        this.length = Files.size(path);
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        taken += value < 0 ? 0 : 1;
        return value;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        int read = super.read(into, offset, count);
        taken += Math.max(0, read);
        return read;
    }

    /** Returns how much of the file was taken, from 0 to 1. */
    double fraction() {
        return length == 0 ? 1 : Math.min(1, taken / (double) length);
    }
}
