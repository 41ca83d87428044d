package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.HardState;
import io.grape.raft.journal.record.FrameReader;
import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.PlatformFiles;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import io.grape.raft.journal.segment.SegmentDirectory;
import io.grape.raft.journal.segment.SegmentPool;
import io.grape.raft.journal.segment.SegmentTable;
import java.io.IOException;
import java.util.List;

/**
 * The write-ahead journal of one pipeline, shared by its groups.
 *
 * <p>Threads: the pipeline's for everything that is not said to be another's. {@link #force} belongs to one other thread;
 * {@link #writtenPosition} and {@link #forcedPosition} may be asked by any. Staging, flushing and reading allocate nothing in
 * steady state.
 *
 * <p>What is staged is lost with the process; what was flushed survives the process; what was flushed before a {@link #force}
 * began survives the machine once that force returned. A batch is recovered as a whole or not at all.
 */
public final class Journal implements AutoCloseable {
    private final JournalConfig config;
    private final JournalWriter writer;
    private final SegmentPool pool;
    private final SegmentTable segments;
    private final JournalRecovery.Tail recovered;

    private Journal(
            JournalConfig config,
            JournalWriter writer,
            SegmentPool pool,
            SegmentTable segments,
            JournalRecovery.Tail recovered) {
        this.config = config;
        this.writer = writer;
        this.pool = pool;
        this.segments = segments;
        this.recovered = recovered;
    }

    /** As {@link #open(JournalConfig, FileOps)}, on the platform's files. */
    public static Journal open(JournalConfig config) {
        return open(config, new PlatformFiles());
    }

    /**
     * Opens a journal, or makes it: reads all that it holds, cuts a torn tail, forces the rest.
     *
     * @throws FaultException                      DATA_CORRUPT if what may have been acknowledged is damaged, naming segment,
     *                                             offset and group; DISK_SPACE if there is no room for a segment; IO_FAILURE
     * @throws io.grape.codecs.GrapeException DATA_OWNED_BY_OTHER_NODE, DATA_FORMAT_UNSUPPORTED, INVALID_CONFIGURATION
     */
    public static Journal open(JournalConfig config, FileOps files) {
        return open(config, files, new Manner(false, false));
    }

    /**
     * As {@link #open(JournalConfig, FileOps)}, for a member of groups that have other members: damage does not refuse the
     * whole journal. Nothing is cut; every group that cannot be proved whole is under repair (see
     * {@link GroupLog#isUnderRepair}), and gets what it lost from its peers.
     *
     * @throws FaultException DATA_CORRUPT still, if a segment's header is damaged or a segment is missing
     */
    public static Journal openForRepair(JournalConfig config, FileOps files) {
        return open(config, files, new Manner(true, false));
    }

    /**
     * As {@link #open(JournalConfig, FileOps)}, without a thread of its own: segments are prepared within the calls that need
     * them. For owners that do everything on one thread, such as the simulator.
     */
    public static Journal openThreadless(JournalConfig config, FileOps files) {
        return open(config, files, new Manner(false, true));
    }

    private record Manner(boolean goesOnBehindDamage, boolean isThreadless) {}

