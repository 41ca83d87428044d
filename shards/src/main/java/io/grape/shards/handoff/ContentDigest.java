package io.grape.shards.handoff;

/**
 * What a set of rows comes to, whatever their order: their number and the sum of their 128-bit hashes.
 *
 * <p>Two replicas, or the source and the destination of a hand-off, hold the same rows when their digests are equal, but for
 * a chance of about 2^-128. Immutable; {@link RowDigest} adds many rows without allocating.
 *
 * @param rows number of rows
 * @param high sum of the upper halves of the rows' hashes, modulo 2^64
 * @param low  sum of the lower halves, modulo 2^64
 */
public record ContentDigest(long rows, long high, long low) {
    /** Of no rows. */
    public static final ContentDigest EMPTY = new ContentDigest(0, 0, 0);
}
