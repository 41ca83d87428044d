package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.state.CollectionStore;
import io.grape.raft.core.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot from a leader: the manifest, then the blocks that are not here yet, then the seal.
 *
 * <p>The slow parts, looking for blocks, forcing, opening stores, run on the checkpointer's thread; meanwhile the leader is
 * mostly not answered, and now and then told an offset that it has passed, so that it knows that this node lives. The seal
 * is taken only when the apply thread holds still and everything is durable; then {@link #install} has one file to write.
 * Blocks that have arrived stay on disk over a break, a restart, and a newer snapshot.
 *
 * <p>Thread: the pipeline's.
 */
final class SnapshotReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);

    /** How often the leader is answered while this node is busy with what it sent. */
    private static final long SIGN_OF_LIFE_NS = 50_000_000;

    /** A snapshot that the leader no longer speaks of is given up after this. */
    private static final long ABANDONED_NS = TimeUnit.SECONDS.toNanos(10);

    /** After a failure, mostly a full disk, nothing is received for this long. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(2);

    private static final int HOLD_ATTEMPTS = 30_000;

    private enum Phase {
        NONE,
        MANIFEST,
        FILLING,
        BLOCKS,
        PREPARING,
        READY,
        SEALED
    }

    private final CheckpointDirectory directory;
    private final CheckpointRecovery recovery;
    private final Checkpointer checkpointer;
    private final CheckpointStep.Listener steps;
    private final NanoClock clock;

    private Phase phase = Phase.NONE;
    private long index;
    private long term;
    private long totalLength;
    private byte[] head = new byte[0];
    private int headLength;
    private @Nullable IncomingSnapshot incoming;
    private volatile @Nullable PreparedState prepared;
    private volatile boolean backgroundDone;
    private volatile @Nullable String failure;
    private long lastAskedNs;
    private long lastSignNs;
    private long retryAtNs;

    SnapshotReceiver(
            CheckpointDirectory directory,
            CheckpointRecovery recovery,
            Checkpointer checkpointer,
            CheckpointStep.Listener steps,
            NanoClock clock) {
        this.directory = directory;
        this.recovery = recovery;
        this.checkpointer = checkpointer;
        this.steps = steps;
        this.clock = clock;
        this.retryAtNs = clock.nanoTime();
    }

    /** As {@link SnapshotStore#begin}. */
    long begin(long newIndex, long newTerm, long newTotalLength) {
        long nowNs = clock.nanoTime();
        lastAskedNs = nowNs;
        advance(nowNs);
        boolean same = index == newIndex && term == newTerm && totalLength == newTotalLength;
        if (phase == Phase.NONE || !same) {
            if (isBusy() || nowNs - retryAtNs < 0) {
                return SnapshotStore.NOT_NOW;
            }
            start(newIndex, newTerm, newTotalLength);
        }
        return switch (phase) {
            case MANIFEST -> headLength;
            case BLOCKS, READY -> requireIncoming().next();
            case FILLING, PREPARING -> signOfLife(nowNs);
            default -> SnapshotStore.NOT_NOW;
        };
    }

    private boolean isBusy() {
        return (phase == Phase.FILLING || phase == Phase.PREPARING) && !backgroundDone;
    }

    private long signOfLife(long nowNs) {
        if (nowNs - lastSignNs < SIGN_OF_LIFE_NS) {
            return SnapshotStore.NOT_NOW;
        }
        lastSignNs = nowNs;
        // One byte before what is asked for: the leader repeats that byte, and nothing is written here.
        return phase == Phase.FILLING ? headLength - 1 : requireIncoming().next() - 1;
    }

    private void start(long newIndex, long newTerm, long newTotalLength) {
        abandon("another snapshot is offered");
        index = newIndex;
        term = newTerm;
        totalLength = newTotalLength;
        head = new byte[CheckpointManifest.HEADER_BYTES];
        headLength = 0;
        phase = Phase.MANIFEST;
        LOG.info("snapshot arriving index={} term={} bytes={}", index, term, totalLength);
    }

    /** As {@link SnapshotStore#write}. */
    void write(long offset, DirectBuffer chunk, int chunkOffset, int length) {
        try {
            switch (phase) {
                case MANIFEST -> writeHead(chunk, chunkOffset, length);
                case BLOCKS -> writeBlock(offset, chunk, chunkOffset, length);
                case READY -> phase = length == SnapshotLayout.SEAL_BYTES ? Phase.SEALED : Phase.READY;
                default -> {
                    // A byte repeated for a sign of life; it is here already.
                }
            }
        } catch (IOException | FaultException ex) {
            fail(ex.toString());
        }
        IncomingSnapshot now = incoming;
        checkpointer.counters().incoming(now == null ? headLength : now.next(), totalLength);
    }

    private void writeHead(DirectBuffer chunk, int chunkOffset, int length) throws IOException {
        if (headLength + length > head.length) {
            head = Arrays.copyOf(head, Math.max(headLength + length, 2 * head.length));
        }
        chunk.getBytes(chunkOffset, head, headLength, length);
        headLength += length;
        if (headLength < CheckpointManifest.HEADER_BYTES) {
            return;
        }
        int claimed = CheckpointManifest.claimedLength(ByteBuffer.wrap(head));
        if (claimed == 0 || SnapshotLayout.padded(claimed) > totalLength) {
            throw new IOException("what arrives as snapshot " + index + " begins with no checkpoint manifest");
        }
        if (headLength < SnapshotLayout.padded(claimed)) {
            return;
        }
        byte[] encoded = Arrays.copyOf(head, claimed);
        CheckpointManifest sent = CheckpointManifest.decode(encoded, Path.of("the snapshot sent by the leader"));
        if (sent.index() != index || sent.term() != term) {
            throw new IOException("snapshot " + index + " of term " + term + " holds a checkpoint of index "
                    + sent.index() + " and term " + sent.term());
        }
        IncomingSnapshot next = new IncomingSnapshot(sent, claimed, directory.collections());
        if (next.totalBytes() != totalLength) {
            throw new IOException(
                    "snapshot " + index + " has " + totalLength + " bytes, its manifest says " + next.totalBytes());
        }
        incoming = next;
        steps.reached(CheckpointStep.INCOMING_MANIFEST);
        inBackground(Phase.FILLING, () -> {
            Checkpoint local = checkpointer.newest();
            checkpointer.counters().countSkipped(next.fill(local == null ? null : local.manifest()));
        });
    }

    private void writeBlock(long offset, DirectBuffer chunk, int chunkOffset, int length) throws IOException {
        IncomingSnapshot now = requireIncoming();
        if (!now.write(offset, chunk, chunkOffset, length)) {
            checkpointer.counters().countRejectedBlock();
            LOG.warn("snapshot block with a wrong checksum index={} offset={}", index, offset);
            return;
        }
        checkpointer.counters().countReceived(length);
        steps.reached(CheckpointStep.INCOMING_BLOCK);
        if (now.isComplete()) {
            prepare(now);
        }
    }

    private void prepare(IncomingSnapshot now) {
        inBackground(Phase.PREPARING, () -> {
            force(now);
            directory.stage(now.manifest());
            steps.reached(CheckpointStep.INCOMING_FORCED);
            Map<Integer, CollectionStore> stores = recovery.open(now.manifest());
            ApplyHold hold = checkpointer.hold();
            hold.request();
            for (int i = 0; i < HOLD_ATTEMPTS && !hold.isHeld(); i++) {
                LockSupport.parkNanos(1_000_000);
            }
            if (!hold.isHeld()) {
                hold.release();
                stores.values().forEach(CollectionStore::close);
                throw new IOException("the apply thread does not come to a stop");
            }
            prepared = new PreparedState(now.manifest(), stores);
        });
    }

    /** What a failed force leaves is unknown, and a later attempt would take it for whole: so it is final. */
    private static void force(IncomingSnapshot now) {
        try {
            now.force();
        } catch (IOException ex) {
            throw CheckpointDirectory.failed("cannot force an arriving snapshot", ex);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void inBackground(Phase next, Work work) {
        phase = next;
        backgroundDone = false;
        failure = null;
        checkpointer.run(() -> {
            try {
                work.run();
            } catch (IOException ex) {
                failure = ex.toString();
            } catch (FaultException ex) {
                if (ex.code() == ErrorCode.IO_FAILURE) {
                    throw ex;
                }
                failure = ex.getMessage();
            }
            // Not after what stops the node: then this never becomes ready.
            backgroundDone = true;
        });
    }

    private void advance(long nowNs) {
        if (!backgroundDone || (phase != Phase.FILLING && phase != Phase.PREPARING)) {
            return;
        }
        backgroundDone = false;
        String failed = failure;
        if (failed != null) {
            fail(failed);
            return;
        }
        if (phase == Phase.PREPARING) {
            phase = Phase.READY;
        } else {
            phase = Phase.BLOCKS;
            lastSignNs = nowNs;
            IncomingSnapshot now = requireIncoming();
            if (now.isComplete()) {
                prepare(now);
            }
        }
    }

    /** As {@link SnapshotStore#install}; returns the checkpoint that is now the newest. */
    Checkpoint install(long installedIndex, long installedTerm) {
        PreparedState state = prepared;
        if (phase != Phase.SEALED || state == null || installedIndex != index || installedTerm != term) {
            throw new IllegalStateException(
                    "snapshot " + installedIndex + " is not ready to be installed: " + phase + " of " + index);
        }
        directory.publish(state.manifest());
        Checkpoint checkpoint = Checkpoint.of(state.manifest());
        checkpointer.installed(checkpoint);
        steps.reached(CheckpointStep.INSTALLED);
        prepared = null;
        checkpointer.hold().release(state);
        LOG.info("snapshot installed index={} term={}", index, term);
        reset();
        return checkpoint;
    }

    /** Gives up what the leader no longer speaks of. */
    void poll(long nowNs) {
        advance(nowNs);
        if (phase != Phase.NONE && !isBusy() && nowNs - lastAskedNs > ABANDONED_NS) {
            abandon("the leader speaks of it no more");
        }
    }

    private void fail(String why) {
        LOG.error("snapshot not taken index={} reason=\"{}\"", index, why);
        checkpointer.counters().countFailed();
        retryAtNs = clock.nanoTime() + RETRY_NS;
        giveUp();
    }

    private void abandon(String why) {
        if (phase != Phase.NONE) {
            LOG.info("snapshot given up index={} reason=\"{}\"", index, why);
            giveUp();
        }
    }

    private void giveUp() {
        PreparedState state = prepared;
        if (state != null) {
            prepared = null;
            checkpointer.hold().release();
            state.close();
        }
        reset();
    }

    private void reset() {
        IncomingSnapshot old = incoming;
        incoming = null;
        phase = Phase.NONE;
        index = 0;
        headLength = 0;
        head = new byte[0];
        checkpointer.counters().incoming(0, 0);
        if (old != null) {
            try {
                old.close();
            } catch (IOException ex) {
                LOG.warn("cannot close a file of snapshot: {}", ex.toString());
            }
        }
    }

    /** Closes what was prepared and not installed. The apply thread has stopped. */
    void close() {
        giveUp();
    }

    private IncomingSnapshot requireIncoming() {
        IncomingSnapshot now = incoming;
        if (now == null) {
            throw new IllegalStateException("no snapshot is arriving in phase " + phase);
        }
        return now;
    }
}
