package io.grape.client;

/**
 * Where a scroll goes on. A program may keep it, and go on with it from another process: any replica gives the same next page.
 *
 * @param moment     state that all pages of a group are of, as its first page named it; -1 before that page
 * @param position   of the group that is read: what the moment is at or after; group -1 before the first page of all
 * @param afterMost  upper half of the last id that was given
 * @param afterLeast lower half of it
 */
public record ScrollCursor(long moment, Position position, long afterMost, long afterLeast) {
    private static final long NO_MOMENT = -1;

    /** Before the first page: the lowest id, of the newest moment. */
    public static final ScrollCursor START = new ScrollCursor(NO_MOMENT, new Position(-1, 0), 0, 0);

    /** Returns the cursor that begins another group. */
    static ScrollCursor startOf(int groupId) {
        return new ScrollCursor(NO_MOMENT, new Position(groupId, 0), 0, 0);
    }

    /** Returns whether no page of the group was read yet. */
    public boolean isStart() {
        return moment == NO_MOMENT;
    }
}
