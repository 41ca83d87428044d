package io.grape.client;

import java.util.List;

/**
 * The nearest points, nearest first.
 *
 * @param hits     at most k
 * @param position the state that the answer saw
 * @param scanned  points compared
 */
public record SearchResult(List<SearchHit> hits, Position position, long scanned) {
    /** Copies the list, so that the result cannot change. */
    public SearchResult {
        hits = List.copyOf(hits);
    }
}
