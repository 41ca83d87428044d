package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.ENTRY;
import static io.grape.raft.journal.record.RecordDescriptor.GROUP_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.HARD_STATE;
import static io.grape.raft.journal.record.RecordDescriptor.HARD_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.LIFE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.MARK_LAST_INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.REPAIRED;
import static io.grape.raft.journal.record.RecordDescriptor.SNAPSHOT_MARK;
import static io.grape.raft.journal.record.RecordDescriptor.SNAPSHOT_MARK_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.TERM_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.TRUNCATION;
import static io.grape.raft.journal.record.RecordDescriptor.VOTED_FOR_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import io.grape.codecs.HotPath;
import io.grape.raft.core.HardState;
import io.grape.raft.core.RaftLog;
import io.grape.raft.core.lives.LifeTable;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.Segment;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One group's part of the journal: its log and hard state, staged and written.
 *
 * <p>Thread: the pipeline's, for everything but {@link #read}, which one more thread may call for entries at or below a commit
 * index that it got from the pipeline's thread through a release and an acquire. Writing and reading allocate nothing but a
 * chunk of the index now and then while the log grows.
 *
 * <p>Invariants: {@code 0 <= markIndex <= lastIndex}; terms never fall; what is at or below the commit index stays.
 */
public final class GroupLog implements RaftLog {
    private static final int NOT_STAGED = -1;

    private final int groupId;
    private final JournalWriter writer;
    private final LogIndex index = new LogIndex();
    private final GroupState current = new GroupState();
    private final GroupState written = new GroupState();
    private final GroupLives lives;
    private long firstStaged = Long.MAX_VALUE;
    private int stagedHardState = NOT_STAGED;
    private long appliedIndex;
    private boolean dirty;

    GroupLog(int groupId, JournalWriter writer) {
        this.groupId = groupId;
        this.writer = writer;
        this.lives = new GroupLives(groupId);
    }

    /** Returns the group. */
    public int groupId() {
        return groupId;
    }

    @Override
    @HotPath
    public long firstIndex() {
        return current.markIndex + 1;
    }

    @Override
    @HotPath
    public long lastIndex() {
        return current.lastIndex;
    }

    @Override
    @HotPath
    public long termAt(long at) {
        if (at == current.markIndex) {
            return current.markTerm;
        }
        return isHeld(at) ? index.term(at) : NULL_TERM;
    }

    @Override
    @HotPath
    public short entryTypeAt(long at) {
        long position = heldPosition(at);
        return RecordDescriptor.entryType(bufferOf(position), offsetOf(position));
    }

    @Override
    @HotPath
    public int payloadLengthAt(long at) {
        long position = heldPosition(at);
        return RecordDescriptor.length(bufferOf(position), offsetOf(position)) - HEADER_LENGTH;
    }

    @Override
    @HotPath
    public int copyPayload(long at, MutableDirectBuffer target, int targetOffset) {
        long position = heldPosition(at);
        DirectBuffer source = bufferOf(position);
        int record = offsetOf(position);
        int length = RecordDescriptor.length(source, record) - HEADER_LENGTH;
        target.putBytes(targetOffset, source, record + HEADER_LENGTH, length);
        return length;
    }

    /**
     * Points a view at an entry. One thread besides the pipeline's may call it, as the class comment says.
     *
     * @throws IllegalStateException if the journal holds something else where the entry should be
     */
    @HotPath
    public void read(long at, LogEntry entry) {
        long position = index.position(at);
        if (position == LogIndex.NULL_POSITION) {
            throw notThere(at, position);
        }
        DirectBuffer source = bufferOf(position);
        int record = offsetOf(position);
        if (RecordDescriptor.index(source, record) != at || RecordDescriptor.groupId(source, record) != groupId) {
            throw notThere(at, position);
        }
        entry.wrap(source, record);
    }

    /**
     * Stages an entry, which must follow the last one in index and must not fall behind it in term.
     *
     * @throws io.grape.codecs.GrapeException MESSAGE_TOO_LARGE if the payload is above the limit; BACK_PRESSURE if the batch
     *     has no room left, in which case the owner flushes and the caller tries again; nothing was staged
     */
    @Override
    @HotPath
    public void append(long at, long term, short entryType, DirectBuffer payload, int offset, int length) {
        if (at != current.lastIndex + 1 || term < current.lastTerm) {
            throw outOfOrder(at, term);
        }
        writer.checkRoomForEntry(length);
        int staged = writer.frame()
                .stage(RecordDescriptor.types(ENTRY, entryType), groupId, term, at, payload, offset, length);
        index.put(at, ~(long) staged, term);
        current.lastIndex = at;
        current.lastTerm = term;
        firstStaged = Math.min(firstStaged, at);
        markDirty();
    }

