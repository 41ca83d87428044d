package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The blocks of all nodes, in mapped files of a fixed number of blocks.
 *
 * <p>Threads: one builder writes; pinned readers read, and check the version around what is written under it.
 */
final class NodeBlocks implements AutoCloseable {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle VERSION =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final int WRITE_AHEAD_BLOCKS = 1024;

    private final Path directory;
    private final NodeBlockLayout layout;
    private final DiskBudget budget;
    private final int shift;
    private final int mask;
    private final int blockBytes;
    private volatile MappedFile[] files = {};
    private volatile MemorySegment[] memories = {};
    private int prepared;

    NodeBlocks(Path directory, NodeBlockLayout layout, int blocksPerFile, DiskBudget budget) {
        this.directory = directory;
        this.layout = layout;
        this.budget = budget;
        this.shift = Integer.numberOfTrailingZeros(blocksPerFile);
        this.mask = blocksPerFile - 1;
        this.blockBytes = layout.blockBytes();
    }

    NodeBlockLayout layout() {
        return layout;
    }

    /** The memory that holds a node's block. */
    @HotPath
    MemorySegment memory(int node) {
        return memories[node >>> shift];
    }

    /** Where the block starts in {@link #memory}. */
    @HotPath
    long offset(int node) {
        return (long) (node & mask) * blockBytes;
    }

    /** Makes sure that the block of {@code node} may be written. Builder only. */
    void prepare(int node) {
        while (node >>> shift >= files.length) {
            addFile();
        }
        if (node >= prepared) {
            int file = node >>> shift;
            int end = (int) Math.min((long) (file + 1) << shift, (long) node + WRITE_AHEAD_BLOCKS);
            long base = (long) file << shift;
            files[file].zeroFill((node - base) * blockBytes, (end - base) * blockBytes);
            prepared = end;
        }
    }

    private void addFile() {
        Path path = directory.resolve("graph-" + files.length);
        long bytes = (long) blockBytes << shift;
        budget.reserve(path, bytes);
        MappedFile file;
        try {
            file = MappedFile.create(path, bytes);
        } catch (RuntimeException e) {
            budget.release(bytes);
            throw e;
        }
        MappedFile[] more = Arrays.copyOf(files, files.length + 1);
        more[files.length] = file;
        MemorySegment[] moreMemories = Arrays.copyOf(memories, memories.length + 1);
        moreMemories[memories.length] = file.memory();
        files = more;
        memories = moreMemories;
    }

    /** The version before reading; odd means that the builder is inside. */
    @HotPath
    static long versionAcquire(MemorySegment memory, long block) {
        return (long) VERSION.getAcquire(memory, block + NodeBlockLayout.VERSION_OFFSET);
    }

    /** Whether nothing was written since {@link #versionAcquire} returned {@code before}. */
    @HotPath
    static boolean unchanged(MemorySegment memory, long block, long before) {
        VarHandle.acquireFence();
        return (before & 1) == 0 && (long) VERSION.getOpaque(memory, block + NodeBlockLayout.VERSION_OFFSET) == before;
    }

    /** Opens a block for writing. Builder only. */
    @HotPath
    static void beginWrite(MemorySegment memory, long block) {
        long version = (long) VERSION.getOpaque(memory, block + NodeBlockLayout.VERSION_OFFSET);
        VERSION.setOpaque(memory, block + NodeBlockLayout.VERSION_OFFSET, version + 1);
        VarHandle.storeStoreFence();
    }

    /** Closes a block after writing. Builder only. */
    @HotPath
    static void endWrite(MemorySegment memory, long block) {
        long version = (long) VERSION.getOpaque(memory, block + NodeBlockLayout.VERSION_OFFSET);
        VERSION.setRelease(memory, block + NodeBlockLayout.VERSION_OFFSET, version + 1);
    }

    /** Exact squared distance of two nodes. */
    @HotPath
    float squaredDistance(int a, int b) {
        int vector = layout.vectorOffset();
        return GraphDistance.squared(
                memory(a), offset(a) + vector, memory(b), offset(b) + vector, layout.vectorBytes());
    }

    /** Exact squared distance of a node to a rotated, padded query. */
    @HotPath
    float squaredDistance(int node, MemorySegment query) {
        return GraphDistance.squared(
                memory(node), offset(node) + layout.vectorOffset(), query, 0, layout.vectorBytes());
    }

    @Override
    public void close() {
        for (MappedFile file : files) {
            file.close();
        }
    }
}
