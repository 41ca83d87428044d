package io.grape.transport;

import io.grape.codecs.HotPath;

/**
 * What a node's inbound agent and its sessions need of a transport: {@link NodeTransport}, or a simulated network.
 *
 * <p>Thread: the inbound agent's.
 */
public interface NodeStreams {
    /**
     * Hands on what other members have sent.
     *
     * @param limit most fragments
     * @return fragments polled
     */
    @HotPath
    int pollRaft(MessageHandler handler, int limit);

    /**
     * Hands on what clients have sent.
     *
     * @param limit most fragments
     * @return fragments polled
     */
    @HotPath
    int pollIngress(MessageHandler handler, int limit);

    /** Advances what could not leave at once; returns work done. */
    @HotPath
    int doSendWork();

    /**
     * Opens the way back to a client; returns at once.
     *
     * @param channel  that the client listens on
     * @param streamId on that channel
     */
    ClientEgress openEgress(String channel, int streamId);
}
