package io.grape.vectors.graph;

/**
 * What lies where in the block of a node.
 *
 * <pre>
 * NodeBlock v1, little-endian; D = dimension padded to a multiple of 64
 * offset  size  field        meaning                                                     order
 *      0     8  version      odd while edges are written; readers retry                  release / acquire
 *      8     4  degree       edges in use, 0..32                                         under version
 *     12     4  fillers      bit j: edge j only fills a slot, and goes first             under version
 *     16     4  linked       1 once the node is in the graph                             under version
 *     20    44  reserved     zero
 *     64   128  neighbour    32 node numbers                                             under version
 *    192   128  distance     squared distance to each neighbour, float32                 builder only
 *    320   128  offsetTerm   A of the estimate, float32, one an edge                     under version
 *    448   128  slope        B of the estimate, float32, one an edge                     under version
 *    576   4 D  codes        sign bits of the 32 residuals, packed for {@link NeighbourScan}   under version
 *      +   4 D  vector       the rotated vector, float32                                 once, before linked
 * </pre>
 *
 * <p>The estimated squared distance of a query q to neighbour j of node c is {@code |q-c|^2 + A_j + B_j * S_j}, where S
 * is the sum of the rotated query's components signed by the code: see {@link EdgeEncoder}. Everything starts on a cache
 * line, and a block is a multiple of one. Every neighbour array is in slot order; slot j's code is in byte lane
 * {@code 2j} for j < 16 and {@code 2(j-16)+1} otherwise, so that widening even and odd bytes gives slots in order.
 *
 * @param paddedDimension D
 */
public record NodeBlockLayout(int paddedDimension) {
    /** Edges of a node. */
    public static final int DEGREE = 32;

    static final int VERSION_OFFSET = 0;
    static final int DEGREE_OFFSET = 8;
    static final int FILLERS_OFFSET = 12;
    static final int LINKED_OFFSET = 16;
    static final int NEIGHBOUR_OFFSET = 64;
    static final int DISTANCE_OFFSET = NEIGHBOUR_OFFSET + DEGREE * Integer.BYTES;
    static final int OFFSET_TERM_OFFSET = DISTANCE_OFFSET + DEGREE * Float.BYTES;
    static final int SLOPE_OFFSET = OFFSET_TERM_OFFSET + DEGREE * Float.BYTES;
    static final int CODES_OFFSET = SLOPE_OFFSET + DEGREE * Float.BYTES;

    private static final int DIMENSION_MULTIPLE = 64;

    /** The layout for vectors of {@code dimension} components. */
    public static NodeBlockLayout of(int dimension) {
        return new NodeBlockLayout((dimension + DIMENSION_MULTIPLE - 1) & -DIMENSION_MULTIPLE);
    }

    int codesBytes() {
        return paddedDimension * DEGREE / Byte.SIZE;
    }

    int vectorOffset() {
        return CODES_OFFSET + codesBytes();
    }

    int vectorBytes() {
        return paddedDimension * Float.BYTES;
    }

    /** Bytes from one block to the next. */
    public int blockBytes() {
        return vectorOffset() + vectorBytes();
    }
}