    private static Journal open(JournalConfig config, FileOps files, Manner manner) {
        SegmentPool.Settings settings = new SegmentPool.Settings(
                config.directory(),
                config.segmentBytes(),
                config.nodeId(),
                config.pipelineId(),
                config.minFreeBytes(),
                config.backEnd().newAppender().mapsWritable());
        SegmentDirectory directory = new SegmentDirectory(settings, files);
        try {
            directory.load(Journal::findFrame);
            return open(config, files, settings, directory, manner);
        } catch (IOException e) {
            closeAfter(directory, e);
            throw new FaultException(
                    Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "the journal in " + config.directory() + " cannot be opened: " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            closeAfter(directory, e);
            throw e;
        }
    }

    private static Journal open(
            JournalConfig config,
            FileOps files,
            SegmentPool.Settings settings,
            SegmentDirectory directory,
            Manner manner)
            throws IOException {
        SegmentTable segments = new SegmentTable(config.segmentBytes());
        JournalWriter writer = new JournalWriter(config, segments, new Poison());
        RecordReplay replay = new RecordReplay(writer);
        JournalRecovery.Tail tail =
                new JournalRecovery(config, directory.live(), replay, manner.goesOnBehindDamage()).recover();
        SegmentPool pool = new SegmentPool(settings, files, directory.nextFileNumber());
        directory.free().forEach(pool::addUsed);
        for (SegmentDirectory.Live found : directory.live()) {
            Segment segment = found.segment();
            Segment last = tail.segment();
            if (last != null && segment.sequence() <= last.sequence()) {
                segments.add(segment);
            } else {
                pool.addCut(segment);
            }
        }
        replay.account();
        if (manner.isThreadless()) {
            pool.startThreadless();
        } else {
            pool.start(Thread.ofPlatform()
                    .daemon()
                    .name("grape-journal-pool-" + config.pipelineId())
                    .factory());
        }
        Journal journal = new Journal(config, writer, pool, segments, tail);
        journal.start();
        return journal;
    }

    private void start() throws IOException {
        try {
            writer.start(pool, recovered);
            writer.force();
        } catch (FaultException e) {
            pool.close();
            if (e.code() == ErrorCode.STORAGE_FULL) {
                throw new FaultException(
                        Severity.FAIL_NODE, ErrorCode.DISK_SPACE, "the node cannot start: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** Returns the log of a group, made on first use. */
    public GroupLog group(int groupId) {
        return writer.group(groupId);
    }

    /** Returns the group's term, vote and commit index: right after opening as recovered, {@code (0, -1, 0)} if it is new. */
    public HardState hardState(int groupId) {
        return writer.group(groupId).hardState();
    }

    /** Returns whether a flush would write anything. */
    @HotPath
    public boolean hasStaged() {
        return writer.frame().records() > 0;
    }

    /** Returns the bytes that entries may still take in this batch, record headers included. */
    @HotPath
    public int remainingBatchBytes() {
        return writer.entryRoom();
    }

    /**
     * Writes all that every group staged as one batch, with one write.
     *
     * @return the journal position after it; what was staged is durable once {@link #forcedPosition} reaches it
     * @throws FaultException RETRY and STORAGE_FULL if the next segment cannot be made now: what is staged stays staged, and a
     *     later flush tries again; FAIL_NODE if the disk failed, now or earlier
     */
    @HotPath
    public long flush() {
        return writer.flush();
    }

    /**
     * Gives back segments that no log needs, and copies entries of idle groups forward when they hold up too many. Call it
     * once a duty cycle; each call does a bounded piece, and what it stages goes with the next flush.
     *
     * @return work done
     */
    @HotPath
    public int maintain() {
        pool.tryAgainIfThreadless();
        return writer.maintain();
    }

    /**
     * Returns whether a new proposal may be taken: {@code OK}, or {@code STORAGE_FULL} when the disk has no room for the next
     * segment and half of this one is used. What is left is for hard states and for what is on its way. Clears up by itself
     * when there is space again.
     */
    @HotPath
    public ErrorCode admission() {
        return pool.supply() == SegmentPool.Supply.DISK_FULL && writer.segmentRoom() < config.segmentBytes() / 2
                ? ErrorCode.STORAGE_FULL
                : ErrorCode.OK;
    }

    /** Returns whether a roll would find a segment. Any thread. */
    public SegmentPool.Supply supply() {
        return pool.supply();
    }

    /** Returns the journal's counters. Any thread. */
    public JournalCounters counters() {
        return writer.counters();
    }

    /** Returns the position after the last byte written. Any thread. */
    public long writtenPosition() {
        return writer.writtenPosition();
    }

    /** Returns the position before which every byte is forced. Any thread. */
    public long forcedPosition() {
        return writer.forcedPosition();
    }

    /**
     * Returns whether a written batch is not forced yet. Under {@link SyncPolicy#FORCE} a pipeline that flushes only when this
     * is false has one batch in flight: recovery can then always tell the torn tail of a power cut from damage. With several,
     * a later one may reach the disk before an earlier one, and recovery refuses what it cannot tell apart. Any thread.
     */
    @HotPath
    public boolean hasUnforced() {
        return writer.forcedPosition() < writer.writtenPosition();
    }

    /** Returns whether a whole segment was written since the last force. Any thread. */
    boolean hasUnforcedSegment() {
        return segments.sequenceOf(writer.forcedPosition()) < segments.sequenceOf(writer.writtenPosition() - 1);
    }

    /**
     * Makes everything durable that was written before the call. One thread, not the pipeline's.
     *
     * @throws FaultException FAIL_NODE if it fails: the journal is then of no use any more, for any thread
     */
    public void force() {
        writer.force();
    }

    /** Returns the configuration. */
    public JournalConfig config() {
        return config;
    }

    /** Returns the batches that were read when the journal was opened. */
    public long recoveredBatches() {
        return recovered.frames();
    }

    /** Returns the bytes from the cut to the segment's end, if a torn tail was cut when the journal was opened; otherwise 0. */
    public long tornBytes() {
        return recovered.tornBytes();
    }

    /** Returns what was found damaged when the journal was opened for repair. */
    public List<FaultException> damages() {
        return List.copyOf(recovered.damages());
    }

    /**
     * Forgets what is staged and unmaps the segments. No thread may use the journal, its logs or its entries afterwards; the
     * force thread has stopped before. Forces nothing: a clean shutdown flushes and forces first.
     */
    @Override
    public void close() {
        try {
            pool.close();
            while (segments.lastSequence() >= segments.firstSequence()) {
                segments.removeFirst().close();
            }
        } catch (IOException e) {
            throw new FaultException(
                    Severity.RETRY, ErrorCode.IO_FAILURE, "closing the journal in " + config.directory(), e);
        }
    }

    private static int findFrame(Segment segment, int salt) {
        return new FrameReader(segment.mapping(), segment.length(), salt)
                .nextBatchHeader(SegmentDescriptor.HEADER_LENGTH);
    }

    private static void closeAfter(SegmentDirectory directory, Exception cause) {
        try {
            directory.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
