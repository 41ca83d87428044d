package io.grape.raft.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The safety properties of paper, figure 3, over all replicas, with memory over all of history; and "committed is durable on
 * a quorum", and linearizability of read indices.
 */
final class ClusterChecker {
    private record Position(long index, long term) {}

    private record Content(int hash, long previousTerm) {}

    private final Collection<SimReplica> replicas;
    private final Map<Long, Integer> leaders = new HashMap<>();
    private final Map<Position, Content> contents = new HashMap<>();
    private final List<Long> committedTerms = new ArrayList<>();
    private final Map<Long, Long> readFloors = new HashMap<>();
    private long confirmedReads;

    ClusterChecker(Collection<SimReplica> replicas) {
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
                for (int i = 0; i < committedTerms.size(); i++) {
                    require(
                            replica.log.termAt(i + 1) == committedTerms.get(i),
                            "leader completeness: leader of " + group.term() + " lacks " + (i + 1));
                }
            }
        }
        for (long index = replica.checkedCommit + 1; index <= group.commitIndex(); index++) {
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
        long holders = replicas.stream()
                .filter(r -> r.log.durableTermAt(index) == term)
                .count();
        require(holders > replicas.size() / 2, "committed on " + holders + " disks only: " + index + "@" + term);
    }

    void readAsked(long token) {
        readFloors.put(token, (long) committedTerms.size());
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
