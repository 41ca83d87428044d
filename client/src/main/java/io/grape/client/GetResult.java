package io.grape.client;

import java.util.List;

/**
 * Points by id.
 *
 * @param points   one for each id asked, in the order asked
 * @param position the state that the answer saw; the last of {@code positions}
 * @param positions the state of each group that the answer saw
 */
public record GetResult(List<StoredPoint> points, Position position, List<Position> positions) {
    /** Copies the list, so that the result cannot change. */
    public GetResult {
        points = List.copyOf(points);
        positions = List.copyOf(positions);
    }

    /** An answer of one group. */
    public GetResult(List<StoredPoint> points, Position position) {
        this(points, position, List.of(position));
    }

    /** Returns how many of the asked points are present. */
    public int presentCount() {
        int count = 0;
        for (StoredPoint point : points) {
            if (point.isPresent()) {
                count++;
            }
        }
        return count;
    }
}
