package io.grape.client;

import java.util.List;

/**
 * Points by id.
 *
 * @param points   one for each id asked, in the order asked
 * @param position the state that the answer saw
 */
public record GetResult(List<StoredPoint> points, Position position) {
    /** Copies the list, so that the result cannot change. */
    public GetResult {
        points = List.copyOf(points);
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
