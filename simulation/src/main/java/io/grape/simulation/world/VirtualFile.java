package io.grape.simulation.world;

import io.grape.raft.journal.segment.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * A file of a {@link VirtualDisk}: what programs see (the page cache) and what the platters hold, sector by sector.
 */
final class VirtualFile implements JournalFile {
    private static final int SECTOR_BYTES = VirtualDisk.SECTOR_BYTES;
    private static final int SALVAGE_TRIES = 16;

    private final VirtualDisk disk;
    private final Path path;
    private ByteBuffer cache = ByteBuffer.allocate(0);
    private byte[] platter = new byte[0];
    private final BitSet unforced = new BitSet();
    private final BitSet bad = new BitSet();

    VirtualFile(VirtualDisk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    Path path() {
        return path;
    }

    @Override
    public long length() {
        return cache.capacity();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        int end = (int) position + source.remaining();
        disk.onWrite(path, Math.max(0, end - cache.capacity()));
        if (end > cache.capacity()) {
            ByteBuffer longer = ByteBuffer.allocate(end);
            longer.put(0, cache, 0, cache.capacity());
            cache = longer;
        }
        if (source.hasRemaining()) {
            unforced.set((int) position / SECTOR_BYTES, (end + SECTOR_BYTES - 1) / SECTOR_BYTES);
        }
        cache.put((int) position, source, source.position(), source.remaining());
        source.position(source.limit());
    }

    @Override
    public void force() throws IOException {
        if (disk.mustFailForce()) {
            // What a failed force leaves: pages that are marked clean and may never reach the platters.
            surviveInPart(disk.random());
            throw new IOException("Input/output error (simulated force of " + path + ")");
        }
        if (disk.forgetsForces()) {
            return;
        }
        if (platter.length < cache.capacity()) {
            platter = java.util.Arrays.copyOf(platter, cache.capacity());
        }
        for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
            store(sector);
        }
        unforced.clear();
    }

    private void store(int sector) {
        int at = sector * SECTOR_BYTES;
        cache.get(at, platter, at, Math.min(SECTOR_BYTES, platter.length - at));
        bad.clear(sector);
    }

    private void surviveInPart(SplittableRandom random) {
        int length = platter.length;
        if (length < cache.capacity() && random.nextBoolean()) {
            platter = java.util.Arrays.copyOf(platter, cache.capacity());
            length = platter.length;
        }
        for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
            if (sector * SECTOR_BYTES < length && random.nextBoolean()) {
                store(sector);
            }
        }
        unforced.clear();
    }

    /** The power goes: each unforced sector is on the platters or is not, as chance has it. */
    void cutPower(SplittableRandom random) {
        surviveInPart(random);
        cache = ByteBuffer.wrap(platter.clone());
    }

    /** The process is killed: the system still has everything, and will write it back. */
    void kill() {
        cache = ByteBuffer.wrap(java.util.Arrays.copyOf(cache.array(), cache.capacity()));
    }

    /**
     * Flips one bit of a sector that is on the platters and holds something.
     *
     * @return whether there was such a sector before {@code limit}
     */
    boolean flipBit(SplittableRandom random, int limit) {
        int sectors = Math.min(limit, platter.length) / SECTOR_BYTES;
        for (int attempt = 0; attempt < SALVAGE_TRIES && sectors > 0; attempt++) {
            int sector = random.nextInt(sectors);
            int at = sector * SECTOR_BYTES + random.nextInt(SECTOR_BYTES);
            if (!unforced.get(sector) && platter[at] != 0) {
                platter[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                bad.set(sector);
                return true;
            }
        }
        return false;
    }

    /** Returns whether a flipped bit is still there. */
    boolean isDamaged() {
        return !bad.isEmpty();
    }

    /** For readers only: simulated nodes use the back end that writes at a position, and crashes need to see each write. */
    @Override
    public ByteBuffer map(boolean writable, int lengthBytes) {
        if (writable) {
            throw new UnsupportedOperationException("stores into a mapping cannot be followed sector by sector");
        }
        return cache.duplicate().limit(lengthBytes).slice();
    }

    /** Never called, since {@link #map} gives no writable mapping to force. */
    @Override
    public void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) {
        throw new UnsupportedOperationException("no mapping is writable");
    }

    @Override
    public void unmap(ByteBuffer mapping) {}

    @Override
    public void close() {}
}
