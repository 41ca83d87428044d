package io.grape.benchmarks.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which ranges of one file were written and not forced since, in a mapped file of its own that survives SIGKILL.
 *
 * <pre>
 * UnforcedWrites, native byte order
 * offset  size  field
 *      0     8  ranges ever added
 *      8     8  of these forced
 *     16     4  length of the path
 *     20     n  path of the watched file, UTF-8
 *   4096    16  ring of ranges: position, length
 * </pre>
 *
 * <p>One thread adds, one tells what was forced.
 */
final class UnforcedWrites {
    private static final int ADDED = 0;
    private static final int FORCED = 8;
    private static final int PATH_LENGTH = 16;
    private static final int PATH = 20;
    private static final int RING = 4096;
    private static final int RANGE = 16;
    private static final int PLACES = 1 << 14;
    private static final int SECTOR = 512;

    private final UnsafeBuffer buffer;

    private UnforcedWrites(UnsafeBuffer buffer) {
        this.buffer = buffer;
    }

    static UnforcedWrites open(Path directory, Path watched) throws IOException {
        Files.createDirectories(directory);
        UnforcedWrites writes = map(file(directory, watched));
        byte[] name = watched.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        writes.buffer.putBytes(PATH, name);
        writes.buffer.putInt(PATH_LENGTH, name.length);
        return writes;
    }

    private static UnforcedWrites map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapping = channel.map(MapMode.READ_WRITE, 0, RING + (long) PLACES * RANGE);
            mapping.order(ByteOrder.nativeOrder());
            return new UnforcedWrites(new UnsafeBuffer(mapping));
        }
    }

    private static Path file(Path directory, Path watched) {
        return directory.resolve(watched.getFileName() + ".unforced");
    }

    static void forget(Path directory, Path watched) throws IOException {
        Files.deleteIfExists(file(directory, watched));
    }

    /** Notes a range before it is written. */
    void add(long position, int length) {
        long added = added();
        if (added - buffer.getLongVolatile(FORCED) == PLACES) {
            throw new IllegalStateException("more than " + PLACES + " writes without a force");
        }
        int place = place(added);
        buffer.putLong(place, position);
        buffer.putLong(place + Long.BYTES, length);
        buffer.putLongVolatile(ADDED, added + 1);
    }

    /** Returns how many ranges were added. */
    long added() {
        return buffer.getLongVolatile(ADDED);
    }

    /** Notes that the first so many ranges are on the disk. */
    void forced(long count) {
        buffer.putLongVolatile(FORCED, count);
    }

    private static int place(long range) {
        return RING + (int) (range % PLACES) * RANGE;
    }

    /** Returns whether a node that runs has written something that it has not forced. */
    static boolean hasAny(Path directory) throws IOException {
        for (Path file : files(directory)) {
            UnforcedWrites writes = map(file);
            if (writes.added() > writes.buffer.getLongVolatile(FORCED)) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /**
     * Cuts the power of a node whose process is gone: of what was not forced each sector is lost or kept by chance.
     *
     * @return sectors lost
     */
    static int cutPower(Path directory, RandomGenerator random) throws IOException {
        int lost = 0;
        for (Path file : files(directory)) {
            lost += map(file).loseSectors(random);
        }
        return lost;
    }

    private int loseSectors(RandomGenerator random) throws IOException {
        byte[] name = new byte[buffer.getInt(PATH_LENGTH)];
        buffer.getBytes(PATH, name);
        Path watched = Path.of(new String(name, StandardCharsets.UTF_8));
        int lost = 0;
        long added = added();
        if (Files.exists(watched)) {
            try (FileChannel channel = FileChannel.open(watched, StandardOpenOption.WRITE)) {
                for (long range = buffer.getLongVolatile(FORCED); range < added; range++) {
                    int place = place(range);
                    lost += lose(channel, buffer.getLong(place), buffer.getLong(place + Long.BYTES), random);
                }
                channel.force(false);
            }
        }
        forced(added);
        return lost;
    }

    private static int lose(FileChannel channel, long position, long length, RandomGenerator random)
            throws IOException {
        int lost = 0;
        long end = Math.min(position + length, channel.size());
        for (long at = position; at < end; at = (at / SECTOR + 1) * SECTOR) {
            if (random.nextBoolean()) {
                int bytes = (int) (Math.min(end, (at / SECTOR + 1) * SECTOR) - at);
                channel.write(ByteBuffer.allocate(bytes), at);
                lost++;
            }
        }
        return lost;
    }
}
