package io.grape.vectors.query;

import io.grape.vectors.model.HotPath;
import java.util.Arrays;

/**
 * A set of 128-bit ids that is filled again for every search: open addressing over the ids in their order of adding.
 *
 * <p>Allocates only when it holds more than ever before. One thread.
 */
public final class IdSet {
    private static final int FIRST_CAPACITY = 16;
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private long[] mosts = new long[FIRST_CAPACITY];
    private long[] leasts = new long[FIRST_CAPACITY];
    /** Place of an id + 1, or 0; twice to four times as long as the ids are many. */
    private int[] table = new int[2 * FIRST_CAPACITY];

    private int size;

    /** Empties the set. */
    @HotPath
    public void clear() {
        if (size > 0) {
            Arrays.fill(table, 0);
            size = 0;
        }
    }

    /**
     * Adds an id.
     *
     * @return whether it was not there yet
     */
    @HotPath
    public boolean add(long most, long least) {
        if (size == mosts.length) {
            grow();
        }
        int slot = find(most, least);
        if (table[slot] != 0) {
            return false;
        }
        mosts[size] = most;
        leasts[size] = least;
        table[slot] = ++size;
        return true;
    }

    /** Returns whether an id is in the set. */
    @HotPath
    public boolean contains(long most, long least) {
        return size > 0 && table[find(most, least)] != 0;
    }

    /** Returns the number of ids. */
    @HotPath
    public int size() {
        return size;
    }

    /** Returns the upper half of id {@code i}, in the order of adding. */
    @HotPath
    public long most(int i) {
        return mosts[i];
    }

    /** Returns the lower half of id {@code i}. */
    @HotPath
    public long least(int i) {
        return leasts[i];
    }

    /** The slot of an id, or the free one where it belongs. */
    @HotPath
    private int find(long most, long least) {
        int mask = table.length - 1;
        long mixed = (most * FACTOR ^ least) * FACTOR;
        int slot = (int) (mixed >>> 32) & mask;
        while (table[slot] != 0) {
            int place = table[slot] - 1;
            if (leasts[place] == least && mosts[place] == most) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        mosts = Arrays.copyOf(mosts, 2 * size);
        leasts = Arrays.copyOf(leasts, 2 * size);
        table = new int[4 * size];
        for (int i = 0; i < size; i++) {
            table[find(mosts[i], leasts[i])] = i + 1;
        }
    }
}
