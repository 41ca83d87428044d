package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.BATCH_HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.BATCH_TRAILER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.GROUP_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.HARD_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.LIFE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.MARK_LAST_INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.SNAPSHOT_MARK_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.VOTED_FOR_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.RaftLog;
import io.grape.raft.journal.record.FrameReader;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.Segment;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;

/**
 * Does to the groups what the records of intact frames say, and refuses what contradicts itself.
 *
 * <p>Thread: the one that opens the journal.
 */
final class RecordReplay {
    private final JournalWriter writer;
    private final IntHashSet known = new IntHashSet();
    private final DamagedGroups damaged = new DamagedGroups();

    RecordReplay(JournalWriter writer) {
        this.writer = writer;
    }

    /** Replays the records of an intact frame. */
    void frame(Segment segment, FrameReader reader, int frame) {
        int trailer = frame + reader.frameLength(frame) - BATCH_TRAILER_LENGTH;
        int record = frame + BATCH_HEADER_LENGTH;
        while (record < trailer) {
            replay(segment, reader.buffer(), record);
            record += align(RecordDescriptor.length(reader.buffer(), record));
        }
    }

    /** Learns that records of any group may have been lost here. */
    void onDamage() {
        damaged.onDamage(writer.groups());
    }

    /** Ends the replay: every group must be whole, or known to be under repair. */
    void finish() {
        damaged.finish(writer.groups());
        for (GroupLog group : writer.groups()) {
            GroupState state = group.current();
            long missing = firstMissing(group);
            if (missing <= state.lastIndex && !state.underRepair) {
                throw contradiction("group " + group.groupId() + " lacks entry " + missing + " of its log "
                        + group.firstIndex() + " to " + state.lastIndex);
            }
            if (missing <= state.lastIndex) {
                state.lastTerm = group.termAt(missing - 1);
                state.lastIndex = missing - 1;
                state.commitIndex = Math.min(state.commitIndex, state.lastIndex);
            }
            if (state.commitIndex > state.lastIndex) {
                throw contradiction("group " + group.groupId() + " had committed entry " + state.commitIndex
                        + ", but its log ends at " + state.lastIndex);
            }
        }
    }

    private static long firstMissing(GroupLog group) {
        long at = group.firstIndex();
        while (at <= group.lastIndex() && group.index().position(at) != LogIndex.NULL_POSITION) {
            at++;
        }
        return at;
    }

    /** Accounts for what the groups hold, once the journal knows its segments. */
    void account() {
        for (GroupLog group : writer.groups()) {
            group.onRecovered();
        }
    }

    private void replay(Segment segment, DirectBuffer buffer, int record) {
        int type = RecordDescriptor.recordType(buffer, record);
        if (type == RecordDescriptor.FILLER) {
            return;
        }
        int groupId = RecordDescriptor.groupId(buffer, record);
        GroupLog group = writer.group(groupId);
        if (!hasRightLength(type, RecordDescriptor.length(buffer, record))) {
            throw contradiction(place(segment, record, group, type) + "its length is wrong");
        }
        if (type == RecordDescriptor.LIFE) {
            // Says nothing of the log, so it is neither doubted nor does it end a doubt.
            group.groupLives().replay(buffer, record);
            return;
        }
        boolean knownBefore = !known.add(groupId);
        long position = segment.sequence() * segment.length() + record;
        if (damaged.replay(group, knownBefore, buffer, record, position)) {
            return;
        }
        long term = RecordDescriptor.term(buffer, record);
        long index = RecordDescriptor.index(buffer, record);
        String problem = switch (type) {
            case RecordDescriptor.ENTRY -> entry(group, index, term, position);
            case RecordDescriptor.HARD_STATE -> hardState(group, term, index, buffer, record);
            case RecordDescriptor.TRUNCATION -> truncation(group, index, term);
            case RecordDescriptor.SNAPSHOT_MARK -> mark(group, index, term, buffer, record);
            case RecordDescriptor.GROUP_STATE -> groupState(group, knownBefore, buffer, record);
            default -> "its type is not known";
        };
        if (!problem.isEmpty()) {
            throw contradiction(place(segment, record, group, type) + problem);
        }
    }

