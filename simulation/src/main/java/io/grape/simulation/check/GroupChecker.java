package io.grape.simulation.check;

import static io.grape.simulation.check.Violation.Rule.ACKNOWLEDGED_IS_COMMITTED;
import static io.grape.simulation.check.Violation.Rule.COMMITTED_IS_DURABLE;
import static io.grape.simulation.check.Violation.Rule.ELECTION_SAFETY;
import static io.grape.simulation.check.Violation.Rule.EXACTLY_ONCE;
import static io.grape.simulation.check.Violation.Rule.LEADER_COMPLETENESS;
import static io.grape.simulation.check.Violation.Rule.REPLICA_INVARIANT;
import static io.grape.simulation.check.Violation.Rule.STATE_MACHINE_SAFETY;

import io.grape.raft.core.RaftInvariants;
import io.grape.raft.core.ReplicaView;
import io.grape.raft.core.Role;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.quorum.Quorum;
import io.grape.simulation.node.SimNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.agrona.collections.Long2LongHashMap;

/**
 * The safety properties of one group over all nodes, with a memory over all of history. Called around each turn of a node.
 */
final class GroupChecker {
    private static final long NONE = Long.MIN_VALUE;

    private record Write(long clientId, long sequence) {}

    private record Applied(int nodeId, long index, long entryHash) {}

    private final List<ReplicaTrack> tracks = new ArrayList<>();
    private final LogContents contents = new LogContents();
    private final Long2LongHashMap leaders = new Long2LongHashMap(NONE);
    private final LogShadow committed = new LogShadow();
    private final Long2LongHashMap stateHashes = new Long2LongHashMap(NONE);
    private final Map<Write, Long> executed = new HashMap<>();
    private final List<Applied> appliedInTurn = new ArrayList<>();
    private long acknowledged;
    private long elections;
    private final int groupId;
    private final EventHash events;

    GroupChecker(int groupId, EventHash events) {
        this.groupId = groupId;
        this.events = events;
    }

    /** Begins to watch a node, which is down. Nodes come in the order of their ids. */
    void watch(SimNode node) {
        tracks.add(new ReplicaTrack(node, groupId, contents));
    }

    /** A process has started on the node: compares what it recovered with what was forced. */
    void started(int nodeId) {
        tracks.get(nodeId).started();
    }

    /** Takes a view of the node before a turn. */
    void beforeTurn(int nodeId) {
        tracks.get(nodeId).beforeTurn();
    }

    /** Checks everything after a turn of a node that still runs. */
    void afterTurn(int nodeId) {
        ReplicaTrack track = tracks.get(nodeId);
        ReplicaView before = track.before();
        ReplicaView after = ReplicaView.of(track.raft());
        boolean isUnchanged = after.equals(before);
        if (!isUnchanged) {
            try {
                RaftInvariants.check(before, after);
            } catch (IllegalStateException broken) {
                throw new Violation(REPLICA_INVARIANT, String.valueOf(broken.getMessage()), broken);
            }
            events.mix(nodeId, after.term(), after.role().name().hashCode(), after.commitIndex(), after.durableIndex());
        }
        track.follow();
        if (after.role() == Role.LEADER) {
            checkLeader(track, after.term());
        }
        for (long index = track.checkedCommit() + 1; index <= after.commitIndex(); index++) {
            // What lies before the log was committed when it was let go, maybe in this very turn: then the shadow has
            // it still.
            if (index >= track.log().first() || index > committed.last()) {
                checkCommit(track, index);
            }
        }
        track.checkedCommit(after.commitIndex());
        if (track.raft().counters().commitConflicts() != 0) {
            throw new Violation(STATE_MACHINE_SAFETY, "an append contradicts what node " + nodeId + " has committed");
        }
        checkApplied();
    }

    private void checkLeader(ReplicaTrack track, long term) {
        long other = leaders.get(term);
        if (other == track.nodeId()) {
            return;
        }
        if (other != NONE) {
            throw new Violation(ELECTION_SAFETY, "nodes " + other + " and " + track.nodeId() + " lead term " + term);
        }
        leaders.put(term, track.nodeId());
        elections++;
        for (long index = track.log().first(); index <= committed.last(); index++) {
            if (!track.log().holds(index, committed.term(index))) {
                throw new Violation(
                        LEADER_COMPLETENESS,
                        "node " + track.nodeId() + " leads term " + term + " without the committed entry " + index
                                + " of term " + committed.term(index));
            }
        }
    }

