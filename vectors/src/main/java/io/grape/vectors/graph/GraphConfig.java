package io.grape.vectors.graph;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;

/**
 * How a graph is built.
 *
 * @param dimension components of a vector
 * @param nodesPerFile nodes a file holds, a power of two
 * @param buildBeam nodes kept while searching for neighbours of a new node
 * @param firstRows rows that must exist before the first is linked: their mean becomes the origin of all codes
 * @param seed of the rotation; part of the format, as codes depend on it
 */
public record GraphConfig(int dimension, int nodesPerFile, int buildBeam, int firstRows, long seed) {
    private static final long TARGET_FILE_BYTES = 64L << 20;
    private static final int DEFAULT_BUILD_BEAM = 128;
    private static final int DEFAULT_FIRST_ROWS = 256;
    private static final long DEFAULT_SEED = 0x6772617065L;

    public GraphConfig {
        require(dimension >= 1 && dimension <= 4096, "dimension", dimension);
        require(nodesPerFile >= 16 && Integer.bitCount(nodesPerFile) == 1, "nodesPerFile", nodesPerFile);
        require(buildBeam >= NodeLayout.DEGREE && buildBeam <= 4096, "buildBeam", buildBeam);
        require(firstRows >= 1 && firstRows <= 1 << 16, "firstRows", firstRows);
    }

    /** The usual values: files of about 64 MiB. */
    public static GraphConfig of(int dimension) {
        long nodes = TARGET_FILE_BYTES / new NodeLayout(dimension, 1).nodeBytes();
        int nodesPerFile = (int) Long.highestOneBit(Math.max(16, nodes));
        return new GraphConfig(dimension, nodesPerFile, DEFAULT_BUILD_BEAM, DEFAULT_FIRST_ROWS, DEFAULT_SEED);
    }

    private static void require(boolean condition, String name, long value) {
        if (!condition) {
            throw new VectorsException(Reason.INVALID_CONFIG, name + " " + value + " is out of range");
        }
    }
}
