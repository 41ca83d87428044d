package io.grape.benchmarks.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The device itself: write at the next place of a zero-filled file, force, and so round and round. */
final class RawLoop implements Contender {
    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer batch;
    private final int fileBytes;
    private int position;

    private RawLoop(Path path, FileChannel channel, int fileBytes, int batchBytes) {
        this.path = path;
        this.channel = channel;
        this.fileBytes = fileBytes;
        this.batch = ByteBuffer.allocateDirect(batchBytes);
    }

    static RawLoop open(Path directory, int fileBytes, int batchBytes) throws IOException {
        Path path = directory.resolve("raw-" + batchBytes);
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (int at = 0; at < fileBytes; at += zeros.capacity()) {
            channel.write(zeros.clear(), at);
        }
        channel.force(true);
        return new RawLoop(path, channel, fileBytes, batchBytes);
    }

    @Override
    public String name() {
        return "raw write + force";
    }

    @Override
    public void batch() throws IOException {
        if (position + batch.capacity() > fileBytes) {
            position = 0;
        }
        batch.clear();
        while (batch.hasRemaining()) {
            position += channel.write(batch, position);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.delete(path);
    }
}
