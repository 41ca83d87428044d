package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Codes and edges of all nodes, in mapped files of a fixed number of nodes, and the number of edges that lead to each.
 *
 * <p>Threads: linkers write, a node's list under its lock in {@link NodeLocks}; pinned readers read without one. The
 * in-degrees are the linkers' own, on the heap, and counted again after a reopening.
 */
final class NodeFiles implements AutoCloseable {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VarHandle SLOT = INT.varHandle();
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int WRITE_AHEAD_NODES = 1024;

    private final Path directory;
    private final NodeLayout layout;
    private final long seed;
    private final DiskBudget budget;
    private final int shift;
    private final int mask;
    private final int codeStride;
    private final long linksOffset;
    private volatile MappedFile[] files = {};
    private volatile MemorySegment[] memories = {};
    private volatile int[][] inDegrees = {};
    private int prepared;

    NodeFiles(Path directory, NodeLayout layout, long seed, DiskBudget budget) {
        this.directory = directory;
        this.layout = layout;
        this.seed = seed;
        this.budget = budget;
        this.shift = Integer.numberOfTrailingZeros(layout.nodesPerFile());
        this.mask = layout.nodesPerFile() - 1;
        this.codeStride = layout.codeStride();
        this.linksOffset = layout.linksOffset();
    }

    NodeLayout layout() {
        return layout;
    }

    /** The mapped files; the array is never changed. */
    @HotPath
    MemorySegment[] memoriesAcquire() {
        return memories;
    }

    /** Which of {@link #memoriesAcquire} holds a node. */
    @HotPath
    int file(int node) {
        return node >>> shift;
    }

    @HotPath
    long codeOffset(int node) {
        return NodeLayout.HEADER_BYTES + (long) (node & mask) * codeStride;
    }

    @HotPath
    long linksOffset(int node) {
        return linksOffset + (long) (node & mask) * NodeLayout.LINK_BYTES;
    }

    /** The neighbour in a slot, or -1. */
    @HotPath
    static int neighbour(MemorySegment memory, long links, int slot) {
        return (int) SLOT.getOpaque(memory, links + ((long) slot << 2)) - 1;
    }

    /**
     * Copies all slots of a list as they are: one more than the neighbour, 0 for none. Each is read whole, because they are
     * aligned, as a mixture of old and new ones; vectors spare the checks of 32 single reads.
     */
    @HotPath
    static void neighbours(MemorySegment memory, long links, int[] into) {
        for (int slot = 0; slot < NodeLayout.DEGREE; slot += INTS.length()) {
            IntVector.fromMemorySegment(INTS, memory, links + ((long) slot << 2), ByteOrder.LITTLE_ENDIAN)
                    .intoArray(into, slot);
        }
    }

    /** Sets a slot, -1 to empty it; whoever reads the neighbour also sees its code. Under the node's lock. */
    @HotPath
    static void neighbourRelease(MemorySegment memory, long links, int slot, int neighbour) {
        SLOT.setRelease(memory, links + ((long) slot << 2), neighbour + 1);
    }

    /** Edges that lead to a node. */
    @HotPath
    int inDegree(int node) {
        return (int) COUNT.getOpaque(inDegrees[node >>> shift], node & mask);
    }

    @HotPath
    void addInEdge(int node) {
        COUNT.getAndAdd(inDegrees[node >>> shift], node & mask, 1);
    }

    /** Counts an edge off, unless it is the last one that leads to the node. */
    @HotPath
    boolean dropInEdge(int node) {
        int[] counts = inDegrees[node >>> shift];
        if ((int) COUNT.getAndAdd(counts, node & mask, -1) > 1) {
            return true;
        }
        COUNT.getAndAdd(counts, node & mask, 1);
        return false;
    }

    /** Counts an edge off, even the last one. */
    @HotPath
    void removeInEdge(int node) {
        COUNT.getAndAdd(inDegrees[node >>> shift], node & mask, -1);
    }

    /**
     * Makes sure that a node may be written. One linker at a time, nodes in order.
     *
     * @throws io.grape.vectors.model.VectorsException BUDGET_EXCEEDED, DISK_FULL; nothing changed then
     */
    void prepare(int node) {
        while (node >>> shift >= files.length) {
            createFile();
        }
        if (node >= prepared) {
            int index = node >>> shift;
            int end = (int) Math.min((long) (index + 1) << shift, (long) node + WRITE_AHEAD_NODES);
            int first = node & mask;
            int count = end - node;
            files[index].zeroFill(codeOffset(node), codeOffset(node) + (long) count * codeStride);
            files[index].zeroFill(linksOffset(node), linksOffset(node) + (long) count * NodeLayout.LINK_BYTES);
            assert first + count <= layout.nodesPerFile();
            prepared = end;
        }
    }

    private void createFile() {
        Path path = path(files.length);
        long bytes = layout.fileBytes();
        budget.reserve(path, bytes);
        try {
            Files.deleteIfExists(path);
            MappedFile file = MappedFile.create(path, bytes);
            try {
                file.zeroFill(0, NodeLayout.HEADER_BYTES);
                // A vector load at the last code may reach into the links, which must exist by then.
                file.zeroFill(linksOffset, linksOffset + NodeLayout.LINK_BYTES);
                NodeFileHeader.write(file.memory(), layout, seed, files.length);
                add(file);
            } catch (RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            budget.release(bytes);
            throw new VectorsException(Reason.IO_FAILED, "cannot replace " + path, e);
        } catch (RuntimeException e) {
            budget.release(bytes);
            throw e;
        }
    }

    /**
     * Maps the files that hold nodes below {@code count}.
     *
     * @throws io.grape.vectors.model.VectorsException CORRUPT_FILE, UNSUPPORTED_VERSION, SHAPE_MISMATCH, IO_FAILED
     */
    void open(int count) {
        for (int first = 0; first < count; first += layout.nodesPerFile()) {
            MappedFile file = MappedFile.open(path(files.length), layout.fileBytes());
            try {
                NodeFileHeader.check(file.path(), file.memory(), layout, seed, files.length);
            } catch (RuntimeException e) {
                file.close();
                throw e;
            }
            budget.adopt(file.bytes());
            add(file);
        }
        prepared = count;
    }

    private void add(MappedFile file) {
        int[][] moreCounts = Arrays.copyOf(inDegrees, inDegrees.length + 1);
        moreCounts[inDegrees.length] = new int[layout.nodesPerFile()];
        MemorySegment[] moreMemories = Arrays.copyOf(memories, memories.length + 1);
        moreMemories[memories.length] = file.memory();
        MappedFile[] more = Arrays.copyOf(files, files.length + 1);
        more[files.length] = file;
        inDegrees = moreCounts;
        memories = moreMemories;
        files = more;
    }

    private Path path(int index) {
        return directory.resolve("graph-" + index);
    }

    /** Bytes of the files that {@code count} nodes would need beside those that exist. Any thread. */
    long newFileBytes(long count) {
        long needed = (count + layout.nodesPerFile() - 1) >>> shift;
        return Math.max(0, needed - files.length) * layout.fileBytes();
    }

    /** Gives back what {@link #open} counted, after a close. */
    void releaseAll() {
        budget.release(files.length * layout.fileBytes());
    }

    /** Forces all files. */
    void force() {
        for (MappedFile file : files) {
            file.force();
        }
    }

    @Override
    public void close() {
        for (MappedFile file : files) {
            file.close();
        }
    }
}
