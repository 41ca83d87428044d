package io.grape.node.demo;

import io.grape.client.CollectionInfo;
import io.grape.client.NodeStatus;
import io.grape.node.demo.cluster.Await;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * Kills the leader under a stream of writes, sees who leads next, and brings the dead node back. One thread.
 */
final class FailoverShow {
    /** Acknowledgements to see before the kill and again after it, so that the gap lies between steady writes. */
    private static final int STEADY_WRITES = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalCluster cluster;
    private final ClusterWatch watch;
    private final DemoOutput out;

    /**
     * What came of it.
     *
     * @param acknowledged ids that were acknowledged, before, while and after the leader was dead
     * @param unknown      writes that ended without an acknowledgement
     * @param gapNs        longest time between two acknowledgements after the kill
     */
    record Result(BitSet acknowledged, long unknown, long gapNs) {}

    FailoverShow(LocalCluster cluster, ClusterWatch watch, DemoOutput out) {
        this.cluster = cluster;
        this.watch = watch;
        this.out = out;
    }

    /** Runs the show; {@code stream} must not have been started and writes to {@code collection}. */
    Result run(WriteStream stream, CollectionInfo collection) throws IOException {
        stream.start();
        awaitWrites(stream, STEADY_WRITES);
        NodeStatus old = watch.awaitLeader(PATIENCE);
        stream.markNow();
        long before = stream.acknowledgedCount();
        cluster.kill(old.nodeId());
        long killedNs = System.nanoTime();
        out.line(
                "SIGKILL to node %d (process %d), the leader, after %,d acknowledged writes to '%s'",
                old.nodeId(), old.processId(), before, collection.name());

        if (cluster.size() == 1) {
            out.line("it has no peers: writes wait until it is back");
            cluster.start(old.nodeId());
        }
        NodeStatus next = watch.awaitLeader(PATIENCE);
        awaitWrites(stream, stream.acknowledgedCount() + STEADY_WRITES);
        long gapNs = stream.longestGapNs();
        out.line(
                "node %d leads in term %d; longest time between two acknowledged writes: %d ms",
                next.nodeId(), next.term(), TimeUnit.NANOSECONDS.toMillis(gapNs));

        if (!cluster.isRunning(old.nodeId())) {
            cluster.start(old.nodeId());
            out.line("node %d restarts on the data that it left", old.nodeId());
        }
        awaitWrites(stream, stream.acknowledgedCount() + STEADY_WRITES);
        BitSet acknowledged = stream.stop();
        int groups = watch.awaitSameState(PATIENCE);
        out.line(
                "node %d has caught up %,d ms after the kill: applied index and state hash of all %d groups are equal on "
                        + "every node",
                old.nodeId(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs), groups);
        return new Result(acknowledged, stream.unknownCount(), gapNs);
    }

    private void awaitWrites(WriteStream stream, long count) {
        Await.until(count + " acknowledged writes", PATIENCE, () -> stream.acknowledgedCount() >= count);
    }
}
