package io.grape.raft.spec;

import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.RaftLog;
import io.grape.raft.core.RaftTrace;
import io.grape.raft.core.Role;
import io.grape.raft.core.RoleReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Turns what the replicas of one group tell, and what their disks and processes go through, into events of the
 * specification.
 *
 * <p>An event is open until its replica begins the next one; what the replica does meanwhile belongs to it. The state after
 * it is what the calls say, not what the replica holds: a call that is missing shows as a contradiction.
 */
public final class TraceRecorder {
    private final List<TraceEvent> events = new ArrayList<>();
    private final Map<Integer, Replica> replicas = new HashMap<>();
    private boolean beyondSpecification;

    /** Creates an empty recorder. */
    public TraceRecorder() {}

    /** Returns the trace to give to a node's replica, for all of its lives. */
    public RaftTrace of(int nodeId) {
        return replica(nodeId);
    }

    private Replica replica(int nodeId) {
        return replicas.computeIfAbsent(nodeId, Replica::new);
    }

    /** The disk made so many operations durable; the replica is about to be told. */
    public void forced(int nodeId, int operations) {
        replica(nodeId).open("force", Map.of("count", Integer.toString(operations)), null);
    }

    /** The process died with this log; so many unforced operations were kept. The replica is about to be constructed. */
    public void restarting(int nodeId, int survivors, RaftLog recovered) {
        replica(nodeId).restarting(survivors, recovered);
    }

    /** Returns how many events there are, the open ones included. */
    public int count() {
        return events.size();
    }

    /** Ends all open events and returns what was recorded. */
    public List<TraceEvent> finish() {
        if (beyondSpecification) {
            throw new IllegalStateException("the specification knows no snapshots");
        }
        replicas.values().forEach(Replica::close);
        return List.copyOf(events);
    }

    /** One replica's part, through all of its lives. */
    private final class Replica implements RaftTrace {
        private final int nodeId;
        private final List<Long> terms = new ArrayList<>();
        private String role = "follower";
        private long term;
        private int vote = -1;
        private long commit;
        private long durable;
        private int openAt = -1;
        private int survivors = -1;

        Replica(int nodeId) {
            this.nodeId = nodeId;
        }

        private void open(String action, Map<String, String> fields, TraceMessage message) {
            close();
            openAt = events.size();
            events.add(new TraceEvent(action, nodeId, fields, message, List.of(), view()));
        }

        private void close() {
            if (openAt >= 0) {
                events.set(openAt, events.get(openAt).withView(view()));
                openAt = -1;
            }
        }

        private TraceEvent.View view() {
            long lastTerm = terms.isEmpty() ? 0 : terms.getLast();
            return new TraceEvent.View(role, term, vote, commit, terms.size(), lastTerm, durable);
        }

        void restarting(int kept, RaftLog recovered) {
            close();
            survivors = kept;
            terms.clear();
            for (long i = 1; i <= recovered.lastIndex(); i++) {
                terms.add(recovered.termAt(i));
            }
        }

        @Override
        public void started(long newTerm, int votedFor, long commitIndex, long lastIndex, long lastTerm) {
            if (survivors >= 0) {
                open("restart", Map.of("survivors", Integer.toString(survivors)), null);
                survivors = -1;
            } else if (newTerm != 0 || lastIndex != 0) {
                throw new IllegalStateException("a first life must begin with an empty disk");
            }
            role = "follower";
            term = newTerm;
            vote = votedFor;
            commit = commitIndex;
            durable = lastIndex;
        }

        @Override
        public void received(DirectBuffer message, int offset, int length) {
            TraceMessage decoded = TraceMessage.decode(nodeId, message, offset);
            beyondSpecification |= decoded == null;
            open("receive", Map.of(), decoded);
        }

