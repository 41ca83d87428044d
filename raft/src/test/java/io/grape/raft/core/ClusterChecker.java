package io.grape.raft.core;

import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.quorum.Quorum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The safety properties of paper, figure 3, over all replicas, with memory over all of history; and "committed is durable on
 * a quorum", and linearizability of read indices.
 */
final class ClusterChecker {
    private record Position(long index, long term) {}

    private record Content(int hash, long previousTerm) {}

    private static final int BYTES_PER_ENTRY = 64;

    private final List<SimReplica> replicas;
    private final Map<Long, Integer> leaders = new HashMap<>();
    private final Map<Position, Content> contents = new HashMap<>();
    private final List<Long> committedTerms = new ArrayList<>();
    private final Map<Long, Long> readFloors = new HashMap<>();
    private long confirmedReads;
    private long installedSnapshots;
    private long leaseReads;

    ClusterChecker(List<SimReplica> replicas) {
        this.replicas = replicas;
    }

    /** Watches a replica's log: log matching and leader append-only. */
    void watch(SimReplica replica) {
        replica.log.listener(new MemoryLog.Listener() {
            @Override
            public void appended(long index, MemoryLog.Entry entry, long previousTerm) {
                Content content = new Content(Arrays.hashCode(entry.payload()) * 31 + entry.type(), previousTerm);
                Content known = contents.putIfAbsent(new Position(index, entry.term()), content);
                require(known == null || known.equals(content), "log matching: " + index + "@" + entry.term());
            }

            @Override
            public void truncated(long index) {
                require(replica.group.role() != Role.LEADER, "leader append-only: node " + replica.nodeId);
                require(index > replica.group.commitIndex(), "truncated below commit: " + index);
            }
        });
    }

    /** Called after each batch of a replica. */
    void afterBatch(SimReplica replica) {
        RaftGroup group = replica.group;
        if (group.role() == Role.LEADER) {
            Integer other = leaders.putIfAbsent(group.term(), replica.nodeId);
            require(other == null || other == replica.nodeId, "election safety: two leaders in " + group.term());
            if (other == null) {
                for (long i = replica.log.firstIndex(); i <= committedTerms.size(); i++) {
                    require(
                            replica.log.termAt(i) == committedTerms.get((int) i - 1),
                            "leader completeness: leader of " + group.term() + " lacks " + i);
                }
            }
        }
        if (replica.out.snapshotInstalled()) {
            checkSnapshot(replica);
        }
        for (long index = Math.max(replica.checkedCommit + 1, replica.log.firstIndex());
                index <= group.commitIndex();
                index++) {
            checkCommit(replica, index);
        }
        replica.checkedCommit = group.commitIndex();
        require(group.counters().commitConflicts() == 0, "an append contradicts a commit at node " + replica.nodeId);
        for (int i = 0; i < replica.out.reads().confirmedCount(); i++) {
            Long floor = readFloors.remove(replica.out.reads().confirmedToken(i));
            require(floor != null, "a read came back twice");
            require(replica.out.reads().confirmedIndex(i) >= floor, "stale read below " + floor);
            confirmedReads++;
        }
        for (int i = 0; i < replica.out.reads().failedCount(); i++) {
            require(readFloors.remove(replica.out.reads().failedToken(i)) != null, "a read came back twice");
        }
    }

    private void checkCommit(SimReplica replica, long index) {
        long term = replica.log.termAt(index);
        if (index <= committedTerms.size()) {
            require(committedTerms.get((int) index - 1) == term, "state machine safety at " + index);
            return;
        }
        committedTerms.add(term);
        Membership membership = replica.group.membership();
        require(
                isOnMajority(index, term, membership.incomingCount(), membership::incoming)
                        && isOnMajority(index, term, membership.outgoingCount(), membership::outgoing),
                "committed without a quorum of disks: " + index + "@" + term + " " + membership);
    }

    private boolean isOnMajority(long index, long term, int voters, IntUnaryOperator voter) {
        int holders = 0;
        for (int i = 0; i < voters; i++) {
            MemoryLog log = replicas.get(voter.applyAsInt(i)).log;
            boolean held = log.durableTermAt(index) == term || log.durableMarkIndex() >= index;
            // A disk that was wiped since had it durably when it acknowledged it.
            held |= replicas.get(voter.applyAsInt(i)).lostDisks.stream().anyMatch(d -> d.durableTermAt(index) == term);
            holders += held ? 1 : 0;
        }
        return voters == 0 || holders >= Quorum.majority(voters);
    }

    /** What a snapshot must hold: the terms of all entries up to its index. */
    byte[] snapshotBytes(long index) {
        ByteBuffer bytes = ByteBuffer.allocate((int) index * BYTES_PER_ENTRY);
        for (int i = 0; i < index; i++) {
            bytes.putLong(i * BYTES_PER_ENTRY, committedTerms.get(i));
        }
        return bytes.array();
    }

    private void checkSnapshot(SimReplica replica) {
        MemorySnapshots.Snapshot snapshot = replica.snapshots.newest();
        require(
                Arrays.equals(snapshot.bytes(), snapshotBytes(snapshot.index())),
                "node " + replica.nodeId + " installed another state at " + snapshot.index());
        require(replica.log.lastIndex() >= snapshot.index(), "snapshot installed and log not reset");
        installedSnapshots++;
    }

    long installedSnapshots() {
        return installedSnapshots;
    }

    void readAsked(long token) {
        readFloors.put(token, (long) committedTerms.size());
    }

    /** A lease answers at once, so its index must already cover every commit. */
    void leaseRead(SimReplica replica, long nowNs) {
        long index = replica.group.leaseReadIndex(nowNs);
        if (index != RaftGroup.NO_LEASE) {
            require(index >= committedTerms.size(), "stale lease read of " + index + " at node " + replica.nodeId);
            leaseReads++;
        }
    }

    long leaseReads() {
        return leaseReads;
    }

    void readForgotten(long token) {
        readFloors.remove(token);
    }

    long committed() {
        return committedTerms.size();
    }

    long confirmedReads() {
        return confirmedReads;
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalStateException(rule);
        }
    }
}
