package io.grape.transport;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;

/** The way back to one client, as the node's sessions see it. Any thread. */
public interface ClientEgress extends AutoCloseable {
    /**
     * Offers one message.
     *
     * @param buffer holds the message
     * @param offset of its first byte
     * @param length of the message in bytes
     * @return what became of it
     */
    @HotPath
    SendOutcome offer(DirectBuffer buffer, int offset, int length);

    /** Returns whether the client listens, as far as is known. */
    boolean isConnected();

    /** Gives the way up. Idempotent. */
    @Override
    void close();
}
