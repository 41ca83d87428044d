package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes durable what the pipeline wrote, as the sync policy asks, and tells how far it got.
 *
 * <p>Group commit without timers: what is written while a force runs is the next force. Thread: its own agent's;
 * {@link #durablePosition} and {@link #failure} may be asked by any.
 */
public final class ForceAgent implements Agent {
    private final Journal journal;
    private final LongSupplier nanoClock;
    private final Listener listener;
    private final SyncPolicy policy;
    private final long asyncForceNs;
    private long lastForceNs;
    private boolean started;
    private volatile long durablePosition;
    private volatile @Nullable FaultException failure;

    /** Learns what became of what was written. Called on the agent's thread; must not block. */
    public interface Listener {
        /** Replies to what was written before the position may leave. */
        void onDurable(long position);

        /** A force took so long. */
        default void onForced(long durationNs) {}

        /** The disk failed: the node must stop, without answering anything that still waits. */
        void onForceFailed(FaultException fault);
    }

    /**
     * @param journal   what to force; its configuration holds the policy
     * @param nanoClock monotonic, for {@link SyncPolicy#ASYNC} and for how long forces take
     * @param listener  told after {@link #durablePosition} has moved
     */
    public ForceAgent(Journal journal, LongSupplier nanoClock, Listener listener) {
        this.journal = journal;
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.policy = journal.config().syncPolicy();
        this.asyncForceNs = journal.config().asyncForceNs();
        this.durablePosition = journal.writtenPosition();
    }

    /**
     * Returns the position up to which replies may leave: forced under {@link SyncPolicy#FORCE}, written under the others.
     * Any thread.
     */
    public long durablePosition() {
        return durablePosition;
    }

    /** Returns why forcing ended, or null while it has not. Any thread. */
    public @Nullable FaultException failure() {
        return failure;
    }

    @Override
    public int doWork() {
        long written = journal.writtenPosition();
        int work = 0;
        try {
            if (policy == SyncPolicy.FORCE && written > durablePosition) {
                force();
                work++;
            } else if (policy == SyncPolicy.ASYNC) {
                work += forceIfDue();
            } else if (policy == SyncPolicy.NONE && journal.hasUnforcedSegment()) {
                // Segments are given back only when what follows them is on disk.
                force();
                work++;
            }
        } catch (FaultException e) {
            failure = e;
            listener.onForceFailed(e);
            throw new AgentTerminationException(e);
        }
        if (written > durablePosition) {
            durablePosition = written;
            listener.onDurable(written);
            work++;
        }
        return work;
    }

    @Override
    public String roleName() {
        return "grape-force-" + journal.config().pipelineId();
    }

    private void force() {
        long begunNs = nanoClock.getAsLong();
        journal.force();
        listener.onForced(nanoClock.getAsLong() - begunNs);
    }

    private int forceIfDue() {
        long nowNs = nanoClock.getAsLong();
        if (!started) {
            started = true;
            lastForceNs = nowNs;
        }
        if (nowNs - lastForceNs < asyncForceNs || journal.forcedPosition() == journal.writtenPosition()) {
            return 0;
        }
        force();
        lastForceNs = nowNs;
        return 1;
    }
}
