package io.grape.node;

import io.grape.client.ClientConfig;
import io.grape.client.GrapeClient;
import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.cluster.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A node inside the caller's process, and a client that speaks to it over shared memory.
 *
 * <p>It is the same node and the same client as over the network: every write is in the journal and, by the sync policy, on
 * disk before it is acknowledged. Alone it is a cluster of one; with a configuration that names other members it is a full
 * replica of theirs, which other clients reach as well. The process needs the flags of {@code bin/jvm-flags}. Any thread.
 */
public final class EmbeddedGrape implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);

    private final GrapeNode node;
    private final GrapeClient client;

    private EmbeddedGrape(GrapeNode node, GrapeClient client) {
        this.node = node;
        this.client = client;
    }

    /**
     * Starts a cluster of one on a free loopback port.
     *
     * @param dataDirectory where its data lie, or will
     * @throws io.grape.codecs.GrapeException DATA_LOCKED, DISK_SPACE and what else keeps a node from starting
     */
    public static EmbeddedGrape start(Path dataDirectory) {
        try {
            return start(NodeConfig.single(dataDirectory, FreePorts.find(1).getFirst()));
        } catch (IOException none) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "no UDP port is free on loopback: " + none,
                    none);
        }
    }

    /**
     * Starts a node of any configuration. With other members it waits until the cluster answers: until a client gets a session,
     * which needs this node alone; writes need the majority.
     *
     * @param config of the node
     * @throws io.grape.codecs.GrapeException PORT_IN_USE and what else keeps a node from starting
     */
    public static EmbeddedGrape start(NodeConfig config) {
        return start(config, UnaryOperator.identity());
    }

    /**
     * As {@link #start(NodeConfig)}, with a client of other limits.
     *
     * @param config  of the node
     * @param tuning  changes what the client is built with; its endpoints are set already
     */
    public static EmbeddedGrape start(NodeConfig config, UnaryOperator<ClientConfig.Builder> tuning) {
        GrapeNode node = GrapeNode.launch(config);
        try {
            ClientConfig.Builder builder =
                    ClientConfig.builder().ipc(node.driverDirectory()).connectTimeout(CONNECT_TIMEOUT);
            return new EmbeddedGrape(
                    node, GrapeClient.connect(tuning.apply(builder).build()));
        } catch (RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    /** Returns the client; this closes it. */
    public GrapeClient client() {
        return client;
    }

    /** Returns the node; this closes it. */
    public GrapeNode node() {
        return node;
    }

    /** Closes the client, then the node. Idempotent. */
    @Override
    public void close() {
        client.close();
        node.close();
    }
}
