package io.grape.client;

/**
 * Where a scroll goes on. A program may keep it, and go on with it from another process: any replica gives the same next page.
 *
 * @param moment     state that all pages are of, as the first page named it; -1 before the first page
 * @param position   position that the moment is at or after; null index before the first page
 * @param afterMost  upper half of the last id that was given
 * @param afterLeast lower half of it
 */
public record ScrollCursor(long moment, Position position, long afterMost, long afterLeast) {
    private static final long NO_MOMENT = -1;

    /** Before the first page: the lowest id, of the newest moment. */
    public static final ScrollCursor START = new ScrollCursor(NO_MOMENT, new Position(-1, 0), 0, 0);

    /** Returns whether no page was read yet. */
    public boolean isStart() {
        return moment == NO_MOMENT;
    }
}