    @Override
    @HotPath
    public void truncateFrom(long at) {
        if (at <= current.commitIndex || at <= current.markIndex) {
            throw belowCommit(at);
        }
        if (at > current.lastIndex) {
            return;
        }
        writer.checkRoom(HEADER_LENGTH);
        long lastTerm = termAt(at - 1);
        writer.frame().stage(TRUNCATION, groupId, lastTerm, at, HEADER_LENGTH);
        releaseLive(at, current.lastIndex);
        current.lastIndex = at - 1;
        current.lastTerm = lastTerm;
        markDirty();
    }

    @Override
    @HotPath
    public void hardState(long term, int votedFor, long commitIndex) {
        if (term < current.term || commitIndex < current.commitIndex) {
            throw backwards(term, commitIndex);
        }
        if (term == current.term && votedFor == current.votedFor && commitIndex == current.commitIndex) {
            return;
        }
        if (stagedHardState == NOT_STAGED) {
            writer.checkRoom(HARD_STATE_LENGTH);
            stagedHardState = writer.frame().stage(HARD_STATE, groupId, 0, 0, HARD_STATE_LENGTH);
        }
        // A batch is recovered as a whole or not at all, so one record of it can hold the last state of many.
        writer.frame().putLong(stagedHardState, TERM_OFFSET, term);
        writer.frame().putLong(stagedHardState, INDEX_OFFSET, commitIndex);
        writer.frame().putInt(stagedHardState, VOTED_FOR_OFFSET, votedFor);
        writer.frame().putInt(stagedHardState, VOTED_FOR_OFFSET + Integer.BYTES, 0);
        current.term = term;
        current.votedFor = votedFor;
        current.commitIndex = commitIndex;
        markDirty();
    }

    /**
     * Stages what is known of a node's lives.
     *
     * @throws io.grape.codecs.GrapeException INVALID_CONFIGURATION if a segment is too small for all that is known
     */
    @Override
    public void life(int nodeId, long diskId, long incarnation, int state) {
        writer.checkRoom(LIFE_LENGTH);
        writer.checkRoomForStates(align(LIFE_LENGTH));
        lives.stage(writer.frame(), nodeId, diskId, incarnation, state);
        markDirty();
    }

    @Override
    public LifeTable lives() {
        return lives.current();
    }

    @Override
    public boolean livesAreDurable() {
        return lives.areDurable(writer.durablePosition());
    }

    /** Returns the lives as written and as they are read back. */
    GroupLives groupLives() {
        return lives;
    }

    /**
     * Stages a snapshot mark: the state up to an index is kept elsewhere, so the log may begin after it. If the log holds
     * that very entry, what follows it stays; otherwise the snapshot replaces the whole log (Raft, section 7).
     *
     * <p>The caller guarantees that the snapshot is durable, and that no thread reads entries up to the index any more.
     */
    @Override
    public void compactTo(long at, long term) {
        if (at <= current.markIndex) {
            return;
        }
        writer.checkRoom(SNAPSHOT_MARK_LENGTH);
        boolean keeps = termAt(at) == term;
        int mark = writer.frame().stage(SNAPSHOT_MARK, groupId, term, at, SNAPSHOT_MARK_LENGTH);
        writer.frame().putLong(mark, MARK_LAST_INDEX_OFFSET, keeps ? current.lastIndex : at);
        releaseLive(firstIndex(), keeps ? at : current.lastIndex);
        applyMark(at, term, keeps ? current.lastIndex : at);
        markDirty();
    }

    /**
     * Tells the journal that no thread but the pipeline's reads entries up to an index any more. Entries between it and the
     * commit index are never copied forward, so a group that does not tell pins the segments that hold its log.
     */
    @HotPath
    public void appliedThrough(long at) {
        appliedIndex = Math.max(appliedIndex, at);
    }

    /**
     * Returns whether the group lost records to damage. Until {@link #repaired} it must not vote, campaign or lead: it may have
     * forgotten a vote, and entries that it acknowledged. It does take entries from a leader.
     */
    @Override
    public boolean isUnderRepair() {
        return current.underRepair;
    }

    /** Returns the highest index that the group may have acknowledged before the damage. */
    @Override
    public long repairThrough() {
        return current.repairThrough;
    }

    /**
     * Stages the end of the repair. The commit index, as a leader told it, must have reached {@link #repairThrough}: then
     * everything that was ever acknowledged here is here again.
     */
    @Override
    public void repaired() {
        if (!current.underRepair || current.commitIndex < current.repairThrough) {
            throw new IllegalStateException("group " + groupId + " is not repaired: commit index " + current.commitIndex
                    + " of " + current.repairThrough);
        }
        writer.checkRoom(GROUP_STATE_LENGTH);
        current.underRepair = false;
        current.repairThrough = 0;
        current.stage(writer.frame(), groupId, REPAIRED);
        markDirty();
    }

