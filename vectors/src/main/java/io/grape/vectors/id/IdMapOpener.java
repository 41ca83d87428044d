package io.grape.vectors.id;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.ReaderPins;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the id map of a store: the persisted one if a clean close vouches for it, else a new one from the segments.
 *
 * <p>The voucher is a small file with sequence, size and generation, written when a store is closed and removed as soon as
 * it is opened again: after a crash there is none, and the map is rebuilt (about 0.3 us a point). It counts only for an
 * opening at its sequence.
 *
 * @param directory where the map's files lie
 * @param budget counts the files
 * @param pins holds replaced maps open for readers
 * @param rows what a rebuild reads
 */
public record IdMapOpener(Path directory, DiskBudget budget, ReaderPins pins, LiveRows rows) {
    private static final Logger LOGGER = LoggerFactory.getLogger(IdMapOpener.class);
    private static final String VOUCHER = "ids.clean";
    private static final int VOUCHER_BYTES = 36;

    private record Voucher(long sequence, long size, long entries, int generation) {}

    /** Opens or rebuilds; {@code live} is the number of live rows, {@code initialEntries} the smallest map to make. */
    public IdMap open(long sequence, long live, long initialEntries) {
        try {
            Voucher voucher = takeVoucher();
            if (voucher != null && voucher.sequence() == sequence && voucher.size() == live) {
                Path path = file(directory, voucher.generation());
                if (Files.isRegularFile(path)) {
                    IdMapFile file = IdMapFile.openExisting(path, voucher.entries(), budget);
                    if (file.map().longSize() == live) {
                        return new IdMap(file, voucher.generation(), this);
                    }
                    LOGGER.warn(
                            "id map {} has {} entries for {} points: rebuilding",
                            path,
                            file.map().longSize(),
                            live);
                    file.delete(budget);
                }
            }
            deleteFiles();
            return rebuild(live, initialEntries);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot open the id map in " + directory, e);
        }
    }

    private IdMap rebuild(long live, long initialEntries) {
        long entries = initialEntries;
        while (entries < live * 2) {
            entries *= 2;
        }
        IdMapFile file = IdMapFile.create(file(directory, 0), entries, budget);
        PointKey key = new PointKey();
        RowEntry entry = new RowEntry();
        for (long row = 0; row < rows.rowCount(); row++) {
            if (rows.read(row, key, entry)) {
                file.map().put(key, entry);
            }
        }
        if (file.map().longSize() != live) {
            long size = file.map().longSize();
            file.delete(budget);
            throw new VectorsException(
                    Reason.CORRUPT_FILE,
                    "segments in " + directory + " hold " + size + " distinct live ids, the manifest says " + live);
        }
        return new IdMap(file, 0, this);
    }

    /** Forces a map that will not change any more before it is closed, and vouches for it. */
    public void vouch(IdMap map, long sequence) {
        ByteBuffer bytes = ByteBuffer.allocate(VOUCHER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(sequence).putLong(map.size()).putLong(map.entries()).putInt(map.generation());
        bytes.putLong(crc(bytes));
        try {
            // First what is vouched for: a power cut must not leave the voucher alone.
            try (FileChannel channel = FileChannel.open(file(directory, map.generation()), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.write(directory.resolve(VOUCHER), bytes.array());
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot write " + directory.resolve(VOUCHER), e);
        }
    }

    private @Nullable Voucher takeVoucher() throws IOException {
        Path path = directory.resolve(VOUCHER);
        if (!Files.exists(path)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        Files.delete(path);
        if (bytes.capacity() != VOUCHER_BYTES || bytes.getLong(VOUCHER_BYTES - Long.BYTES) != crc(bytes)) {
            LOGGER.warn("{} is damaged: rebuilding the id map", path);
            return null;
        }
        return new Voucher(bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getInt(24));
    }

    private static long crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, VOUCHER_BYTES - Long.BYTES));
        return crc.getValue();
    }

    private void deleteFiles() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "ids-*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    static Path file(Path directory, int generation) {
        return directory.resolve("ids-" + generation);
    }
}
