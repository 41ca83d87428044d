package io.grape.node.state;

/** An applied index with the hash and the size of the state at that index. Reusable; owned by one thread. */
public final class StateSample {
    private long appliedIndex;
    private long hash;
    private long points;

    void set(long newAppliedIndex, long newHash, long newPoints) {
        appliedIndex = newAppliedIndex;
        hash = newHash;
        points = newPoints;
    }

    /** Returns the last applied index. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /** Returns the hash of the state. Replicas at the same index must agree. */
    public long hash() {
        return hash;
    }

    /** Returns the live points of all collections. */
    public long points() {
        return points;
    }
}
