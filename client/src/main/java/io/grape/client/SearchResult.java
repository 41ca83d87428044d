package io.grape.client;

import java.util.List;

/**
 * The nearest points, nearest first.
 *
 * @param hits     at most k
 * @param position the state that the answer saw
 * @param scanned  points compared
 * @param positions the state of each group that the answer saw
 */
public record SearchResult(List<SearchHit> hits, Position position, long scanned, List<Position> positions) {
    /** Copies the list, so that the result cannot change. */
    public SearchResult {
        hits = List.copyOf(hits);
        positions = List.copyOf(positions);
    }

    /** An answer of one group. */
    public SearchResult(List<SearchHit> hits, Position position, long scanned) {
        this(hits, position, scanned, List.of(position));
    }
}
