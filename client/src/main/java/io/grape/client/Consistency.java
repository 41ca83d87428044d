package io.grape.client;

import io.grape.codecs.HotPath;
import java.util.List;

/**
 * How new the state that answers a read must be.
 *
 * @param kind        which promise
 * @param minPosition the index that the replica must have applied, in every group that {@code positions} does not name; only
 *                    for {@link Kind#AT_LEAST_POSITION}, else 0
 * @param positions   what must have been applied in each of these groups
 */
public record Consistency(Kind kind, long minPosition, List<Position> positions) {
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
        positions = List.copyOf(positions);
        boolean isNegative = minPosition < 0 || positions.stream().anyMatch(position -> position.index() < 0);
        boolean hasOne = minPosition != 0 || !positions.isEmpty();
        if (isNegative || (kind != Kind.AT_LEAST_POSITION && hasOne)) {
            throw new IllegalArgumentException("minPosition " + minPosition + " does not fit " + kind);
        }
    }

    /** The same index in every group: what a cluster of one group has positions of. */
    public Consistency(Kind kind, long minPosition) {
        this(kind, minPosition, List.of());
    }

    /**
     * Reads one's own write on any replica.
     *
     * @param position of a {@link WriteResult} or of an earlier read
     * @return a consistency that waits for it
     */
    public static Consistency atLeast(Position position) {
        return atLeast(List.of(position));
    }

    /**
     * Reads one's own write of several groups on any replicas.
     *
     * @param positions of a {@link WriteResult} or of an earlier read, at most one for each group
     * @return a consistency that waits for them, and for nothing in other groups
     */
    public static Consistency atLeast(List<Position> positions) {
        return new Consistency(Kind.AT_LEAST_POSITION, 0, positions);
    }

    /** Returns the index that a replica of the group must have applied. */
    @HotPath
    public long minPosition(int groupId) {
        for (int i = 0; i < positions.size(); i++) {
            if (positions.get(i).groupId() == groupId) {
                return positions.get(i).index();
            }
        }
        return minPosition;
    }
}
