package io.grape.node.checkpoint;

import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The files of a snapshot that is arriving: which blocks are here, where they may come from, and their checksums.
 *
 * <p>Every byte of every file is really written, zeros too, so that a store that is opened on them never stores into a hole
 * of a full disk. Threads: {@link #fill} and {@link #force} on the checkpointer's, the rest on the pipeline's, one after the
 * other.
 */
final class IncomingSnapshot implements AutoCloseable {
    private final CheckpointManifest manifest;
    private final SnapshotLayout layout;
    private final Path collections;
    private final BitSet present;
    private final BlockChecksums reader = new BlockChecksums();
    private final ByteBuffer block = ByteBuffer.allocateDirect(StoreSection.BLOCK_BYTES);
    private final CRC32C crc = new CRC32C();
    private @Nullable FileChannel open;
    private @Nullable Path openPath;
    private int receiving;
    private int received;

    /**
     * @param sent         the manifest as it came
     * @param encodedBytes its length
     * @param collections  of this group here
     */
    IncomingSnapshot(CheckpointManifest sent, int encodedBytes, Path collections) {
        this.layout = new SnapshotLayout(sent, encodedBytes);
        List<StoreSection> here = new ArrayList<>();
        sent.stores().forEach(store -> here.add(store.movedTo(sent.index())));
        this.manifest = new CheckpointManifest(
                sent.groupId(), sent.index(), sent.term(), sent.membership(), sent.state(), List.copyOf(here));
        this.collections = collections;
        this.present = new BitSet(layout.blocks());
    }

    /** The manifest with the directories as they lie here. */
    CheckpointManifest manifest() {
        return manifest;
    }

    long totalBytes() {
        return layout.totalBytes();
    }

    /** Where the next bytes that are missing begin: a block, or the seal. */
    long next() {
        int missing = present.nextClearBit(0);
        if (missing >= layout.blocks()) {
            return layout.sealStart();
        }
        return layout.start(missing) + (missing == receiving ? received : 0);
    }

    boolean isComplete() {
        return present.cardinality() == layout.blocks();
    }

    /**
     * Puts every block in its place that is here already: of an earlier attempt, of the stores as of the newest checkpoint
     * of this node, or zeros.
     *
     * @return bytes that need not be sent
     */
    long fill(@Nullable CheckpointManifest local) throws IOException {
        long filled = 0;
        for (int i = 0; i < layout.blocks(); i++) {
            if (isStaged(i) || copyFromOlderAttempt(i) || copyFromLocal(i, local) || writeZeros(i)) {
                present.set(i);
                filled += layout.length(i);
            }
        }
        return filled;
    }

    private StoreSection section(int i) {
        return manifest.stores().get(layout.section(i));
    }

    private Path path(int i) {
        StoreImage image = section(i).image(collections);
        return image.directory().resolve(image.fileName(layout.file(i)));
    }

    private long fileOffset(int i) {
        return (long) layout.index(i) * StoreSection.BLOCK_BYTES;
    }

    private boolean isStaged(int i) throws IOException {
        return readMatching(path(i), i);
    }

    private boolean copyFromOlderAttempt(int i) throws IOException {
        String prefix = section(i).collectionId() + "@";
        List<Path> attempts;
        try (Stream<Path> all = Files.list(collections)) {
            attempts = all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
        for (Path attempt : attempts) {
            Path file = attempt.resolve(path(i).getFileName());
            if (!file.equals(path(i)) && readMatching(file, i)) {
                put(i, block.clear().limit(layout.length(i)), 0);
                return true;
            }
        }
        return false;
    }

    /** Reads a block's bytes from a file, as they lie there, into {@link #block}; true if the checksum is the one. */
    private boolean readMatching(Path file, int i) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            block.clear().limit(layout.length(i));
            long at = fileOffset(i);
            while (block.hasRemaining()) {
                int count = channel.read(block, at + block.position());
                if (count < 0) {
                    return false;
                }
            }
            return crc(block.flip()) == layout.checksum(i);
        }
    }

    private boolean copyFromLocal(int i, @Nullable CheckpointManifest local) throws IOException {
        if (local == null) {
            return false;
        }
        for (StoreSection mine : local.stores()) {
            if (mine.collectionId() != section(i).collectionId() || !sameFiles(mine, section(i))) {
                continue;
            }
            StoreImage image = mine.image(collections);
            int file = localFile(mine.manifest(), section(i).manifest(), layout.file(i));
            if (file >= 0 && mine.checksums()[file][layout.index(i)] == layout.checksum(i)) {
                try (StoreImage.OpenFile source = image.open(file)) {
                    if (reader.read(source, image.fileBytes(file), layout.index(i)) == layout.checksum(i)) {
                        put(i, reader.bytes().clear().limit(layout.length(i)), 0);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean sameFiles(StoreSection a, StoreSection b) {
        return a.shape().equals(b.shape())
                && a.manifest().sizes().segmentRows() == b.manifest().sizes().segmentRows()
                && a.manifest().sizes().extentBytes() == b.manifest().sizes().extentBytes();
    }

    /** Files are numbered segments first, and the number of segments differs. */
    private static int localFile(StoreManifest mine, StoreManifest theirs, int file) {
        int segments = theirs.sizes().segments();
        if (file < segments) {
            return file < mine.sizes().segments() ? file : -1;
        }
        int extent = file - segments;
        return extent < mine.extentUsed().length ? mine.sizes().segments() + extent : -1;
    }

    private boolean writeZeros(int i) throws IOException {
        int length = layout.length(i);
        MemorySegment.ofBuffer(block.clear()).fill((byte) 0);
        if (crc(block.clear().limit(length)) != layout.checksum(i)) {
            return false;
        }
        put(i, block.clear().limit(length), 0);
        return true;
    }

    private int crc(ByteBuffer bytes) {
        crc.reset();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Takes the next bytes, which begin at {@link #next}.
     *
     * @return false if they completed a block whose checksum is wrong; it is asked for again
     */
    boolean write(long offset, DirectBuffer chunk, int chunkOffset, int length) throws IOException {
        int i = layout.blockAt(offset);
        int at = (int) (offset - layout.start(i));
        if (at + length > layout.length(i)) {
            throw new IOException("chunk of " + length + " bytes at " + offset + " crosses the end of its block");
        }
        if (at == 0) {
            receiving = i;
            received = 0;
        }
        block.clear().position(at);
        chunk.getBytes(chunkOffset, block, length);
        received = at + length;
        if (received < layout.length(i)) {
            return true;
        }
        received = 0;
        if (crc(block.clear().limit(layout.length(i))) != layout.checksum(i)) {
            return false;
        }
        put(i, block.clear().limit(layout.length(i)), 0);
        present.set(i);
        return true;
    }

    private void put(int i, ByteBuffer bytes, int at) throws IOException {
        Path path = path(i);
        FileChannel channel = open;
        if (channel == null || !path.equals(openPath)) {
            close();
            Files.createDirectories(path.getParent());
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            open = channel;
            openPath = path;
        }
        long target = fileOffset(i) + at;
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, target + bytes.position() - start);
        }
    }

    /** Makes all files and their names durable. */
    void force() throws IOException {
        close();
        for (StoreSection store : manifest.stores()) {
            Path directory = collections.resolve(store.directoryName());
            Files.createDirectories(directory);
            store.image(collections).force();
        }
        try (FileChannel channel = FileChannel.open(collections, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
            openPath = null;
        }
    }
}
