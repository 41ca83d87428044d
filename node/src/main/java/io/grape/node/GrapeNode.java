package io.grape.node;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.checkpoint.CheckpointCounters;
import io.grape.node.config.NodeConfig;
import io.grape.raft.core.Formation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node.
 *
 * <p>Any thread may use it. What it opens it closes in the opposite order; a failure of one of its threads releases
 * {@link #awaitShutdown}, and the owner then closes it.
 */
public final class GrapeNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrapeNode.class);

    private final NodeConfig config;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FatalHandler fatal = new FatalHandler(stopped);
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Assembly assembly;

    private GrapeNode(NodeConfig config) {
        this.config = config;
    }

    /**
     * Starts a node: recovers its journal, opens its streams, and starts its threads.
     *
     * @throws GrapeException with the code of what is in the way: PORT_IN_USE, DATA_OWNED_BY_OTHER_NODE, DISK_SPACE ...
     */
    public static GrapeNode launch(NodeConfig config) {
        return launch(config, Formation.ALL_MEMBERS);
    }

    /**
     * As {@link #launch(NodeConfig)}, saying when a node on a new data directory may vote.
     *
     * @param formation anything but ALL_MEMBERS can lose acknowledged writes if what the operator vouches for is wrong
     */
    public static GrapeNode launch(NodeConfig config, Formation formation) {
        GrapeNode node = new GrapeNode(config);
        try {
            node.assembly = Assembly.start(config, formation, node.fatal, node.resources);
        } catch (RuntimeException ex) {
            node.closeQuietly(ex);
            throw ex;
        }
        LOG.info(
                "node started id={} endpoint={} members={} data={} sync={}",
                config.nodeId(),
                config.endpoint(),
                config.members().size(),
                config.dataDirectory().toAbsolutePath(),
                config.syncPolicy().configName());
        return node;
    }

    /** Returns what the node was told. */
    public NodeConfig config() {
        return config;
    }

    /** Returns the leader of group 0 as known here, or -1. */
    public int leaderNodeId() {
        return assembly == null ? -1 : assembly.status().leaderNodeId();
    }

    /** Returns what became of the checkpoints of one of the node's groups. */
    CheckpointCounters checkpointCounters(int groupId) {
        if (assembly == null) {
            throw new IllegalStateException("the node did not start");
        }
        return assembly.checkpoints().get(groupId).counters();
    }

    /**
     * Waits until the node is closed or has failed.
     *
     * @throws GrapeException with the first failure of one of the node's threads
     */
    public void awaitShutdown() throws InterruptedException {
        stopped.await();
        Throwable failure = fatal.failure();
        if (failure instanceof GrapeException known) {
            throw known;
        }
        if (failure != null) {
            throw new GrapeException(ErrorCode.INTERNAL, "a thread of the node failed: " + failure, failure);
        }
    }

    /** Stops the threads, then closes what they used. Safe to call again, from any thread. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        RuntimeException failed = closeAll();
        stopped.countDown();
        if (failed != null) {
            throw failed;
        }
        LOG.info("node stopped id={}", config.nodeId());
    }

    private @Nullable RuntimeException closeAll() {
        RuntimeException first = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception ex) {
                RuntimeException failure = ex instanceof RuntimeException known
                        ? known
                        : new GrapeException(ErrorCode.IO_FAILURE, "while stopping: " + ex, ex);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        return first;
    }

    private void closeQuietly(RuntimeException because) {
        closed.set(true);
        RuntimeException failed = closeAll();
        if (failed != null) {
            because.addSuppressed(failed);
        }
        stopped.countDown();
    }
}
