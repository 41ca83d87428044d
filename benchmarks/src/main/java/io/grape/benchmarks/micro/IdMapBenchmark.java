package io.grape.benchmarks.micro;

import io.grape.vectors.id.IdMap;
import io.grape.vectors.id.IdMapOpener;
import io.grape.vectors.id.LiveRows;
import io.grape.vectors.id.PointKey;
import io.grape.vectors.id.RowEntry;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.ReaderPins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2LongHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a point's id to its row: the persisted map of a store beside Agrona's map on the heap, which takes 64-bit ids only, and
 * beside the plainest off-heap table. Ids are drawn at random, so that no map has them in the cache by their order.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IdMapBenchmark {
    private static final int DRAWN = 1 << 16;
    private static final float AGRONA_LOAD = 0.55f;

    @Param({"65536", "1048576"})
    public int entries;

    private Path directory = Path.of("");
    private IdMap chronicle;
    private FlatIdTable flat;
    private Long2LongHashMap agrona;
    private final PointKey key = new PointKey();
    private final RowEntry entry = new RowEntry();
    private final long[] drawn = new long[DRAWN];
    private int next;

    /** Fills all three with the same ids. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory("id-map");
        DiskBudget budget = new DiskBudget(Long.MAX_VALUE / 2, path -> Long.MAX_VALUE / 2);
        chronicle = new IdMapOpener(directory, budget, new ReaderPins(), new NoRows()).open(0, 0, 2L * entries);
        flat = new FlatIdTable(entries);
        agrona = new Long2LongHashMap(2 * entries, AGRONA_LOAD, -1);
        for (int row = 0; row < entries; row++) {
            chronicle.put(key.set(0, id(row)), entry.set(0, row, 1));
            flat.put(0, id(row), row, 1);
            agrona.put(id(row), row);
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = id(random.nextInt(entries));
        }
    }

    /** Ids as applications have them: not dense. */
    private static long id(int row) {
        return row * 1_000_003L;
    }

    private long draw() {
        next = (next + 1) & (DRAWN - 1);
        return drawn[next];
    }

    @Benchmark
    public long chronicleMap() {
        chronicle.get(key.set(0, draw()), entry);
        return entry.ordinal();
    }

    @Benchmark
    public long agronaMap() {
        return agrona.get(draw());
    }

    @Benchmark
    public long flatTable() {
        return flat.row(0, draw());
    }

    /** An id that is not there. */
    @Benchmark
    public boolean chronicleMapMiss() {
        return chronicle.get(key.set(1, draw()), entry);
    }

    @Benchmark
    public long flatTableMiss() {
        return flat.row(1, draw());
    }

    /** Bytes an entry of the file that the store's map takes. */
    double chronicleBytesAnEntry() throws IOException {
        long bytes = 0;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        // Made for twice the entries, as a map that has just grown is.
        return (double) bytes / (2L * entries);
    }

    /** Bytes an entry of the table, at the load at which it was filled. */
    double flatBytesAnEntry() {
        return (double) flat.bytes() / entries;
    }

    /** Bytes an entry of Agrona's map: a key and a value for each place. */
    double agronaBytesAnEntry() {
        return agrona.capacity() * 2.0 * Long.BYTES / entries;
    }

    /** Unmaps and removes what was made. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        chronicle.close();
        flat.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static final class NoRows implements LiveRows {
        @Override
        public long rowCount() {
            return 0;
        }

        @Override
        public boolean read(long row, PointKey into, RowEntry value) {
            return false;
        }
    }
}
