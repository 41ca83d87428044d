package io.grape.simulation.check;

import static io.grape.simulation.check.Violation.Rule.FORCED_IS_KEPT;
import static io.grape.simulation.check.Violation.Rule.LEADER_APPEND_ONLY;
import static io.grape.simulation.check.Violation.Rule.REPLICA_INVARIANT;

import io.grape.raft.core.HardState;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.ReplicaView;
import io.grape.raft.core.Role;
import io.grape.raft.journal.GroupLog;
import io.grape.simulation.node.SimNode;
import org.agrona.concurrent.UnsafeBuffer;

/** What one node's log of a group was after its last turn, and what its disk must give back. */
final class ReplicaTrack {
    private static final int MAX_PAYLOAD_BYTES = 8 << 10;
    private static final long PRIME = 0x100_0000_01B3L;

    private final SimNode node;
    private final int groupId;
    private final LogContents contents;
    private final LogShadow log = new LogShadow();
    private final LogShadow disk = new LogShadow();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[MAX_PAYLOAD_BYTES]);
    private ReplicaView before = new ReplicaView(0, Role.FOLLOWER, 0, -1, -1, 0, 0, 0);
    private long changedFrom = 1;
    private long checkedCommit;
    private HardState diskState = HardState.NEW;

    ReplicaTrack(SimNode node, int groupId, LogContents contents) {
        this.node = node;
        this.groupId = groupId;
        this.contents = contents;
    }

    int nodeId() {
        return node.nodeId();
    }

    RaftGroup raft() {
        return node.raft(groupId);
    }

    LogShadow log() {
        return log;
    }

    ReplicaView before() {
        return before;
    }

    long checkedCommit() {
        return checkedCommit;
    }

    void checkedCommit(long index) {
        checkedCommit = index;
    }

    boolean isOnDisk(long index, long term) {
        return disk.holds(index, term) || index < disk.first();
    }

    void beforeTurn() {
        before = ReplicaView.of(node.raft(groupId));
    }

    /** Compares what was recovered with what the disk was told to keep. */
    void started() {
        GroupLog recovered = node.log(groupId);
        HardState state = recovered.hardState();
        for (long index = Math.max(disk.first(), recovered.firstIndex()); index <= disk.last(); index++) {
            // A conflict may have been resolved since the last force, and that write may have survived.
            boolean isReplaced = !log.holds(index, disk.term(index));
            if (recovered.termAt(index) != disk.term(index) && !isReplaced) {
                throw new Violation(
                        FORCED_IS_KEPT,
                        "node " + nodeId() + " came back without entry " + index + " of term " + disk.term(index)
                                + ", which was forced; its log ends at " + recovered.lastIndex());
            }
        }
        boolean isVoteKept = state.term() > diskState.term()
                || diskState.votedFor() == RaftGroup.NO_NODE
                || state.votedFor() == diskState.votedFor();
        if (state.term() < diskState.term() || !isVoteKept || recovered.firstIndex() < disk.first()) {
            throw new Violation(
                    FORCED_IS_KEPT,
                    "node " + nodeId() + " came back with " + state + " after " + diskState + " was forced");
        }
        checkedCommit = 0;
        log.bounds(recovered.firstIndex(), recovered.firstIndex() - 1);
        changedFrom = recovered.firstIndex();
        beforeTurn();
        follow();
        forced();
    }

    /** Looks at what changed in the log since the last time. */
    void follow() {
        GroupLog now = node.log(groupId);
        long first = now.firstIndex();
        long last = now.lastIndex();
        if (last == log.last() && first == log.first() && (last < first || now.termAt(last) == log.term(last))) {
            return;
        }
        long same = Math.min(last, log.last());
        while (same >= Math.max(first, log.first()) && now.termAt(same) != log.term(same)) {
            same--;
        }
        if (log.last() > same && first <= log.last()) {
            removed(same + 1);
        }
        for (long index = Math.max(same + 1, first); index <= last; index++) {
            long hash = hash(now, index);
            log.set(index, now.termAt(index), hash);
            contents.add(nodeId(), index, now.termAt(index), hash, now.termAt(index - 1));
        }
        changedFrom = Math.min(changedFrom, same + 1);
        log.bounds(first, last);
    }

    private void removed(long from) {
        RaftGroup raft = node.raft(groupId);
        if (before.role() == Role.LEADER && raft.role() == Role.LEADER && before.term() == raft.term()) {
            throw new Violation(LEADER_APPEND_ONLY, "node " + nodeId() + " leads and removed entry " + from);
        }
        if (from <= before.commitIndex()) {
            throw new Violation(
                    REPLICA_INVARIANT, "node " + nodeId() + " removed entry " + from + ", which was committed");
        }
    }

    private long hash(GroupLog from, long index) {
        int length = from.copyPayload(index, payload, 0);
        long hash = from.entryTypeAt(index) + PRIME;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ payload.getByte(i)) * PRIME;
        }
        return hash;
    }

    /** All that is written is on the platters. What is only staged is not. */
    void forced() {
        follow();
        GroupLog now = node.log(groupId);
        boolean isStaged = node.hasStaged();
        long written = now.writtenIndex();
        // A compaction may be among what is staged, and then the disk still has the entries that it lets go.
        long first = isStaged ? Math.min(disk.first(), log.first()) : log.first();
        boolean isReplaced = isStaged && log.last() < log.first();
        if (!isReplaced) {
            disk.copy(log, Math.max(Math.min(changedFrom, disk.last() + 1), first), written);
            disk.bounds(first, written);
            changedFrom = written + 1;
        }
        if (!isStaged) {
            diskState = now.hardState();
        }
    }
}