    /** Returns the hard state as last staged; as recovered, right after opening; {@code (0, -1, 0)} for a new group. */
    public HardState hardState() {
        return new HardState(current.term, current.votedFor, current.commitIndex);
    }

    /** Returns the last index of the log that is written and not only staged: the apply thread may read up to here. */
    @HotPath
    public long writtenIndex() {
        return Math.min(current.lastIndex, firstStaged - 1);
    }

    /** Returns what is known of the group as of the last flush. */
    GroupState written() {
        return written;
    }

    /** Returns what is known of the group, staged records included. */
    GroupState current() {
        return current;
    }

    LogIndex index() {
        return index;
    }

    /** Learns that the batch was written as a frame that begins at a position of a segment. */
    @HotPath
    void onFlushed(long framePosition, Segment segment) {
        int entries = 0;
        long bytes = 0;
        for (long at = Math.max(firstStaged, current.markIndex + 1); at <= current.lastIndex; at++) {
            long position = index.position(at);
            if (position < 0) {
                index.put(at, framePosition + ~position, index.term(at));
                entries++;
                bytes += align(RecordDescriptor.length(writer.frame().buffer(), (int) ~position));
            }
        }
        writer.addLive(segment, entries, bytes);
        written.set(current);
        lives.onFlushed(framePosition);
        firstStaged = Long.MAX_VALUE;
        stagedHardState = NOT_STAGED;
        dirty = false;
    }

    /** Ends the recovery of this group: everything known of it is in the files. */
    void onRecovered() {
        written.set(current);
        for (long at = firstIndex(); at <= current.lastIndex; at++) {
            long position = index.position(at);
            Segment segment = writer.segments().at(position);
            writer.addLive(
                    segment,
                    1,
                    align(RecordDescriptor.length(
                            segment.buffer(), writer.segments().offsetOf(position))));
        }
    }

    /** Learns that an entry was copied to another position, unless it was cut or replaced meanwhile. */
    @HotPath
    void move(long at, long from, long position) {
        if (!isHeld(at) || index.position(at) != from) {
            return;
        }
        releaseLive(at, at);
        index.put(at, position, index.term(at));
        Segment segment = writer.segments().at(position);
        int length = RecordDescriptor.length(segment.buffer(), writer.segments().offsetOf(position));
        writer.addLive(segment, 1, align(length));
    }

    /** Returns whether no other thread can be reading the entry. */
    @HotPath
    boolean mayMove(long at) {
        return at <= appliedIndex || at > current.commitIndex;
    }

    @HotPath
    private void releaseLive(long from, long to) {
        for (long at = from; at <= to; at++) {
            long position = index.position(at);
            if (position > 0) {
                Segment segment = writer.segments().at(position);
                int length = RecordDescriptor.length(
                        segment.buffer(), writer.segments().offsetOf(position));
                writer.addLive(segment, -1, -align(length));
            }
        }
    }

    void applyMark(long at, long term, long lastIndex) {
        if (lastIndex == at) {
            current.lastIndex = at;
            current.lastTerm = term;
        }
        current.markIndex = at;
        current.markTerm = term;
        index.discardBelow(at + 1);
    }

    @HotPath
    private void markDirty() {
        if (!dirty) {
            dirty = true;
            writer.addDirty(this);
        }
    }

    @HotPath
    boolean isHeld(long at) {
        return at > current.markIndex && at <= current.lastIndex;
    }

    @HotPath
    private long heldPosition(long at) {
        if (!isHeld(at)) {
            throw notHeld(at);
        }
        return index.position(at);
    }

    @HotPath
    private DirectBuffer bufferOf(long position) {
        return position < 0
                ? writer.frame().buffer()
                : writer.segments().at(position).buffer();
    }

    @HotPath
    private int offsetOf(long position) {
        return position < 0 ? (int) ~position : writer.segments().offsetOf(position);
    }

    private IllegalStateException outOfOrder(long at, long term) {
        return new IllegalStateException("group " + groupId + ": entry " + at + " of term " + term
                + " cannot follow entry " + current.lastIndex + " of term " + current.lastTerm);
    }

    private IllegalStateException belowCommit(long at) {
        return new IllegalStateException("group " + groupId + ": the log cannot be cut at " + at + ", commit index "
                + current.commitIndex + ", snapshot " + current.markIndex);
    }

    private IllegalStateException backwards(long term, long commitIndex) {
        return new IllegalStateException("group " + groupId + ": hard state cannot go from term " + current.term
                + ", commit " + current.commitIndex + " back to " + term + ", " + commitIndex);
    }

    private IllegalStateException notHeld(long at) {
        return new IllegalStateException("group " + groupId + ": entry " + at + " is not held; the log is "
                + firstIndex() + " to " + current.lastIndex);
    }

    private IllegalStateException notThere(long at, long position) {
        return new IllegalStateException(
                "group " + groupId + ": entry " + at + " is not where it should be, at journal position " + position);
    }
}
