package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.GROUP_STATE;
import static io.grape.raft.journal.record.RecordDescriptor.GROUP_STATE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.LAST_INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.LAST_TERM_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.MARK_INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.MARK_TERM_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.REPAIR_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.REPAIR_THROUGH_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.UNDER_REPAIR;
import static io.grape.raft.journal.record.RecordDescriptor.VOTED_FOR_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.WHOLE;

import io.grape.codecs.HotPath;
import io.grape.raft.journal.record.BatchFrame;
import io.grape.raft.journal.record.RecordDescriptor;
import org.agrona.DirectBuffer;

/** What a GROUP_STATE record holds, as plain fields of the pipeline's thread. */
final class GroupState {
    long term;
    int votedFor = -1;
    long commitIndex;
    long markIndex;
    long markTerm;
    long lastIndex;
    long lastTerm;
    boolean underRepair;
    long repairThrough;

    @HotPath
    void set(GroupState other) {
        term = other.term;
        votedFor = other.votedFor;
        commitIndex = other.commitIndex;
        markIndex = other.markIndex;
        markTerm = other.markTerm;
        lastIndex = other.lastIndex;
        lastTerm = other.lastTerm;
        underRepair = other.underRepair;
        repairThrough = other.repairThrough;
    }

    boolean sameAs(GroupState other) {
        return term == other.term
                && votedFor == other.votedFor
                && commitIndex == other.commitIndex
                && markIndex == other.markIndex
                && markTerm == other.markTerm
                && lastIndex == other.lastIndex
                && lastTerm == other.lastTerm
                && underRepair == other.underRepair
                && repairThrough == other.repairThrough;
    }

    /** Reads the fields of a GROUP_STATE record. */
    static GroupState of(DirectBuffer buffer, int record) {
        GroupState state = new GroupState();
        state.term = RecordDescriptor.term(buffer, record);
        state.commitIndex = RecordDescriptor.index(buffer, record);
        state.votedFor = RecordDescriptor.intField(buffer, record, VOTED_FOR_OFFSET);
        state.underRepair = RecordDescriptor.intField(buffer, record, REPAIR_OFFSET) == UNDER_REPAIR;
        state.markIndex = RecordDescriptor.longField(buffer, record, MARK_INDEX_OFFSET);
        state.markTerm = RecordDescriptor.longField(buffer, record, MARK_TERM_OFFSET);
        state.lastIndex = RecordDescriptor.longField(buffer, record, LAST_INDEX_OFFSET);
        state.lastTerm = RecordDescriptor.longField(buffer, record, LAST_TERM_OFFSET);
        state.repairThrough = RecordDescriptor.longField(buffer, record, REPAIR_THROUGH_OFFSET);
        return state;
    }

    /** Stages a GROUP_STATE record; the frame has room for it. */
    void stage(BatchFrame frame, int groupId, int repair) {
        int record = frame.stage(GROUP_STATE, groupId, term, commitIndex, GROUP_STATE_LENGTH);
        frame.putInt(record, VOTED_FOR_OFFSET, votedFor);
        frame.putInt(record, REPAIR_OFFSET, repair);
        frame.putLong(record, MARK_INDEX_OFFSET, markIndex);
        frame.putLong(record, MARK_TERM_OFFSET, markTerm);
        frame.putLong(record, LAST_INDEX_OFFSET, lastIndex);
        frame.putLong(record, LAST_TERM_OFFSET, lastTerm);
        frame.putLong(record, REPAIR_THROUGH_OFFSET, repairThrough);
    }

    /** Returns the mark that a record of this state carries. */
    int repairMark() {
        return underRepair ? UNDER_REPAIR : WHOLE;
    }
}
