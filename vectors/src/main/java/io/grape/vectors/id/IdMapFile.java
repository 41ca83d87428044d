package io.grape.vectors.id;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * One Chronicle Map in one file, sized for a number of entries.
 *
 * <p>About 46 bytes an entry. The map spreads entries over internal segments and copes with some imbalance; it is
 * replaced by a larger one long before it is full. {@code put} and {@code get} allocate nothing once warm.
 */
final class IdMapFile implements AutoCloseable {
    /** Upper estimate of the file's bytes an entry, for the budget; the true length is counted once it is known. */
    static final long ESTIMATED_BYTES_PER_ENTRY = 64;

    private static final double MAX_BLOAT = 2.0;

    private final Path path;
    private final long entries;
    private final ChronicleMap<PointKey, RowEntry> map;

    private IdMapFile(Path path, long entries, ChronicleMap<PointKey, RowEntry> map) {
        this.path = path;
        this.entries = entries;
        this.map = map;
    }

    static IdMapFile create(Path path, long entries, DiskBudget budget) {
        long estimate = entries * ESTIMATED_BYTES_PER_ENTRY;
        budget.reserve(path, estimate);
        try {
            IdMapFile file = new IdMapFile(path, entries, map(path, entries));
            budget.adopt(file.bytes() - estimate);
            return file;
        } catch (IOException e) {
            budget.release(estimate);
            throw notMade(path, e);
        } catch (RuntimeException e) {
            budget.release(estimate);
            throw e;
        }
    }

    /** Chronicle Map allocates the whole file at once; what it leaves when it cannot would be waited for at the next attempt. */
    private static VectorsException notMade(Path path, IOException cause) {
        VectorsException full =
                new VectorsException(Reason.DISK_FULL, "cannot make the id map " + path + ": disk full?", cause);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            full.addSuppressed(e);
        }
        return full;
    }

    static IdMapFile openExisting(Path path, long entries, DiskBudget budget) {
        try {
            IdMapFile file = new IdMapFile(path, entries, map(path, entries));
            budget.adopt(file.bytes());
            return file;
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot open the id map " + path, e);
        }
    }

    private static ChronicleMap<PointKey, RowEntry> map(Path path, long entries) throws IOException {
        return ChronicleMapBuilder.of(PointKey.class, RowEntry.class)
                .name("grape-ids")
                .keyMarshallers(PointKeyCodec.INSTANCE, PointKeyCodec.INSTANCE)
                .keySizeMarshaller(SizeMarshaller.constant(PointKeyCodec.BYTES))
                .valueMarshallers(RowEntryCodec.INSTANCE, RowEntryCodec.INSTANCE)
                .valueSizeMarshaller(SizeMarshaller.constant(RowEntryCodec.BYTES))
                // Whoever opened it closes it, and needs it until then, also while the process is told to stop.
                .skipCloseOnExitHook(true)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .maxBloatFactor(MAX_BLOAT)
                .entries(entries)
                .createPersistedTo(path.toFile());
    }

    ChronicleMap<PointKey, RowEntry> map() {
        return map;
    }

    long entries() {
        return entries;
    }

    Path path() {
        return path;
    }

    long bytes() {
        return map.offHeapMemoryUsed();
    }

    @Override
    public void close() {
        map.close();
    }

    void delete(DiskBudget budget) {
        long held = bytes();
        map.close();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot delete " + path, e);
        }
        budget.release(held);
    }
}
