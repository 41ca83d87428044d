package io.grape.client.session;

import io.grape.transport.MessageHandler;
import org.jspecify.annotations.Nullable;

/** What carries the client's messages: Aeron, or a simulated network. Polling thread only. */
public interface ClientNetwork {
    /** Endpoint of the node that shares this machine and the media driver. */
    String IPC_ENDPOINT = "ipc";

    /**
     * Opens a way to a node; returns at once.
     *
     * @param endpoint host:port, or {@link #IPC_ENDPOINT}
     * @return a link whose offers are NOT_CONNECTED until the node listens
     */
    NodeLink open(String endpoint);

    /**
     * Returns the channel on which a node is to answer.
     *
     * @param endpoint of the node
     * @return a channel, or null while it is not known yet
     */
    @Nullable
    String responseChannel(String endpoint);

    /** Returns the stream on which nodes answer. */
    int responseStreamId();

    /**
     * Hands on what nodes have sent.
     *
     * @param handler takes whole messages
     * @param limit   most fragments
     * @return fragments polled
     */
    int poll(MessageHandler handler, int limit);

    /** Returns whether the network is lost for good. */
    boolean isFailed();

    /** Frees sockets and files. Idempotent. */
    void close();
}
