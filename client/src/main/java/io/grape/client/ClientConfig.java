package io.grape.client;

import io.grape.client.session.ClientNetwork;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client reaches a cluster.
 *
 * @param endpoints       "host:port" of one node or more; the rest of the cluster is learnt from them; "ipc" is the node
 *                        that shares {@code aeronDirectory} and serves clients over shared memory
 * @param clientId        identity for exactly-once writes, unique for ever; 0 draws a random one
 * @param firstSequence   sequence of the first write; 1, unless a stable {@code clientId} wrote before: then one more
 *                        than {@link GrapeClient#lastSequence()} was, because an old sequence is answered with its old
 *                        outcome
 * @param aeronDirectory  directory of a running media driver; null starts one inside the client
 * @param responseHost    name or address of this machine as the nodes see it
 * @param requestTimeout  how long a request is tried before it fails with TIMED_OUT
 * @param connectTimeout  how long {@link GrapeClient#connect} looks for a node that answers
 * @param attemptTimeout  how long one attempt waits before the leader is looked for again
 * @param maxInFlight     most requests without an answer, 1 to 256; the next caller waits
 * @param pinned          talk to the first endpoint only and follow no leader
 * @param idleStrategy    how the polling thread waits: backoff, yield, sleep or busy-spin
 * @param credentials     opaque bytes for the node's authenticator
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClientConfig(
        List<String> endpoints,
        long clientId,
        long firstSequence,
        @Nullable Path aeronDirectory,
        String responseHost,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration attemptTimeout,
        int maxInFlight,
        boolean pinned,
        String idleStrategy,
        byte[] credentials) {

    /** Most requests in flight: the window of sequences that a node remembers for each client. */
    public static final int MAX_IN_FLIGHT_LIMIT = 256;

    /** Refuses what cannot work, naming the key. */
    public ClientConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw invalid("endpoints", "name at least one node as host:port");
        }
        for (String endpoint : endpoints) {
            if (!endpoint.equals(ClientNetwork.IPC_ENDPOINT)) {
                checkEndpoint(endpoint);
            } else if (aeronDirectory == null) {
                throw invalid("endpoints", "ipc needs the aeronDirectory of the node's media driver");
            }
        }
        if (firstSequence < 1) {
            throw invalid("firstSequence", "must be at least 1, not " + firstSequence);
        }
        if (responseHost.isBlank()) {
            throw invalid("responseHost", "must not be empty");
        }
        checkPositive("requestTimeout", requestTimeout);
        checkPositive("connectTimeout", connectTimeout);
        checkPositive("attemptTimeout", attemptTimeout);
        if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT_LIMIT) {
            throw invalid("maxInFlight", "must be 1 to " + MAX_IN_FLIGHT_LIMIT + ", not " + maxInFlight);
        }
        credentials = credentials.clone();
    }

    private static void checkEndpoint(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1 || endpoint.indexOf('|') >= 0) {
            throw invalid("endpoints", "'" + endpoint + "' is not host:port");
        }
        try {
            int port = Integer.parseInt(endpoint.substring(colon + 1));
            if (port < 1 || port > 65_535) {
                throw invalid("endpoints", "the port of '" + endpoint + "' is not 1 to 65535");
            }
        } catch (NumberFormatException notANumber) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "endpoints: '" + endpoint + "' is not host:port", notANumber);
        }
    }

    private static void checkPositive(String key, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw invalid(key, "must be above zero, not " + duration);
        }
    }

    private static GrapeException invalid(String key, String text) {
        return new GrapeException(ErrorCode.INVALID_CONFIGURATION, key + ": " + text);
    }

    /** Returns whether a node is reached over shared memory. */
    boolean usesIpc() {
        return endpoints.contains(ClientNetwork.IPC_ENDPOINT);
    }

    /** Returns a builder with every default set and no endpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a configuration with every default for some endpoints.
     *
     * @param endpoints "host:port" of one node or more
     * @return the configuration
     */
    public static ClientConfig of(String... endpoints) {
        return builder().endpoints(List.of(endpoints)).build();
    }

    /** Collects the values; not thread-safe. */
    public static final class Builder {
        private final List<String> endpoints = new ArrayList<>();
        private long clientId;
        private long firstSequence = 1;
        private @Nullable Path aeronDirectory;
        private String responseHost = "localhost";
        private Duration requestTimeout = Duration.ofSeconds(10);
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration attemptTimeout = Duration.ofSeconds(1);
        private int maxInFlight = 64;
        private boolean pinned;
        private String idleStrategy = "backoff";
        private byte[] credentials = new byte[0];

        private Builder() {}

        /** Adds a node as "host:port". */
        public Builder endpoint(String endpoint) {
            endpoints.add(endpoint);
            return this;
        }

        /** Adds the node whose media driver this client uses, over shared memory. */
        public Builder ipc(Path directory) {
            aeronDirectory = directory;
            return endpoint(ClientNetwork.IPC_ENDPOINT);
        }

        /** Adds nodes as "host:port". */
        public Builder endpoints(List<String> more) {
            endpoints.addAll(more);
            return this;
        }

        /** Names one node and stays with it: reads and status come from there, writes only if it leads. */
        public Builder pinnedEndpoint(String endpoint) {
            endpoints.clear();
            endpoints.add(endpoint);
            pinned = true;
            return this;
        }

        /** Sets the identity for exactly-once writes. */
        public Builder clientId(long value) {
            clientId = value;
            return this;
        }

        /** Sets the sequence of the first write, for a client id that wrote before. */
        public Builder firstSequence(long value) {
            firstSequence = value;
            return this;
        }

        /** Uses a running media driver instead of one inside the client. */
        public Builder aeronDirectory(@Nullable Path value) {
            aeronDirectory = value;
            return this;
        }

        /** Sets the name or address of this machine as the nodes see it. */
        public Builder responseHost(String value) {
            responseHost = value;
            return this;
        }

        /** Sets how long a request is tried. */
        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        /** Sets how long a first node is looked for. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** Sets how long one attempt waits before the leader is looked for again. */
        public Builder attemptTimeout(Duration value) {
            attemptTimeout = value;
            return this;
        }

        /** Sets the bound of requests without an answer. */
        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        /** Sets how the polling thread waits. */
        public Builder idleStrategy(String value) {
            idleStrategy = value;
            return this;
        }

        /** Sets opaque bytes for the node's authenticator. */
        public Builder credentials(byte[] value) {
            credentials = value.clone();
            return this;
        }

        /**
         * Checks and returns the configuration.
         *
         * @return the configuration
         * @throws GrapeException INVALID_CONFIGURATION naming the key
         */
        public ClientConfig build() {
            return new ClientConfig(
                    endpoints,
                    clientId,
                    firstSequence,
                    aeronDirectory,
                    responseHost,
                    requestTimeout,
                    connectTimeout,
                    attemptTimeout,
                    maxInFlight,
                    pinned,
                    idleStrategy,
                    credentials);
        }
    }
}
