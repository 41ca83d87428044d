package io.grape.vectors.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that are replaced as a whole: after a crash there is the old one or the new one. Any thread, one a file. */
public final class DurableFile {
    private DurableFile() {}

    /**
     * Writes beside the file, forces, renames, and forces the directory.
     *
     * @param content all that remains of it
     * @throws IOException if that fails; the old file is still there
     */
    public static void replace(Path directory, String name, ByteBuffer content) throws IOException {
        Path temporary = directory.resolve(name + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
