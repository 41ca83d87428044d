package io.grape.client;

import java.util.List;

/**
 * How many live points a collection has.
 *
 * @param points    their number in all groups
 * @param positions the state of each group that was counted
 */
public record CountResult(long points, List<Position> positions) {
    /** Copies the list, so that the result cannot change. */
    public CountResult {
        positions = List.copyOf(positions);
    }
}