    private void checkCommit(ReplicaTrack track, long index) {
        long term = track.log().term(index);
        long hash = track.log().hash(index);
        if (index <= committed.last()) {
            if (committed.term(index) != term || committed.hash(index) != hash) {
                throw new Violation(
                        STATE_MACHINE_SAFETY,
                        "node " + track.nodeId() + " committed entry " + index + " of term " + term
                                + ", others one of term " + committed.term(index));
            }
            return;
        }
        committed.set(index, term, hash);
        committed.bounds(1, index);
        Membership members = track.raft().membership();
        if (!isOnMajority(index, term, members.incomingCount(), members::incoming)
                || !isOnMajority(index, term, members.outgoingCount(), members::outgoing)) {
            throw new Violation(
                    COMMITTED_IS_DURABLE,
                    "node " + track.nodeId() + " committed entry " + index + " of term " + term
                            + " which is on the disks of " + holders(index, term) + " only; members " + members);
        }
    }

    private boolean isOnMajority(long index, long term, int voters, IntUnaryOperator voter) {
        int count = 0;
        for (int i = 0; i < voters; i++) {
            count += tracks.get(voter.applyAsInt(i)).isOnDisk(index, term) ? 1 : 0;
        }
        return voters == 0 || count >= Quorum.majority(voters);
    }

    private List<Integer> holders(long index, long term) {
        return tracks.stream()
                .filter(track -> track.isOnDisk(index, term))
                .map(ReplicaTrack::nodeId)
                .toList();
    }

    private void checkApplied() {
        for (Applied applied : appliedInTurn) {
            if (applied.index > committed.last() || committed.hash(applied.index) != applied.entryHash) {
                throw new Violation(
                        STATE_MACHINE_SAFETY,
                        "node " + applied.nodeId + " applied entry " + applied.index + ", "
                                + (applied.index > committed.last()
                                        ? "and only " + committed.last() + " are committed"
                                        : "which is not what was committed in term " + committed.term(applied.index)));
            }
        }
        appliedInTurn.clear();
    }

    void onApplied(int nodeId, long index, long entryHash, long stateHash) {
        appliedInTurn.add(new Applied(nodeId, index, entryHash));
        long known = stateHashes.get(index);
        long hash = stateHash == NONE ? 0 : stateHash;
        if (known == NONE) {
            stateHashes.put(index, hash);
            events.mix(nodeId, index, entryHash, stateHash, 0);
        } else if (known != hash) {
            throw new Violation(
                    STATE_MACHINE_SAFETY, "node " + nodeId + " differs from another in the state after entry " + index);
        }
    }

    void onExecuted(int nodeId, long index, long clientId, long sequence) {
        Long known = executed.putIfAbsent(new Write(clientId, sequence), index);
        if (known != null && known != index) {
            throw new Violation(
                    EXACTLY_ONCE,
                    "node " + nodeId + " carried out write " + sequence + " of client " + clientId + " at entry "
                            + index + ", and it was carried out at entry " + known);
        }
    }

    void onForced(int nodeId) {
        tracks.get(nodeId).forced();
    }

    /** A client was told that its write is done. */
    void acknowledged(long clientId, long sequence, long index) {
        acknowledged++;
        events.mix(clientId, sequence, index, 0, 0);
        Long known = executed.get(new Write(clientId, sequence));
        if (index > committed.last() || known == null || known != index) {
            throw new Violation(
                    ACKNOWLEDGED_IS_COMMITTED,
                    "client " + clientId + " was told that write " + sequence + " is entry " + index + "; "
                            + committed.last() + " entries are committed and the write is "
                            + (known == null ? "not applied anywhere" : "entry " + known));
        }
    }

    /** Returns the entries that were ever committed. */
    long committed() {
        return committed.last();
    }

    /** Returns the writes that were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** Returns the leaders that there were. */
    long elections() {
        return elections;
    }
}
