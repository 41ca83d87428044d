package io.grape.node.state;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;

/**
 * What the state machine, the request check and the queries need of a store of points.
 *
 * <p>{@link MappedStore} is the one that nodes use; the simulator has one in memory. Threads: {@link #upsert}, {@link #delete}
 * and {@link #close} are the apply agent's, the rest is for any.
 */
public interface CollectionStore extends AutoCloseable {
    /**
     * Adds a point, or replaces the one with this id.
     *
     * @param vectors holds the components, little-endian float32, from {@code offset}
     */
    @HotPath
    void upsert(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vectors,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength);

    /**
     * Removes a point.
     *
     * @param version of the removal
     * @return whether there was such a point
     */
    @HotPath
    boolean delete(long idMost, long idLeast, long version);

    /** Returns whether so many more points with so many bytes of payload in all would find room. */
    @HotPath
    boolean admits(long points, long payloadBytes);

    /** Returns whether writes should wait until what arrived is searched fast again. */
    @HotPath
    default boolean mustWait() {
        return false;
    }

    /** Returns the live points. */
    long size();

    /** Returns an order-free hash of the live (id, version, vector) triples, equal on replicas that hold the same points. */
    long stateHash();

    /** Returns a new searcher, for one thread. */
    StoreSearcher newSearcher();

    /** Returns a new reader, for one thread. */
    StoreReader newReader();

    /** Gives up memory and files; later searches and look-ups are refused. */
    @Override
    void close();
}
