package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.segment.DiskBudget;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A graph over the rows 0, 1, 2... of a store, as far as they were inserted.
 *
 * <p>Distances are squared Euclidean; a cosine store inserts vectors of length 1. Threads: {@code insert} and
 * {@code skip} for one builder at a time; searches by pinned readers meanwhile, each with a {@link GraphSearcher}.
 */
public final class VectorGraph implements AutoCloseable {
    private static final int NO_NODE = -1;

    private final GraphConfig config;
    private final NodeBlocks blocks;
    private final Rotation rotation;
    private final GraphBuilder builder;
    private final double[] vectorSum;
    private volatile int entry = NO_NODE;
    private volatile int indexed;
    private int linked;
    private int nextEntryAt = 1024;

    public VectorGraph(Path directory, GraphConfig config, DiskBudget budget) {
        this.config = config;
        NodeBlockLayout layout = NodeBlockLayout.of(config.dimension());
        this.blocks = new NodeBlocks(directory, layout, config.blocksPerFile(), budget);
        this.rotation = new Rotation(layout.paddedDimension(), config.seed());
        this.builder = new GraphBuilder(blocks, rotation, config);
        this.vectorSum = new double[config.dimension()];
    }

    /** How it is built. */
    public GraphConfig config() {
        return config;
    }

    /** Rows below this are in the graph, or were dead when their turn came. */
    @HotPath
    public int indexedAcquire() {
        return indexed;
    }

    /** Nodes that were linked. Builder only. */
    public int linked() {
        return linked;
    }

    /** Where the builder takes the next vector from: fill {@code dimension} components and call {@link #insert}. */
    public float[] vector() {
        return builder.vector();
    }

    /**
     * Links the next row, {@link #indexedAcquire}, with the vector in {@link #vector}. Builder only.
     *
     * @throws io.grape.vectors.model.VectorsException BUDGET_EXCEEDED, DISK_FULL; nothing changed then
     */
    public void insert() {
        int node = indexed;
        float[] vector = builder.vector();
        for (int i = 0; i < vectorSum.length; i++) {
            vectorSum[i] += vector[i];
        }
        Arrays.fill(vector, vectorSum.length, vector.length, 0);
        builder.insert(node, entry);
        linked++;
        // The entry only after the count that covers it: readers read them the other way round.
        indexed = node + 1;
        if (entry == NO_NODE) {
            entry = node;
        }
        if (linked == nextEntryAt) {
            nextEntryAt *= 2;
            entry = nearestToMean();
        }
    }

    /** Passes over the next row, because it is dead. Builder only. */
    public void skip() {
        int node = indexed;
        indexed = node + 1;
    }

    /** The node nearest to the mean is a better entry than an arbitrary one; asked for at each doubling. */
    private int nearestToMean() {
        float[] vector = builder.vector();
        Arrays.fill(vector, 0);
        for (int i = 0; i < vectorSum.length; i++) {
            vector[i] = (float) (vectorSum[i] / linked);
        }
        return builder.nearest(entry, indexed);
    }

    @HotPath
    int entryAcquire() {
        return entry;
    }

    NodeBlocks blocks() {
        return blocks;
    }

    Rotation rotation() {
        return rotation;
    }

    /** Unmaps everything. No reader and no builder may be at work. */
    @Override
    public void close() {
        builder.close();
        blocks.close();
    }
}
