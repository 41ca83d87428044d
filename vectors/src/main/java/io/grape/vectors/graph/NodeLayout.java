package io.grape.vectors.graph;

/**
 * Where a node's code and edges lie in a file of nodes.
 *
 * <pre>
 * Node file v2, little-endian; N nodes a file, S code stride
 * offset   size   field      meaning                                                      order
 *      0     64   header     see {@link NodeFileHeader}                                   once
 *     64    N S   codes      one a node, below                                            once, before the first edge to it
 *      +  N 128   links      32 slots a node: row number + 1 of a neighbour, 0 for none   slot by slot, release / opaque
 *
 * Code of up to {@value #LARGEST_PLAIN} components, W = ceil(D / 4) words
 * offset   size   field      meaning
 *      0    2 W   levels     4 bits a rotated, centred component; component n W + w in nibble n of 16-bit word w
 *  S - 8      4   factor     f of the estimate, see {@link NodeCode}
 *  S - 4      4   norm       squared length of the centred vector
 *
 * Code of more components, G = 8 ceil(D / 64)
 * offset   size   field      meaning
 *      0      G   signs      1 bit a component: above zero; component i in bit i % 8 of byte i / 8
 *      G      4   signFactor f of the estimate by signs
 * G +  4      4   signError  its standard error for a query of length 1, on the scale of squared distances
 * G +  8      4   norm       as above
 * G + 12      4   factor     as above
 *      L    2 W   levels     as above; L = G + 16 rounded up to 64
 * </pre>
 *
 * <p>Codes are padded to cache lines. Up to 112 dimensions a candidate is one line; of a longer code a search reads the first
 * line or two, and the levels only of what may be near enough. A slot stands for itself, so a reader needs no lock
 * around a list that changes: what it reads is a mixture of edges that were or are there, each to a node whose code is complete.
 *
 * @param dimension components of a vector
 * @param nodesPerFile N, a power of two
 */
record NodeLayout(int dimension, int nodesPerFile) {
    /** Edges of a node. */
    static final int DEGREE = 32;

    static final int HEADER_BYTES = 64;
    static final int LINK_BYTES = DEGREE * Integer.BYTES;
    /** Most components whose levels and factors fit a cache line, which makes signs of no use. */
    static final int LARGEST_PLAIN = 112;

    private static final int LINE_BYTES = 64;
    private static final int FACTOR_BYTES = 8;
    private static final int SIGN_FACTOR_BYTES = 16;

    /** Components of a rotated vector: a multiple of four. */
    int paddedDimension() {
        return (dimension + 3) & -4;
    }

    /** 16-bit words of the levels. */
    int words() {
        return paddedDimension() / 4;
    }

    /** Whether signs come before the levels. */
    boolean hasSigns() {
        return dimension > LARGEST_PLAIN;
    }

    /** Bytes of the signs. */
    int signBytes() {
        return hasSigns() ? (dimension + 63) / 64 * 8 : 0;
    }

    /** Where the factor and the error of the signs lie. */
    int signFactorOffset() {
        return signBytes();
    }

    int levelOffset() {
        return hasSigns() ? toLines(signBytes() + SIGN_FACTOR_BYTES) : 0;
    }

    /** Bytes from one code to the next. */
    int codeStride() {
        int levels = 2 * words();
        return toLines(levelOffset() + levels + (hasSigns() ? 0 : FACTOR_BYTES));
    }

    int factorOffset() {
        return hasSigns() ? signBytes() + SIGN_FACTOR_BYTES - Float.BYTES : codeStride() - FACTOR_BYTES;
    }

    int normOffset() {
        return hasSigns() ? signBytes() + FACTOR_BYTES : codeStride() - Float.BYTES;
    }

    long linksOffset() {
        return HEADER_BYTES + (long) nodesPerFile * codeStride();
    }

    long fileBytes() {
        return linksOffset() + (long) nodesPerFile * LINK_BYTES;
    }

    /** Bytes a node takes. */
    int nodeBytes() {
        return codeStride() + LINK_BYTES;
    }

    private static int toLines(int bytes) {
        return (bytes + LINE_BYTES - 1) & -LINE_BYTES;
    }
}
