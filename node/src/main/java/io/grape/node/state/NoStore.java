package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.Metric;
import org.agrona.DirectBuffer;

/**
 * In place of a store in group 0, which knows the collections and holds no points.
 *
 * <p>No write reaches it: a request for points is refused before it becomes an entry of group 0.
 */
public final class NoStore implements CollectionStore {
    /** The only one. */
    public static final NoStore INSTANCE = new NoStore();

    private NoStore() {}

    /** Makes no store; a {@link StoreFactory}. */
    public static CollectionStore create(int collectionId, int dimension, Metric metric) {
        return INSTANCE;
    }

    @Override
    @HotPath
    public void upsert(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vectors,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength) {
        throw holdsNoPoints();
    }

    @Override
    @HotPath
    public boolean delete(long idMost, long idLeast, long version) {
        throw holdsNoPoints();
    }

    @Override
    public boolean admits(long points, long payloadBytes) {
        return false;
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public long stateHash() {
        return 0;
    }

    @Override
    public StoreSearcher newSearcher() {
        throw holdsNoPoints();
    }

    @Override
    public StoreReader newReader() {
        throw holdsNoPoints();
    }

    private static IllegalStateException holdsNoPoints() {
        return new IllegalStateException("group 0 holds no points");
    }

    @Override
    public void close() {}
}
