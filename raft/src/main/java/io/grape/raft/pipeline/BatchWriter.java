package io.grape.raft.pipeline;

import io.grape.codecs.FaultException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what all groups staged into the journal, in one write, and remembers what each write will have made durable.
 *
 * <p>Thread: the pipeline. Allocates nothing in steady state.
 */
final class BatchWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
    private static final int MIN_MARKS = 4096;

    private final Journal journal;
    private final GroupTable groups;
    private final LongSupplier durablePosition;
    private final int flushBytes;
    private final PipelineCounters counters;
    private final FlushMarks marks;
    private final SlotSet touched;
    private final int emptyBatchBytes;
    private final int reservedBatchBytes;

    private long flushedPosition;
    private boolean storageFull;

    BatchWriter(
            Journal journal,
            GroupTable groups,
            LongSupplier durablePosition,
            int flushBytes,
            PipelineCounters counters) {
        this.journal = journal;
        this.groups = groups;
        this.durablePosition = durablePosition;
        this.flushBytes = flushBytes;
        this.counters = counters;
        // A force may run while the next write follows, so several writes of all groups can be awaited at once.
        this.marks = new FlushMarks(Math.max(MIN_MARKS, Integer.highestOneBit(groups.count()) * 16));
        this.touched = new SlotSet(groups.count());
        this.flushedPosition = journal.writtenPosition();
        this.emptyBatchBytes = journal.remainingBatchBytes();
        // Whatever the next event stages must fit: an append of the longest kind, its record headers, a truncation.
        this.reservedBatchBytes = Math.min(emptyBatchBytes / 2, 512 * 1024);
    }

    /** Returns the writes whose force is awaited. */
    FlushMarks marks() {
        return marks;
    }

    /** Tells whether whatever one more event stages fits into the batch. */
    @HotPath
    boolean hasRoom() {
        return journal.remainingBatchBytes() > reservedBatchBytes;
    }

    /**
     * Tells whether the disk had no room for the last write, or soon has none: then what room is left is for hard states and
     * for what is on its way. Ends by itself when there is space again.
     */
    @HotPath
    boolean isStorageFull() {
        return storageFull || journal.admission() != ErrorCode.OK;
    }

    /** Tells whether anything is staged. */
    @HotPath
    boolean hasStaged() {
        return journal.hasStaged();
    }

    /** Returns the mark that must be durable before anything may leave that claims what is staged now. */
    @HotPath
    long coveringMark() {
        return journal.hasStaged() ? marks.added() + 1 : marks.added();
    }

    /** Notes that a group may have staged something. */
    @HotPath
    void touch(int slot) {
        touched.add(slot);
    }

    /**
     * Writes what is staged, unless a force is running: then it waits for it and the batch grows. A large batch is
     * written all the same, so that memory stays bounded.
     *
     * @return work done
     */
    @HotPath
    int flush() {
        if (!journal.hasStaged() || !marks.hasRoomFor(touched.count() + 1)) {
            return 0;
        }
        boolean forceRunning = durablePosition.getAsLong() < flushedPosition;
        if (forceRunning && emptyBatchBytes - journal.remainingBatchBytes() < flushBytes) {
            return 0;
        }
        if (!write()) {
            return 0;
        }
        mark();
        counters.countFlush();
        return 1;
    }

    /** Every group whose log grew gets a mark; a write that grew none still gets one, since messages may wait for it. */
    @HotPath
    private void mark() {
        long before = marks.added();
        for (int i = 0; i < touched.count(); i++) {
            int slot = touched.get(i);
            GroupSlot group = groups.at(slot);
            GroupLog log = group.log;
            long index = log.lastIndex();
            if (group.group.durableIndex() < index) {
                marks.add(flushedPosition, slot, log.termAt(index), index);
            }
            groups.publish(slot);
        }
        if (marks.added() == before) {
            marks.add(flushedPosition, FlushMarks.NO_SLOT, 0, 0);
        }
        touched.clear();
    }

    /** Writes the batch; a disk without room keeps it staged, refuses new commands, and is asked again in the next turn. */
    @HotPath
    private boolean write() {
        try {
            flushedPosition = journal.flush();
            storageFull = false;
            return true;
        } catch (FaultException ex) {
            onWriteRefused(ex);
            return false;
        }
    }

    private void onWriteRefused(FaultException fault) {
        if (fault.severity() != FaultException.Severity.RETRY) {
            throw fault;
        }
        if (!storageFull) {
            LOG.error("node={} refuses writes code={} text={}", groups.nodeId(), fault.code(), fault.getMessage());
        }
        storageFull = true;
    }
}
