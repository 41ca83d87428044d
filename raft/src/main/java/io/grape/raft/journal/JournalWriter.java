package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.FRAME_OVERHEAD;
import static io.grape.raft.journal.record.RecordDescriptor.GROUP_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.HARD_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.record.BatchFrame;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.AppendBackEnd;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import io.grape.raft.journal.segment.SegmentPool;
import io.grape.raft.journal.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the groups staged into one frame, one write, and the next segment when this one is full.
 *
 * <p>Thread: the pipeline's; only {@link #writtenPosition()} and {@link #forcedPosition()} are for any thread.
 */
final class JournalWriter {
    private final JournalConfig config;
    private final SegmentTable segments;
    private final AppendBackEnd backEnd;
    private final Poison poison;
    private final BatchFrame frame;
    private final JournalCounters counters = new JournalCounters();
    private final Int2ObjectHashMap<GroupLog> groups = new Int2ObjectHashMap<>();
    private GroupLog[] dirty = new GroupLog[16];
    private int dirtyCount;
    private long liveBytes;
    private @Nullable SegmentPool pool;
    private @Nullable SegmentRecycler recycler;
    private @Nullable Segment segment;
    private int offset;
    private long nextOrdinal;
    private int journalSalt;
    private volatile long writtenPosition;
    private volatile long forcedPosition;

    JournalWriter(JournalConfig config, SegmentTable segments, Poison poison) {
        this.config = config;
        this.segments = segments;
        this.backEnd = config.backEnd().newAppender();
        this.poison = poison;
        this.frame = new BatchFrame(config.maxBatchBytes(), config.salt());
        this.journalSalt = config.salt();
    }

    /** Begins where recovery ended, or with the first segment of a new journal. */
    void start(SegmentPool segmentPool, JournalRecovery.Tail tail) {
        pool = segmentPool;
        recycler = new SegmentRecycler(config, this, segments, segmentPool, counters);
        nextOrdinal = tail.nextOrdinal();
        if (tail.segment() == null) {
            segment = nextSegment();
            offset = SegmentDescriptor.HEADER_LENGTH;
        } else {
            segment = tail.segment();
            offset = tail.offset();
            journalSalt = tail.journalSalt();
            if (offset == SegmentDescriptor.HEADER_LENGTH && segment.sequence() > 0) {
                // The roll that began this segment was torn: what it promises to later recoveries is written again.
                writeGroupStates(segment);
            }
            if (!tail.damages().isEmpty()) {
                // What the groups lost is on record before anything else is, and the damage stays as it was found.
                roll();
            }
        }
        forcedPosition =
                segments.positionOf(tail.segment() == null ? 0 : tail.segment().sequence(), 0);
        writtenPosition = segments.positionOf(segment.sequence(), offset);
        publishSpace();
    }

    BatchFrame frame() {
        return frame;
    }

    SegmentTable segments() {
        return segments;
    }

    Iterable<GroupLog> groups() {
        return groups.values();
    }

    GroupLog group(int groupId) {
        GroupLog group = groups.get(groupId);
        return group != null ? group : addGroup(groupId);
    }

    private GroupLog addGroup(int groupId) {
        checkRoomForStates(align(GROUP_STATE_LENGTH));
        GroupLog added = new GroupLog(groupId, this);
        groups.put(groupId, added);
        return added;
    }

