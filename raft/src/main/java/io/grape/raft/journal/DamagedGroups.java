package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.MARK_LAST_INDEX_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.REPAIRED;
import static io.grape.raft.journal.record.RecordDescriptor.REPAIR_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.UNDER_REPAIR;
import static io.grape.raft.journal.record.RecordDescriptor.VOTED_FOR_OFFSET;

import io.grape.raft.journal.record.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;

/**
 * Replays the groups of a journal behind damage: whose records were lost is not known, so every group is doubted.
 *
 * <p>A doubted group is cleared by a later GROUP_STATE that agrees with what was read before the damage. Any other keeps only
 * what nobody can have replaced since, its entries up to the commit index, takes what still follows without a gap, and is
 * under repair: it remembers the highest index that it may have acknowledged, and gets the entries from its peers by the
 * usual check of (index, term).
 *
 * <p>All is derived from the records in their order, so each opening comes to the same result. Thread: the one that opens.
 */
final class DamagedGroups {
    private final IntHashSet doubted = new IntHashSet();
    private boolean damaged;

    /** Learns that records of any group may have been lost here. */
    void onDamage(Iterable<GroupLog> groups) {
        damaged = true;
        for (GroupLog group : groups) {
            doubted.add(group.groupId());
        }
    }

    /** Ends the replay: no doubt was cleared for the groups that are left. */
    void finish(Iterable<GroupLog> groups) {
        for (GroupLog group : groups) {
            if (doubted.remove(group.groupId())) {
                cutToCommit(group);
            }
            GroupState state = group.current();
            if (state.underRepair) {
                state.commitIndex = Math.min(state.commitIndex, state.lastIndex);
            }
        }
    }

    /**
     * Takes a record, if its group is doubted or under repair.
     *
     * @param known whether the group had records before
     * @return whether the record is dealt with
     */
    boolean replay(GroupLog group, boolean known, DirectBuffer buffer, int record, long position) {
        if (doubted.contains(group.groupId()) || (damaged && !known)) {
            doubted.remove(group.groupId());
            if (known
                    && isState(buffer, record)
                    && GroupState.of(buffer, record).sameAs(group.current())) {
                return true;
            }
            cutToCommit(group);
        }
        if (known && isState(buffer, record)) {
            return replayState(group, buffer, record);
        }
        if (!group.current().underRepair) {
            return false;
        }
        replayUnderRepair(group, buffer, record, position);
        return true;
    }

    private static boolean isState(DirectBuffer buffer, int record) {
        return RecordDescriptor.recordType(buffer, record) == RecordDescriptor.GROUP_STATE;
    }

    private static void cutToCommit(GroupLog group) {
        GroupState state = group.current();
        mayHaveAcknowledged(state, Math.max(state.lastIndex, state.commitIndex));
        state.underRepair = true;
        long keep = Math.min(state.lastIndex, Math.max(state.commitIndex, state.markIndex));
        state.lastTerm = group.termAt(keep);
        state.lastIndex = keep;
    }

    private static boolean replayState(GroupLog group, DirectBuffer buffer, int record) {
        GroupState state = GroupState.of(buffer, record);
        GroupState current = group.current();
        switch (RecordDescriptor.intField(buffer, record, REPAIR_OFFSET)) {
            case UNDER_REPAIR -> {
                if (current.underRepair && current.lastIndex < state.lastIndex) {
                    return true;
                }
                current.set(state);
            }
            case REPAIRED -> current.set(state);
            default -> {
                if (!current.underRepair) {
                    return false;
                }
                takeHardState(current, state.term, state.votedFor, state.commitIndex);
                mayHaveAcknowledged(current, state.lastIndex);
            }
        }
        return true;
    }

    private static void replayUnderRepair(GroupLog group, DirectBuffer buffer, int record, long position) {
        GroupState state = group.current();
        long term = RecordDescriptor.term(buffer, record);
        long index = RecordDescriptor.index(buffer, record);
        switch (RecordDescriptor.recordType(buffer, record)) {
            case RecordDescriptor.ENTRY -> takeEntry(group, index, term, position);
            case RecordDescriptor.HARD_STATE ->
                takeHardState(state, term, RecordDescriptor.intField(buffer, record, VOTED_FOR_OFFSET), index);
            case RecordDescriptor.TRUNCATION -> {
                if (index > state.markIndex && index <= state.lastIndex) {
                    state.lastIndex = index - 1;
                    state.lastTerm = term;
                }
            }
            case RecordDescriptor.SNAPSHOT_MARK -> {
                mayHaveAcknowledged(state, RecordDescriptor.longField(buffer, record, MARK_LAST_INDEX_OFFSET));
                if (index > state.markIndex) {
                    group.applyMark(index, term, group.termAt(index) == term ? state.lastIndex : index);
                }
            }
            default -> {
                // Fillers and what a later version may add say nothing of the log.
            }
        }
    }

    private static void takeEntry(GroupLog group, long index, long term, long position) {
        GroupState state = group.current();
        mayHaveAcknowledged(state, index);
        if (index <= state.markIndex || index > state.lastIndex + 1) {
            return;
        }
        if (index == state.lastIndex + 1) {
            if (term < state.lastTerm) {
                return;
            }
            state.lastIndex = index;
            state.lastTerm = term;
        } else if (group.termAt(index) != term) {
            // The truncation before it was lost.
            state.lastIndex = index;
            state.lastTerm = term;
        }
        group.index().put(index, position, term);
    }

    private static void takeHardState(GroupState state, long term, int votedFor, long commitIndex) {
        if (term >= state.term) {
            state.term = term;
            state.votedFor = votedFor;
            state.commitIndex = commitIndex;
            mayHaveAcknowledged(state, commitIndex);
        }
    }

    private static void mayHaveAcknowledged(GroupState state, long index) {
        state.repairThrough = Math.max(state.repairThrough, index);
    }
}
