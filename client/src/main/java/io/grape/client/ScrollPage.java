package io.grape.client;

import java.util.List;

/**
 * Some points of a scroll, by ascending unsigned id.
 *
 * @param points in order of their ids
 * @param next   where the next page begins
 * @param isLast no point follows
 */
public record ScrollPage(List<StoredPoint> points, ScrollCursor next, boolean isLast) {
    /** Copies the list, so that the page cannot change. */
    public ScrollPage {
        points = List.copyOf(points);
    }
}
