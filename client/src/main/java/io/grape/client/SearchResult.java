package io.grape.client;

import java.util.List;

/**
 * The nearest points, nearest first.
 *
 * @param hits     at most k
 * @param position the state that the answer saw
 * @param scanned  points compared one by one
 * @param positions the state of each group that the answer saw
 * @param exact    whether these are certain to be the nearest of the points that were asked for
 * @param ef       candidates kept in the graph; 0 if the graph was not asked
 */
public record SearchResult(
        List<SearchHit> hits, Position position, long scanned, List<Position> positions, boolean exact, int ef) {
    /** Copies the list, so that the result cannot change. */
    public SearchResult {
        hits = List.copyOf(hits);
        positions = List.copyOf(positions);
    }

    /** An answer of one group. */
    public SearchResult(List<SearchHit> hits, Position position, long scanned) {
        this(hits, position, scanned, List.of(position), true, 0);
    }
}
