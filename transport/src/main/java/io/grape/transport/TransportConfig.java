package io.grape.transport;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.fault.LinkFaults;
import java.util.List;
import java.util.Objects;

/**
 * Where a node listens, whom it sends to, and how much memory its streams take.
 *
 * <p>A stream's longest message is an eighth of its term, and it takes three terms at each end: the defaults carry
 * requests of 256 KiB and appends of 512 KiB and take about 24 MiB for each peer and 12 MiB for each client.
 *
 * @param nodeId             this node
 * @param endpoint           host:port that clients send to, and peers too unless they are told otherwise
 * @param raftEndpoint       host:port that peers send Raft messages to; mostly the same
 * @param bulkEndpoint       host:port that peers send snapshots to; mostly the same
 * @param peers              the other nodes
 * @param driver             the media driver
 * @param peerTermLength     term of the streams to peers, bytes; a power of two
 * @param egressTermLength   term of the streams to clients, bytes; a power of two
 * @param maxMessageLength   longest request that is accepted, bytes
 * @param ipcIngress         serve clients of the same driver over shared memory too
 * @param faults             what goes wrong on the Raft stream on purpose
 */
public record TransportConfig(
        int nodeId,
        String endpoint,
        String raftEndpoint,
        String bulkEndpoint,
        List<Peer> peers,
        DriverConfig driver,
        int peerTermLength,
        int egressTermLength,
        int maxMessageLength,
        boolean ipcIngress,
        LinkFaults faults) {
    /** Carries appends of 256 KiB with their headers, with room for half of it more. */
    public static final int DEFAULT_PEER_TERM_LENGTH = 4 * 1024 * 1024;

    /** Carries replies of 256 KiB. */
    public static final int DEFAULT_EGRESS_TERM_LENGTH = 2 * 1024 * 1024;

    /** Longest request by default. */
    public static final int DEFAULT_MAX_MESSAGE_LENGTH = 256 * 1024;

    private static final int MIN_TERM_LENGTH = 64 * 1024;
    private static final int MAX_TERM_LENGTH = 128 * 1024 * 1024;
    private static final int MIN_MESSAGE_LENGTH = 1024;
    private static final int MAX_MESSAGE_LENGTH = 16 * 1024 * 1024;

    /** Refuses what cannot work, naming the key. */
    public TransportConfig {
        peers = List.copyOf(peers);
        checkEndpoint("endpoint", endpoint);
        checkEndpoint("raftEndpoint", raftEndpoint);
        checkEndpoint("bulkEndpoint", bulkEndpoint);
        for (Peer peer : peers) {
            checkEndpoint("peers." + peer.nodeId(), peer.raftEndpoint());
            checkEndpoint("peers." + peer.nodeId(), peer.bulkEndpoint());
            if (peer.nodeId() == nodeId) {
                throw invalid("peers", "node " + nodeId + " is this node itself");
            }
        }
        if (peers.stream().map(Peer::nodeId).distinct().count() != peers.size()) {
            throw invalid("peers", "a node id stands there twice");
        }
        checkTermLength("peerTermLength", peerTermLength);
        checkTermLength("egressTermLength", egressTermLength);
        if (maxMessageLength < MIN_MESSAGE_LENGTH || maxMessageLength > MAX_MESSAGE_LENGTH) {
            throw invalid(
                    "maxMessageLength",
                    "must be " + MIN_MESSAGE_LENGTH + " to " + MAX_MESSAGE_LENGTH + " bytes, not " + maxMessageLength);
        }
        Objects.requireNonNull(faults, "faults");
    }

    /**
     * Returns a configuration with every default.
     *
     * @param nodeId   this node
     * @param endpoint host:port for all streams
     * @param peers    the other nodes
     * @return the configuration
     */
    public static TransportConfig of(int nodeId, String endpoint, List<Peer> peers) {
        return new TransportConfig(
                nodeId,
                endpoint,
                endpoint,
                endpoint,
                peers,
                DriverConfig.embedded(),
                DEFAULT_PEER_TERM_LENGTH,
                DEFAULT_EGRESS_TERM_LENGTH,
                DEFAULT_MAX_MESSAGE_LENGTH,
                false,
                LinkFaults.NONE);
    }

    private static void checkEndpoint(String key, String endpoint) {
        if (Channels.port(endpoint) < 1 || endpoint.indexOf('|') >= 0) {
            throw invalid(key, "'" + endpoint + "' is not host:port with a port of 1 to 65535");
        }
    }

    private static void checkTermLength(String key, int length) {
        if (length < MIN_TERM_LENGTH || length > MAX_TERM_LENGTH || Integer.bitCount(length) != 1) {
            throw invalid(
                    key,
                    "must be a power of two from " + MIN_TERM_LENGTH + " to " + MAX_TERM_LENGTH + " bytes, not "
                            + length);
        }
    }

    private static GrapeException invalid(String key, String text) {
        return new GrapeException(ErrorCode.INVALID_CONFIGURATION, key + ": " + text);
    }

    /** Returns this with another driver. */
    public TransportConfig withDriver(DriverConfig value) {
        return new TransportConfig(
                nodeId,
                endpoint,
                raftEndpoint,
                bulkEndpoint,
                peers,
                value,
                peerTermLength,
                egressTermLength,
                maxMessageLength,
                ipcIngress,
                faults);
    }

    /** Returns this with other endpoints for Raft messages and for bulk data. */
    public TransportConfig withPeerEndpoints(String raft, String bulk) {
        return new TransportConfig(
                nodeId,
                endpoint,
                raft,
                bulk,
                peers,
                driver,
                peerTermLength,
                egressTermLength,
                maxMessageLength,
                ipcIngress,
                faults);
    }

    /** Returns this with other lengths of terms and messages. */
    public TransportConfig withLengths(int peerTerm, int egressTerm, int maxMessage) {
        return new TransportConfig(
                nodeId,
                endpoint,
                raftEndpoint,
                bulkEndpoint,
                peers,
                driver,
                peerTerm,
                egressTerm,
                maxMessage,
                ipcIngress,
                faults);
    }

    /** Returns this with or without clients over shared memory. */
    public TransportConfig withIpcIngress(boolean value) {
        return new TransportConfig(
                nodeId,
                endpoint,
                raftEndpoint,
                bulkEndpoint,
                peers,
                driver,
                peerTermLength,
                egressTermLength,
                maxMessageLength,
                value,
                faults);
    }

    /** Returns this with other faults. */
    public TransportConfig withFaults(LinkFaults value) {
        return new TransportConfig(
                nodeId,
                endpoint,
                raftEndpoint,
                bulkEndpoint,
                peers,
                driver,
                peerTermLength,
                egressTermLength,
                maxMessageLength,
                ipcIngress,
                value);
    }
}
