package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import io.grape.node.metrics.LatencyFamily.Labelled;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Times how long entries take from the log to commit and on to the state machine, and counts changes of leader.
 *
 * <p>It looks at each group once a turn, after the consensus agent: the newest entry of a turn is marked with the time, and
 * the mark is taken off when the commit and then the applied index have passed it. So each figure is exact to one turn of
 * the pipeline, and one entry of each turn is timed. Only a leader's entries are, because only a leader knows when an entry
 * began. Thread: the pipeline's. Allocates nothing.
 */
public final class ProgressTimer implements Agent {
    /** Groups looked at in one turn; with more of them, each is looked at less often. */
    private static final int GROUPS_A_TURN = 64;

    private static final int MARKS = 256;

    private final Source[] sources;
    private final NanoClock clock;
    private final LatencyRecorder commits = new LatencyRecorder();
    private final LatencyRecorder applies = new LatencyRecorder();
    private int next;
    private volatile long elected;
    private volatile long leaderChanges;
    private volatile long termChanges;

    /** Hears of changes of leadership. Called on the pipeline's thread; must not block. */
    @FunctionalInterface
    public interface Listener {
        /** A group has another leader, or none (-1), or another term. */
        void onLeadership(int groupId, long term, int leaderNodeId, boolean isHere);
    }

    /** A group, its marks in a ring, and what was last seen of it. */
    private static final class Source {
        private final GroupProgress group;
        private final long[] indexes = new long[MARKS];
        private final long[] times = new long[MARKS];
        private long marked;
        private long committed;
        private long done;
        private long term;
        private int leaderNodeId = -1;
        private boolean leads;

        Source(GroupProgress group) {
            this.group = group;
        }
    }

    private final Listener listener;

    /**
     * @param groups   of the pipeline
     * @param clock    monotonic
     * @param listener told of leaders
     */
    public ProgressTimer(List<? extends GroupProgress> groups, NanoClock clock, Listener listener) {
        this.sources = groups.stream().map(Source::new).toArray(Source[]::new);
        this.clock = clock;
        this.listener = listener;
    }

    /** Adds what is timed and counted here to a registry. */
    public void register(Registrar registrar) {
        registrar.latencies(
                "grape_commit_seconds",
                "From an entry's arrival in the leader's log to its commit; one entry a turn of the pipeline.",
                List.of(),
                () -> List.of(new Labelled(Labels.EMPTY, commits)));
        registrar.latencies(
                "grape_apply_seconds",
                "From an entry's arrival in the leader's log to its application there; one entry a turn.",
                List.of(),
                () -> List.of(new Labelled(Labels.EMPTY, applies)));
        registrar.counter("grape_raft_elections_won_total", "Elections that this node won.", () -> elected);
        registrar.counter(
                "grape_raft_leader_changes_total",
                "Changes of the leader as seen here, to another node or to none, over all groups.",
                () -> leaderChanges);
        registrar.counter(
                "grape_raft_term_changes_total", "New terms as seen here, over all groups.", () -> termChanges);
    }

    @Override
    @HotPath
    public int doWork() {
        long nowNs = clock.nanoTime();
        int count = Math.min(sources.length, GROUPS_A_TURN);
        for (int i = 0; i < count; i++) {
            look(sources[next], nowNs);
            next = next + 1 == sources.length ? 0 : next + 1;
        }
        return 0;
    }

    @HotPath
    private void look(Source source, long nowNs) {
        boolean leads = source.group.isLeader();
        long term = source.group.term();
        int leaderNodeId = source.group.leaderNodeId();
        if (leads != source.leads || term != source.term || leaderNodeId != source.leaderNodeId) {
            onLeadership(source, leads, term, leaderNodeId);
        }
        if (leads) {
            mark(source, nowNs);
        }
    }

    @HotPath
    private void mark(Source source, long nowNs) {
        long last = source.group.lastIndex();
        long newest = source.marked == 0 ? 0 : source.indexes[at(source.marked - 1)];
        if (last > newest && source.marked - source.done < MARKS) {
            source.indexes[at(source.marked)] = last;
            source.times[at(source.marked)] = nowNs;
            source.marked++;
        }
        long commit = source.group.commitIndex();
        while (source.committed < source.marked && source.indexes[at(source.committed)] <= commit) {
            commits.record(nowNs - source.times[at(source.committed)]);
            source.committed++;
        }
        long applied = source.group.applied();
        while (source.done < source.committed && source.indexes[at(source.done)] <= applied) {
            applies.record(nowNs - source.times[at(source.done)]);
            source.done++;
        }
    }

    @HotPath
    private static int at(long mark) {
        return (int) (mark & (MARKS - 1));
    }

    /** What was marked in another term may never be committed as it was; the entries that are there now are not new. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void onLeadership(Source source, boolean leads, long term, int leaderNodeId) {
        if (leads && !source.leads) {
            elected++;
        }
        if (leaderNodeId != source.leaderNodeId) {
            leaderChanges++;
        }
        if (term != source.term) {
            termChanges++;
        }
        source.leads = leads;
        source.term = term;
        source.leaderNodeId = leaderNodeId;
        source.indexes[0] = source.group.lastIndex();
        source.marked = 1;
        source.committed = 1;
        source.done = 1;
        listener.onLeadership(source.group.groupId(), term, leaderNodeId, leads);
    }

    @Override
    public String roleName() {
        return "progress timer";
    }
}
