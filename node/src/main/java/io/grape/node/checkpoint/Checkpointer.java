package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that makes captured states durable and prepares snapshots that arrive, one after the other.
 *
 * <p>Methods are for any thread unless they say otherwise. A failure that leaves the disk unknown goes to the owner, who
 * stops the node; a checkpoint that finds no room is given up, and the next one tries again.
 */
final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final long CLOSE_TIMEOUT_S = 60;

    private final CheckpointWriter writer;
    private final ExecutorService thread;
    private final Consumer<Throwable> onFailure;
    private final NanoClock clock;
    private final ApplyHold hold = new ApplyHold();
    private final CheckpointCounters counters = new CheckpointCounters();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Checkpoint newest;
    private volatile @Nullable Checkpoint streamed;
    private volatile boolean requested;

    Checkpointer(
            CheckpointWriter writer,
            @Nullable Checkpoint recovered,
            Consumer<Throwable> onFailure,
            NanoClock clock,
            String threadName) {
        this.writer = writer;
        this.newest = recovered;
        this.onFailure = onFailure;
        this.clock = clock;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(threadName).factory());
    }

    ApplyHold hold() {
        return hold;
    }

    CheckpointCounters counters() {
        return counters;
    }

    /** Returns the newest durable checkpoint, or null. */
    @Nullable
    Checkpoint newest() {
        return newest;
    }

    long newestIndex() {
        Checkpoint last = newest;
        return last == null ? 0 : last.index();
    }

    /** Asks for a checkpoint as soon as one can be taken, whether it is due or not. */
    void request() {
        requested = true;
    }

    boolean isRequested() {
        return requested;
    }

    /** Whether a captured state would be taken at once. */
    boolean isIdle() {
        return !busy.get();
    }

    /** Names the checkpoint that followers may still be reading: its directories stay. Pipeline thread. */
    void streams(@Nullable Checkpoint checkpoint) {
        streamed = checkpoint;
    }

    /** Makes a captured state durable. */
    void submit(StateCapture capture) {
        busy.set(true);
        requested = false;
        run(() -> {
            try {
                write(capture);
            } finally {
                busy.set(false);
            }
        });
    }

    private void write(StateCapture capture) {
        long begunNs = clock.nanoTime();
        try {
            Set<String> inUse = new HashSet<>();
            Checkpoint pinned = streamed;
            if (pinned != null) {
                pinned.manifest().stores().forEach(store -> inUse.add(store.directoryName()));
            }
            Checkpoint written = writer.write(capture, inUse);
            if (written != null) {
                newest = written;
                counters.durable(written.index(), clock.nanoTime() - begunNs, written.bytes().length);
            }
        } catch (FaultException ex) {
            if (ex.severity() != FaultException.Severity.RETRY) {
                throw ex;
            }
            counters.countFailed();
            LOG.error("checkpoint not written index={} text=\"{}\"", capture.index(), ex.getMessage());
        }
    }

    /** An installed snapshot is the newest checkpoint. Pipeline thread. */
    void installed(Checkpoint checkpoint) {
        newest = checkpoint;
        counters.countInstalled(checkpoint.index());
    }

    /** Runs something on the checkpointer's thread. */
    void run(Runnable work) {
        thread.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error ex) {
                onFailure.accept(ex);
            }
        });
    }

    /** Finishes what was submitted. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.error("the checkpoint under way did not end within {} s", CLOSE_TIMEOUT_S);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
