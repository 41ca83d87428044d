package io.grape.client.session;

import io.grape.transport.SendOutcome;
import org.agrona.DirectBuffer;

/** The way to one node; polling thread only. */
public interface NodeLink {
    /**
     * Offers one message.
     *
     * @param buffer holds the message
     * @param offset of its first byte
     * @param length of the message in bytes
     * @return what became of it
     */
    SendOutcome offer(DirectBuffer buffer, int offset, int length);

    /** Gives the way up. Idempotent. */
    void close();
}