    /** Refuses groups, or lives of their nodes, of which all that is known would not fit beside a batch in one segment. */
    void checkRoomForStates(int moreBytes) {
        int needed = SegmentDescriptor.HEADER_LENGTH + statesLength() + moreBytes + config.maxBatchBytes();
        if (needed > config.segmentBytes()) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "journal.segmentBytes " + config.segmentBytes() + " is too small for " + (groups.size() + 1)
                            + " groups beside batches of " + config.maxBatchBytes() + " bytes");
        }
    }

    private int statesLength() {
        int length = FRAME_OVERHEAD;
        for (GroupLog group : groups.values()) {
            length += align(GROUP_STATE_LENGTH) + group.groupLives().writtenLength();
        }
        return length;
    }

    /** Refuses an entry that is too long, or for which the batch has no room beside each group's hard state. */
    @HotPath
    void checkRoomForEntry(int length) {
        poison.check();
        if (length > config.maxEntryBytes()) {
            throw tooLong(length);
        }
        if (entryRoom() < align(HEADER_LENGTH + length)) {
            throw full(length);
        }
    }

    /** Returns the bytes that entries may still take in this batch, headers included. */
    @HotPath
    int entryRoom() {
        return frame.remaining() - groups.size() * align(HARD_STATE_LENGTH);
    }

    /** Refuses a record other than an entry for which the batch has no room. */
    @HotPath
    void checkRoom(int recordLength) {
        poison.check();
        if (frame.remaining() < align(recordLength)) {
            throw full(recordLength);
        }
    }

    @HotPath
    void addDirty(GroupLog group) {
        if (dirtyCount == dirty.length) {
            dirty = Arrays.copyOf(dirty, dirtyCount * 2);
        }
        dirty[dirtyCount++] = group;
    }

    @HotPath
    long flush() {
        poison.check();
        if (frame.records() == 0) {
            return writtenPosition;
        }
        Segment target = current();
        if (frame.frameLength() > config.segmentBytes() - offset) {
            target = roll();
        }
        long framePosition = segments.positionOf(target.sequence(), offset);
        writeFrame(target, frame);
        for (int i = 0; i < dirtyCount; i++) {
            dirty[i].onFlushed(framePosition, target);
        }
        dirtyCount = 0;
        if (recycler != null) {
            recycler.onFlushed(framePosition, segments.positionOf(target.sequence(), offset));
        }
        counters.countBatch(frame.frameLength());
        frame.clear();
        publishSpace();
        long position = segments.positionOf(target.sequence(), offset);
        writtenPosition = position;
        return position;
    }

    /** Gives back what no log needs, in bounded pieces. */
    @HotPath
    int maintain() {
        poison.check();
        return recycler == null ? 0 : recycler.doWork();
    }

    /** Counts entries that came to or went from a segment. */
    @HotPath
    void addLive(Segment target, int entries, long bytes) {
        target.addLive(entries, bytes);
        liveBytes += bytes;
    }

    /** Returns the bytes of records that hold entries which some log needs. */
    long liveBytes() {
        return liveBytes;
    }

    JournalCounters counters() {
        return counters;
    }

    @HotPath
    void publishSpace() {
        long kept = segments.lastSequence() - segments.firstSequence() + 1;
        counters.space(liveBytes, kept * config.segmentBytes());
    }

    /** Returns the bytes between the last batch and the segment's end. */
    @HotPath
    int segmentRoom() {
        return config.segmentBytes() - offset;
    }

    /** Returns the position after the last written byte. */
    long writtenPosition() {
        return writtenPosition;
    }

    /** Returns the position before which everything is on disk. */
    long forcedPosition() {
        return forcedPosition;
    }

    /** Returns the position before which everything is as durable as the sync policy asks. */
    long durablePosition() {
        return config.syncPolicy() == SyncPolicy.FORCE ? forcedPosition : writtenPosition;
    }

    /** Makes what was written before the call durable. Thread: the one that forces. */
    void force() {
        poison.check();
        long to = writtenPosition;
        long from = forcedPosition;
        if (from >= to) {
            return;
        }
        long last = segments.sequenceOf(to - 1);
        for (long sequence = segments.sequenceOf(from); sequence <= last; sequence++) {
            int begin = sequence == segments.sequenceOf(from) ? segments.offsetOf(from) : 0;
            int end = sequence == last ? segments.offsetOf(to - 1) + 1 : config.segmentBytes();
            Segment forced = segments.bySequence(sequence);
            try {
                backEnd.force(forced, begin, end);
            } catch (IOException e) {
                throw poison.strike("forcing journal segment " + forced.path() + " failed; the node must stop", e);
            }
        }
        forcedPosition = to;
    }

    private Segment roll() {
        Segment next = nextSegment();
        segment = next;
        offset = SegmentDescriptor.HEADER_LENGTH;
        writeGroupStates(next);
        return next;
    }

    private Segment nextSegment() {
        SegmentPool source = pool;
        if (source == null) {
            throw new IllegalStateException("the journal was not started");
        }
        Segment next = source.take();
        long sequence = segments.lastSequence() + 1;
        int salt = SegmentDescriptor.saltOf(sequence, journalSalt);
        next.assign(sequence, salt);
        SegmentDescriptor.Header header = new SegmentDescriptor.Header(
                SegmentDescriptor.FORMAT_VERSION,
                salt,
                sequence,
                config.segmentBytes(),
                config.nodeId(),
                config.pipelineId(),
                nextOrdinal);
        write(next, 0, header.encode());
        segments.add(next);
        return next;
    }

    /** Begins a segment with all that is known of the groups, so that no earlier segment is needed to know it. */
    private void writeGroupStates(Segment target) {
        if (groups.isEmpty()) {
            return;
        }
        BatchFrame states = new BatchFrame(statesLength(), config.salt());
        for (GroupLog group : groups.values()) {
            group.written().stage(states, group.groupId(), group.written().repairMark());
            group.groupLives().stageWritten(states);
        }
        writeFrame(target, states);
    }

    @HotPath
    private void writeFrame(Segment target, BatchFrame source) {
        int acknowledged = config.syncPolicy() == SyncPolicy.FORCE
                ? RecordDescriptor.ACKNOWLEDGED_ON_FORCE
                : RecordDescriptor.ACKNOWLEDGED_ON_WRITE;
        int length = source.frameLength();
        write(target, offset, source.seal(nextOrdinal, target.salt(), acknowledged, forcedPosition));
        nextOrdinal++;
        offset += length;
    }

    @HotPath
    private void write(Segment target, int at, ByteBuffer bytes) {
        try {
            backEnd.write(target, at, bytes);
        } catch (IOException e) {
            throw writeFailed(target, at, e);
        }
    }

    private FaultException writeFailed(Segment target, int at, IOException cause) {
        return poison.strike("writing journal segment " + target.path() + " at " + at + " failed", cause);
    }

    @HotPath
    private Segment current() {
        Segment known = segment;
        if (known == null) {
            throw notStarted();
        }
        return known;
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("the journal was not started");
    }

    private GrapeException tooLong(int length) {
        return new GrapeException(
                ErrorCode.MESSAGE_TOO_LARGE,
                "an entry of " + length + " bytes is above journal.maxEntryBytes " + config.maxEntryBytes());
    }

    private GrapeException full(int length) {
        return new GrapeException(
                ErrorCode.BACK_PRESSURE,
                "the journal's batch has no room for " + length + " more bytes; " + frame.frameLength()
                        + " of journal.maxBatchBytes " + config.maxBatchBytes() + " are staged: flush first");
    }
}
