package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.vectors.query.SearchParameters;
import org.agrona.DirectBuffer;

/** A reusable search over one store. Owned by one thread; results hold until the next search. */
public interface StoreSearcher extends AutoCloseable {
    /**
     * Finds the k nearest live points, nearest first, or nearly those where the parameters and the store's size allow it.
     *
     * @param vector holds the components, little-endian float32, from {@code offset}
     * @param how    which points may be found, and how hard to look
     * @return the number found
     */
    @HotPath
    int search(DirectBuffer vector, int offset, int k, SearchParameters how);

    /** Returns whether the last search was certain to have found the nearest. */
    boolean exact();

    /** Returns the candidates that the last search kept in the graph, 0 if it did not use one. */
    int beam();

    /** Returns the number of results of the last search. */
    int count();

    /** Returns the most significant half of the id of result {@code i}. */
    long idMost(int i);

    /** Returns the least significant half of the id of result {@code i}. */
    long idLeast(int i);

    /** Returns the version of result {@code i}. */
    long version(int i);

    /** Returns the score of result {@code i}; its meaning is the metric's. */
    float score(int i);

    /** Returns the rows that the last search looked at. */
    long scanned();

    @Override
    void close();
}
