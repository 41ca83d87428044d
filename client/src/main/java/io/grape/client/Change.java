package io.grape.client;

import java.util.List;

/**
 * One write that changed something, as the log has it.
 *
 * @param position     of its entry; the index is the version of the points that it stored
 * @param kind         what it did
 * @param collectionId collection, or -1 for {@link Kind#CREATED}, whose id the log does not say
 * @param name         of a collection that was created or renamed, else empty
 * @param points       that were stored, with vector and payload, or the ids that were to be removed, with neither
 */
public record Change(Position position, Kind kind, int collectionId, String name, List<StoredPoint> points) {
    /** What a write did. */
    public enum Kind {
        /** Points were stored. */
        UPSERTED,
        /** Points were removed; one that was absent is named too. */
        DELETED,
        /** A collection was made. */
        CREATED,
        /** A collection and its points are gone. */
        DROPPED,
        /** A collection has another name. */
        RENAMED
    }

    /** Copies the list, so that the change cannot change. */
    public Change {
        points = List.copyOf(points);
    }
}