    private static String place(Segment segment, int record, GroupLog group, int type) {
        return "journal segment " + segment.path() + " (sequence " + segment.sequence() + "), offset " + record
                + ", group " + group.groupId() + ": the " + RecordDescriptor.nameOf(type) + " record is intact, but ";
    }

    private static boolean hasRightLength(int type, int length) {
        return switch (type) {
            case RecordDescriptor.HARD_STATE -> length == HARD_STATE_LENGTH;
            case RecordDescriptor.SNAPSHOT_MARK -> length == SNAPSHOT_MARK_LENGTH;
            case RecordDescriptor.GROUP_STATE -> length == GROUP_STATE_LENGTH;
            case RecordDescriptor.LIFE -> length == LIFE_LENGTH;
            default -> length >= RecordDescriptor.HEADER_LENGTH;
        };
    }

    private static String entry(GroupLog group, long index, long term, long position) {
        GroupState state = group.current();
        if (index == state.lastIndex + 1) {
            if (term < state.lastTerm) {
                return "its term " + term + " is below " + state.lastTerm;
            }
            state.lastIndex = index;
            state.lastTerm = term;
        } else if (index > state.lastIndex) {
            return "its index " + index + " leaves a gap after " + state.lastIndex;
        } else if (index <= state.markIndex) {
            return "";
        } else if (group.index().position(index) != LogIndex.NULL_POSITION && group.termAt(index) != term) {
            return "it would replace entry " + index + " of term " + group.termAt(index) + " by one of term " + term;
        }
        group.index().put(index, position, term);
        return "";
    }

    private static String hardState(GroupLog group, long term, long commit, DirectBuffer buffer, int record) {
        GroupState state = group.current();
        if (term < state.term || commit < state.commitIndex) {
            return "term " + term + " or commit index " + commit + " goes back";
        }
        state.term = term;
        state.commitIndex = commit;
        state.votedFor = RecordDescriptor.intField(buffer, record, VOTED_FOR_OFFSET);
        return "";
    }

    private static String truncation(GroupLog group, long from, long lastTerm) {
        GroupState state = group.current();
        // Not checked against the commit index: the record may stand before a hard state of the same batch.
        if (from <= state.markIndex || from > state.lastIndex) {
            return "it cuts at " + from + " a log of " + group.firstIndex() + " to " + state.lastIndex;
        }
        state.lastIndex = from - 1;
        state.lastTerm = lastTerm;
        return "";
    }

    private static String mark(GroupLog group, long index, long term, DirectBuffer buffer, int record) {
        GroupState state = group.current();
        long lastIndex = RecordDescriptor.longField(buffer, record, MARK_LAST_INDEX_OFFSET);
        if (index < state.markIndex || (lastIndex != index && lastIndex != state.lastIndex)) {
            return "a mark at " + index + " with a log up to " + lastIndex + " does not follow from a log of "
                    + group.firstIndex() + " to " + state.lastIndex;
        }
        group.applyMark(index, term, lastIndex);
        return "";
    }

    private static String groupState(GroupLog group, boolean knownBefore, DirectBuffer buffer, int record) {
        GroupState state = GroupState.of(buffer, record);
        if (knownBefore) {
            return state.sameAs(group.current()) ? "" : "it disagrees with the records before it";
        }
        if (state.markIndex < 0 || state.lastIndex < state.markIndex) {
            return "its log " + state.markIndex + " to " + state.lastIndex + " is impossible";
        }
        group.current().set(state);
        group.index().discardBelow(state.markIndex + 1);
        // These entries may lie in segments that are gone, if they were copied forward since, or compacted away.
        for (long at = state.markIndex + 1; at <= state.lastIndex; at++) {
            group.index().put(at, LogIndex.NULL_POSITION, RaftLog.NULL_TERM);
        }
        return "";
    }

    private static FaultException contradiction(String message) {
        return new FaultException(
                Severity.FAIL_NODE,
                ErrorCode.DATA_CORRUPT,
                message + "; nothing was cut: restore this node's data from its peers or from a backup",
                null);
    }
}
