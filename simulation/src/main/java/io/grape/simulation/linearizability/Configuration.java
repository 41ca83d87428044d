package io.grape.simulation.linearizability;

import java.util.Arrays;

/**
 * Where a search has been: the operations that were linearized, in whatever order, and the state that they left.
 */
final class Configuration {
    private final long[] linearized;
    private final PointState state;
    private final int hash;

    /**
     * @param linearized one bit for each operation; copied
     */
    Configuration(long[] linearized, PointState state) {
        this.linearized = linearized.clone();
        this.state = state;
        hash = 31 * Arrays.hashCode(linearized) + state.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Configuration that
                && hash == that.hash
                && state.equals(that.state)
                && Arrays.equals(linearized, that.linearized);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
