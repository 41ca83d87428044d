package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.node.request.UpsertView;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Judges the conditions of a batch: whether each point has the version that the write expects. All of them are judged by
 * the state before the batch, also when it names a point twice.
 *
 * <p>Thread: the apply agent's. Allocates on a collection's first condition only.
 */
final class ExpectedVersions implements AutoCloseable {
    private record Opened(CollectionStore store, StoreReader reader) {}

    private final Int2ObjectHashMap<Opened> readers = new Int2ObjectHashMap<>();
    private int point;
    private long version;

    /** Tells whether every point of an upsert may be written; if not, {@link #point} and {@link #version} say why. */
    @HotPath
    boolean hold(Collection collection, UpsertView upsert) {
        int count = upsert.count();
        for (int i = 0; i < count; i++) {
            long expected = upsert.expectedVersion(i);
            if (expected != UpsertView.ANY_VERSION
                    && !holds(collection, i, upsert.idMost(i), upsert.idLeast(i), expected)) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether every point of a delete may be removed; if not, {@link #point} and {@link #version} say why. */
    @HotPath
    boolean hold(Collection collection, DeleteDecoder.PointsDecoder points) {
        for (int i = 0; points.hasNext(); i++) {
            points.next();
            long expected = points.expectedVersion();
            if (expected != UpsertView.ANY_VERSION
                    && !holds(collection, i, points.id().most(), points.id().least(), expected)) {
                return false;
            }
        }
        return true;
    }

    @HotPath
    private boolean holds(Collection collection, int at, long idMost, long idLeast, long expected) {
        StoreReader reader = reader(collection);
        point = at;
        version = reader.get(idMost, idLeast) ? reader.version() : UpsertView.ABSENT_VERSION;
        return version == expected;
    }

    @HotPath
    private StoreReader reader(Collection collection) {
        Opened opened = readers.get(collection.id());
        boolean current = opened != null && opened.store().equals(collection.store());
        return current ? opened.reader() : open(collection);
    }

    private StoreReader open(Collection collection) {
        forget(collection.id());
        StoreReader reader = collection.store().newReader();
        readers.put(collection.id(), new Opened(collection.store(), reader));
        return reader;
    }

    /** Lets go of a collection whose store is about to be closed. */
    void forget(int collectionId) {
        Opened opened = readers.remove(collectionId);
        if (opened != null) {
            opened.reader().close();
        }
    }

    /** Returns the place in the request of the first point that has another version. */
    int point() {
        return point;
    }

    /** Returns the version of that point, or {@link UpsertView#ABSENT_VERSION}. */
    long version() {
        return version;
    }

    @Override
    public void close() {
        readers.values().forEach(opened -> opened.reader().close());
        readers.clear();
    }
}
