package io.grape.raft.core.quorum;

import io.grape.codecs.HotPath;

/**
 * Majorities. Paper, section 5.3; joint majorities: section 6.
 *
 * <p>An empty set of voters agrees to everything, so that a joint decision is the minimum of two halves of which one may be
 * empty.
 */
public final class Quorum {
    private Quorum() {}

    /** Returns the least number of {@code voters} that is more than half. */
    public static int majority(int voters) {
        return voters / 2 + 1;
    }

    /**
     * Returns the greatest value that a majority has reached.
     *
     * @param values one per voter; sorted in place
     * @param count  number of voters
     * @return the value, or {@link Long#MAX_VALUE} without voters
     */
    @HotPath
    public static long reached(long[] values, int count) {
        if (count == 0) {
            return Long.MAX_VALUE;
        }
        for (int i = 1; i < count; i++) {
            long value = values[i];
            int j = i - 1;
            while (j >= 0 && values[j] > value) {
                values[j + 1] = values[j];
                j--;
            }
            values[j + 1] = value;
        }
        return values[count - majority(count)];
    }
}