        @Override
        public void sent(int toNodeId, DirectBuffer message, int offset, int length) {
            TraceMessage decoded = TraceMessage.decode(toNodeId, message, offset);
            if (decoded == null) {
                beyondSpecification = true;
            } else if (decoded.isA("AppendRequest")) {
                open("append", Map.of(), decoded);
                events.get(openAt).sent().add(decoded);
            } else if (decoded.isA("TimeoutNow")) {
                open("ask", Map.of(), decoded);
                events.get(openAt).sent().add(decoded);
            } else {
                events.get(openAt).sent().add(decoded);
            }
        }

        @Override
        public void beatReceived(boolean isAnswer, int fromNodeId, long beatTerm, long index, long indexTerm) {
            open("receive", Map.of(), TraceMessage.beat(isAnswer, fromNodeId, nodeId, beatTerm, index, indexTerm));
        }

        @Override
        public void beatSent(boolean isAnswer, int toNodeId, long beatTerm, long index, long indexTerm) {
            TraceMessage beat = TraceMessage.beat(isAnswer, nodeId, toNodeId, beatTerm, index, indexTerm);
            if (!isAnswer) {
                open("heartbeat", Map.of(), beat);
            } else if (!events.get(openAt).receives("Heartbeat")) {
                // Not an answer: a follower that rested speaks up before it looks at the message that woke it.
                events.add(openAt++, new TraceEvent("speakUp", nodeId, Map.of(), beat, List.of(beat), view()));
                return;
            }
            events.get(openAt).sent().add(beat);
        }

        @Override
        public void roleTaken(Role newRole, long newTerm, int leaderNodeId, RoleReason reason) {
            switch (newRole) {
                case PRE_CANDIDATE -> open("preCandidate", Map.of(), null);
                case CANDIDATE ->
                    open("candidate", Map.of("transfer", reason == RoleReason.TRANSFER ? "TRUE" : "FALSE"), null);
                case LEADER -> open("leader", Map.of(), null);
                case FOLLOWER -> {
                    if (reason != RoleReason.NEWER_TERM && reason != RoleReason.LEADER_HEARD) {
                        open("stepDown", Map.of(), null);
                    }
                }
            }
            role = switch (newRole) {
                case FOLLOWER -> "follower";
                case PRE_CANDIDATE -> "preCandidate";
                case CANDIDATE -> "candidate";
                case LEADER -> "leader";
            };
        }

        @Override
        public void hardStateStaged(long newTerm, int votedFor, long commitIndex) {
            if (newTerm == term && votedFor == vote) {
                open("hint", Map.of(), null);
            }
            term = newTerm;
            vote = votedFor;
        }

        @Override
        public void appended(long index, long entryTerm, short type, DirectBuffer payload, int offset, int length) {
            boolean isNoOp = type == EntryType.NO_OP.value();
            if (role.equals("leader") && type == EntryType.CONFIGURATION.value()) {
                String members = "Members(" + TraceMessage.members(payload, offset, length) + ")";
                open("configuration", Map.of("members", members), null);
            } else if (role.equals("leader") && !(isNoOp && events.get(openAt).is("leader"))) {
                String command = Integer.toString(TraceMessage.command(payload, offset, length));
                open("command", Map.of("command", command), null);
            }
            if (index != terms.size() + 1) {
                throw new IllegalStateException("appended " + index + " after " + terms.size());
            }
            terms.add(entryTerm);
        }

        @Override
        public void truncatedFrom(long index) {
            terms.subList((int) index - 1, terms.size()).clear();
            durable = Math.min(durable, index - 1);
        }

        @Override
        public void durableTo(long index) {
            durable = index;
        }

        @Override
        public void committedTo(long index) {
            if (index != commit && role.equals("leader")) {
                open("commit", Map.of(), null);
            }
            commit = index;
        }

        @Override
        public void snapshotInstalled(long index, long snapshotTerm) {
            beyondSpecification = true;
        }

        @Override
        public void compactedTo(long index) {
            beyondSpecification = true;
        }
    }
}
