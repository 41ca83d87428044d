package io.grape.client;

/**
 * How new the state that answers a read must be.
 *
 * @param kind        which promise
 * @param minPosition the index that the replica must have applied; only for {@link Kind#AT_LEAST_POSITION}, else 0
 */
public record Consistency(Kind kind, long minPosition) {
    /** The three promises. */
    public enum Kind {
        /** At least as new as every write acknowledged before the read began; answered by the leader. */
        LINEARIZABLE,
        /** The replica waits until it has applied a position. */
        AT_LEAST_POSITION,
        /** Whatever the replica has applied. */
        LOCAL
    }

    /** At least as new as every write acknowledged before the read began. */
    public static final Consistency LINEARIZABLE = new Consistency(Kind.LINEARIZABLE, 0);

    /** Whatever the replica that is asked has applied. */
    public static final Consistency LOCAL = new Consistency(Kind.LOCAL, 0);

    /** Refuses a negative position, and a position beside a promise that has none. */
    public Consistency {
        if (minPosition < 0 || (kind != Kind.AT_LEAST_POSITION && minPosition != 0)) {
            throw new IllegalArgumentException("minPosition " + minPosition + " does not fit " + kind);
        }
    }

    /**
     * Reads one's own write on any replica.
     *
     * @param position of a {@link WriteResult} or of an earlier read
     * @return a consistency that waits for it
     */
    public static Consistency atLeast(Position position) {
        return new Consistency(Kind.AT_LEAST_POSITION, position.index());
    }
}
