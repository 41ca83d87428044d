package io.grape.vectors;

import io.grape.vectors.model.HotPath;

/**
 * The k best rows seen so far: a binary heap with the worst on top, in parallel arrays.
 *
 * <p>A smaller key is better; equal keys are ordered by unsigned id, so that the result does not depend on the order in
 * which rows were seen. One thread.
 */
final class TopK {
    private float[] keys = {};
    private long[] mosts = {};
    private long[] leasts = {};
    private long[] versions = {};
    private int limit;
    private int count;
    private float worst = Float.POSITIVE_INFINITY;

    /**
     * Empties the heap and sets its limit; allocates only when the limit exceeds all before.
     *
     * @param worstKey largest key that has a chance at all
     */
    void reset(int k, float worstKey) {
        worst = worstKey;
        if (keys.length < k) {
            keys = new float[k];
            mosts = new long[k];
            leasts = new long[k];
            versions = new long[k];
        }
        limit = k;
        count = 0;
    }

    /** The key that a row must not exceed to have a chance. */
    @HotPath
    float threshold() {
        return count < limit ? worst : keys[0];
    }

    /** Offers a row that {@link #threshold} lets through; drops the worst when there are more than k. */
    @HotPath
    void offer(float key, long idMost, long idLeast, long version) {
        if (count < limit) {
            int child = count++;
            while (child > 0) {
                int parent = (child - 1) >>> 1;
                if (!worse(key, idMost, idLeast, parent)) {
                    break;
                }
                move(parent, child);
                child = parent;
            }
            set(child, key, idMost, idLeast, version);
        } else if (!worse(key, idMost, idLeast, 0)) {
            siftDown(key, idMost, idLeast, version, count);
        }
    }

    /** Orders the rows best first. */
    @HotPath
    void sort() {
        for (int end = count - 1; end > 0; end--) {
            float key = keys[end];
            long most = mosts[end];
            long least = leasts[end];
            long version = versions[end];
            move(0, end);
            siftDown(key, most, least, version, end);
        }
    }

    @HotPath
    private void siftDown(float key, long most, long least, long version, int size) {
        int parent = 0;
        for (; ; ) {
            int child = 2 * parent + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && worse(keys[child + 1], mosts[child + 1], leasts[child + 1], child)) {
                child++;
            }
            if (worse(key, most, least, child)) {
                break;
            }
            move(child, parent);
            parent = child;
        }
        set(parent, key, most, least, version);
    }

    /** Whether (key, id) is worse than the row at {@code index}. */
    @HotPath
    private boolean worse(float key, long most, long least, int index) {
        if (key != keys[index]) {
            return key > keys[index];
        }
        int order = Long.compareUnsigned(most, mosts[index]);
        return order != 0 ? order > 0 : Long.compareUnsigned(least, leasts[index]) > 0;
    }

    @HotPath
    private void move(int from, int to) {
        set(to, keys[from], mosts[from], leasts[from], versions[from]);
    }

    @HotPath
    private void set(int index, float key, long most, long least, long version) {
        keys[index] = key;
        mosts[index] = most;
        leasts[index] = least;
        versions[index] = version;
    }

    int count() {
        return count;
    }

    float key(int index) {
        return keys[index];
    }

    long idMost(int index) {
        return mosts[index];
    }

    long idLeast(int index) {
        return leasts[index];
    }

    long version(int index) {
        return versions[index];
    }
}
