package io.grape.vectors.graph;

/**
 * Where a node's code and edges lie in a file of nodes.
 *
 * <pre>
 * Node file v1, little-endian; N nodes a file, S code stride
 * offset   size   field      meaning                                                      order
 *      0     64   header     see {@link NodeFileHeader}                                   once
 *     64    N S   codes      one a node, below                                            once, before the first edge to it
 *      +  N 128   links      32 slots a node: row number + 1 of a neighbour, 0 for none   slot by slot, release / opaque
 *
 * Code, C = 2 ceil(D / 4) bytes rounded up to 4
 * offset   size   field      meaning
 *      0      C   levels     4 bits a rotated, centred component; component i in nibble i % 4 of 16-bit word i / 4
 *  S - 8      4   factor     f of the estimate, see {@link NodeCode}
 *  S - 4      4   norm       squared length of the centred vector
 * </pre>
 *
 * <p>A code is padded to cache lines where that wastes less than a quarter, else to 16 bytes; up to 112 dimensions a
 * candidate is one cache line. A slot stands for itself, so a reader needs no lock around a list that changes: what it
 * reads is a mixture of edges that were or are there, each to a node whose code is complete.
 *
 * @param dimension components of a vector
 * @param nodesPerFile N, a power of two
 */
record NodeLayout(int dimension, int nodesPerFile) {
    /** Edges of a node. */
    static final int DEGREE = 32;

    static final int HEADER_BYTES = 64;
    static final int LINK_BYTES = DEGREE * Integer.BYTES;

    private static final int LINE_BYTES = 64;
    private static final int FINE_BYTES = 16;
    private static final int FACTOR_BYTES = 8;
    private static final int WASTE_DIVISOR = 4;

    /** Components of a rotated vector: a multiple of four. */
    int paddedDimension() {
        return (dimension + 3) & -4;
    }

    /** Bytes from one code to the next. */
    int codeStride() {
        int levels = (paddedDimension() / 2 + 3) & -4;
        int bytes = levels + FACTOR_BYTES;
        int lines = (bytes + LINE_BYTES - 1) & -LINE_BYTES;
        return lines - bytes <= bytes / WASTE_DIVISOR || lines == LINE_BYTES
                ? lines
                : (bytes + FINE_BYTES - 1) & -FINE_BYTES;
    }

    int factorOffset() {
        return codeStride() - FACTOR_BYTES;
    }

    int normOffset() {
        return codeStride() - FACTOR_BYTES / 2;
    }

    long linksOffset() {
        return HEADER_BYTES + (((long) nodesPerFile * codeStride() + LINE_BYTES - 1) & -LINE_BYTES);
    }

    long fileBytes() {
        return linksOffset() + (long) nodesPerFile * LINK_BYTES;
    }

    /** Bytes a node takes. */
    int nodeBytes() {
        return codeStride() + LINK_BYTES;
    }
}
