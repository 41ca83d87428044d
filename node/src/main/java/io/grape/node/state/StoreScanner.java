package io.grape.node.state;

import org.agrona.DirectBuffer;

/** Reads a store's points by ascending unsigned id, page by page, as of one moment. Owned by one thread. */
public interface StoreScanner extends AutoCloseable {
    /** What {@link #scan} says when the store has not reached the moment yet. */
    int NOT_REACHED = -1;

    /**
     * Finds a page. {@link #finish} must follow in any case.
     *
     * @param fromStart  from the lowest id on
     * @param afterMost  else: upper half of the id that all found ones are above
     * @param afterLeast lower half of it
     * @param limit      most points
     * @param moment     -1 for the newest, or what {@link #moment} said for the page before
     * @return how many were found, or {@link #NOT_REACHED}
     */
    int scan(boolean fromStart, long afterMost, long afterLeast, int limit, long moment);

    /** Returns the moment of the page. */
    long moment();

    /** Returns whether points follow the page. */
    boolean hasMore();

    /** Returns the upper half of the id of a point, from 0. */
    long idMost(int i);

    /** Returns the lower half of the id of a point, from 0. */
    long idLeast(int i);

    /** Returns the version of a point, from 0. */
    long version(int i);

    /** Returns the vector of a point, from 0: little-endian float32; holds until the next call. */
    DirectBuffer vector(int i);

    /** Returns the length of the payload of a point, from 0. */
    int payloadLength(int i);

    /** Returns the payload of a point, from 0; holds until the next call. */
    DirectBuffer payload(int i);

    /** Ends what {@link #scan} began. */
    void finish();

    @Override
    void close();
}
