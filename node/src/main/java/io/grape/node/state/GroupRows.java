package io.grape.node.state;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** A group's points and what it remembers of clients, for commands that move them. Thread: the apply agent's. */
public interface GroupRows {
    /** Returns the collections as of the last applied entry. */
    Catalog catalog();

    /** Gives what every client may still ask for again, by ascending client id. */
    void forEachClient(ClientConsumer consumer);

    /**
     * Takes in what another group remembers of a client whose shard comes to this one. Outcomes that are here already stay.
     *
     * @param window what that group gave
     * @param index  of the entry that is being applied
     */
    void mergeClient(long clientId, ByteBuffer window, long index);

    /** Hears of clients. */
    @FunctionalInterface
    interface ClientConsumer {
        /** What one client may still ask for; the bytes are valid during the call. */
        void client(long clientId, DirectBuffer window, int length);
    }
}
