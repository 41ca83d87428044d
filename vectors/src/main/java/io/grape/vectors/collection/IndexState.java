package io.grape.vectors.collection;

/** What a collection has of a graph. */
public enum IndexState {
    /** None, and there will be none: it is switched off, or the metric has none. */
    OFF,
    /** None yet: the rows are too few. */
    SMALL,
    /** There is one, and it grows as rows arrive. */
    BUILDING,
    /** It stands still, because it would go beyond the budget or the disk; searches scan what it lacks. */
    NO_ROOM
}
