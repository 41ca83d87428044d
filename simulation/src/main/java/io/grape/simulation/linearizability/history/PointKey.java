package io.grape.simulation.linearizability.history;

/**
 * The id of a point: what a history is partitioned by.
 *
 * @param most  upper 64 bits; zero for numeric ids
 * @param least lower 64 bits
 */
public record PointKey(long most, long least) {
    @Override
    public String toString() {
        return Long.toHexString(most) + ":" + Long.toHexString(least);
    }
}
