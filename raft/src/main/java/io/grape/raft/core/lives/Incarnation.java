package io.grape.raft.core.lives;

import io.grape.codecs.HotPath;

/**
 * The number of one life of a node's process over its disk, as it travels in every message.
 *
 * <pre>
 *  63 | 62 .. 32          | 31 .. 0
 *   0 | drawn at a start  | number of the start, from 1
 * </pre>
 *
 * <p>The start number orders the lives of one disk. The drawn part tells two lives of the same number apart: an old copy of
 * a disk counts on from where the copy was made, and so gives out numbers that were given out before.
 */
public final class Incarnation {
    private static final int DRAWN_SHIFT = Integer.SIZE;
    private static final long START_MASK = 0xFFFF_FFFFL;

    private Incarnation() {}

    /**
     * Returns the number of a life.
     *
     * @param start  number of the start of this disk, at most 2^32 - 1
     * @param random drawn at this start; its sign is not used
     */
    public static long of(long start, int random) {
        return (long) (random & Integer.MAX_VALUE) << DRAWN_SHIFT | (start & START_MASK);
    }

    /** Returns whether a life of a disk began after another one of the same disk. */
    @HotPath
    public static boolean isLater(long incarnation, long than) {
        return (incarnation & START_MASK) > (than & START_MASK);
    }
}
