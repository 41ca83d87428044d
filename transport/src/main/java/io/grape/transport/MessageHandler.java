package io.grape.transport;

import org.agrona.DirectBuffer;

/** Takes whole messages from a {@link MessageAdapter}, on the thread that polls it. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message.
     *
     * @param buffer         holds the message; valid during this call
     * @param offset         of its first byte
     * @param length         of the message in bytes
     * @param aeronSessionId which sender's stream it came on
     * @return true if it was taken; false to be offered the same message again at the next poll, which holds the
     *     sender back by flow control
     */
    boolean onMessage(DirectBuffer buffer, int offset, int length, int aeronSessionId);
}
