package io.grape.vectors.graph;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;

/**
 * How a graph is built.
 *
 * @param dimension components of a vector, before padding
 * @param blocksPerFile nodes a file holds, a power of two
 * @param buildBeam nodes kept while searching for neighbours of a new node
 * @param alpha how much farther than through a neighbour a direct edge must be to be dropped, 1..2, on distances
 * @param seed of the rotation; part of the format, as codes depend on it
 */
public record GraphConfig(int dimension, int blocksPerFile, int buildBeam, float alpha, long seed) {
    private static final long TARGET_FILE_BYTES = 64L << 20;
    private static final int DEFAULT_BUILD_BEAM = 128;
    private static final float DEFAULT_ALPHA = 1.1f;
    private static final long DEFAULT_SEED = 0x6772617065L;

    public GraphConfig {
        require(dimension >= 1 && dimension <= 4096, "dimension", dimension);
        require(blocksPerFile >= 16 && Integer.bitCount(blocksPerFile) == 1, "blocksPerFile", blocksPerFile);
        require(buildBeam >= NodeBlockLayout.DEGREE && buildBeam <= 4096, "buildBeam", buildBeam);
        require(alpha >= 1 && alpha <= 2, "alpha in hundredths", (long) (alpha * 100));
    }

    /** The usual values: files of about 64 MiB. */
    public static GraphConfig of(int dimension) {
        long blocks = TARGET_FILE_BYTES / NodeBlockLayout.of(dimension).blockBytes();
        int blocksPerFile = (int) Long.highestOneBit(Math.max(16, blocks));
        return new GraphConfig(dimension, blocksPerFile, DEFAULT_BUILD_BEAM, DEFAULT_ALPHA, DEFAULT_SEED);
    }

    private static void require(boolean condition, String name, long value) {
        if (!condition) {
            throw new VectorsException(Reason.INVALID_CONFIG, name + " " + value + " is out of range");
        }
    }
}
