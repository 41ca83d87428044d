package io.grape.client;

import java.util.List;

/**
 * The nearest points, nearest first.
 *
 * @param hits     at most k
 * @param position the state that the answer saw
 * @param scanned  points compared one by one
 * @param exact    whether these are certain to be the nearest of the points that were asked for
 * @param ef       candidates kept in the graph; 0 if the graph was not asked
 */
public record SearchResult(List<SearchHit> hits, Position position, long scanned, boolean exact, int ef) {
    /** Copies the list, so that the result cannot change. */
    public SearchResult {
        hits = List.copyOf(hits);
    }
}
