package io.grape.node.http;

import io.grape.node.metrics.GroupView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node lives, has started, and may be sent requests. Any thread.
 *
 * <p>Live: none of its threads has failed. Started: its journal is recovered and its threads run. Ready: started, not
 * stopping, and every group that it has a replica of has a leader, and is applied here up to {@link #MAX_LAG_ENTRIES}.
 */
public final class NodeHealth {
    /** A replica that is further behind is not ready: it would answer from the past, or let clients wait. */
    public static final long MAX_LAG_ENTRIES = 10_000;

    private static final int MOST_NAMED = 5;

    private final Supplier<@Nullable Throwable> failure;
    private volatile @Nullable Supplier<List<GroupView>> groups;
    private volatile boolean stopping;

    /**
     * @param failure of one of the node's threads, or null
     */
    public NodeHealth(Supplier<@Nullable Throwable> failure) {
        this.failure = failure;
    }

    /** The node has started. */
    public void started(Supplier<List<GroupView>> running) {
        groups = running;
    }

    /** The node is about to stop: it is sent nothing new. */
    public void stopping() {
        stopping = true;
    }

    /** Returns the groups; none while the node starts. */
    public List<GroupView> groups() {
        Supplier<List<GroupView>> running = groups;
        return running == null ? List.of() : running.get();
    }

    boolean hasStarted() {
        return groups != null;
    }

    /** Returns what is wrong with the process itself; empty when it lives. */
    List<String> againstLife() {
        Throwable failed = failure.get();
        return failed == null ? List.of() : List.of("a thread failed: " + failed);
    }

    /** Returns why it should not be sent requests; empty when it is ready. */
    public List<String> againstReadiness() {
        List<String> reasons = new ArrayList<>(againstLife());
        if (!hasStarted()) {
            reasons.add("the node is starting");
        }
        if (stopping) {
            reasons.add("the node is stopping");
        }
        List<GroupView> all = groups();
        name(
                reasons,
                "no leader is known of group ",
                all.stream().filter(group -> !group.hasLeader()).toList());
        name(
                reasons,
                "more than " + MAX_LAG_ENTRIES + " committed entries are not applied of group ",
                all.stream().filter(group -> group.applyLag() > MAX_LAG_ENTRIES).toList());
        return reasons;
    }

    /** Returns whether it may be sent requests. */
    public boolean isReady() {
        return againstReadiness().isEmpty();
    }

    private static void name(List<String> reasons, String what, List<GroupView> groups) {
        groups.stream().limit(MOST_NAMED).forEach(group -> reasons.add(what + group.groupId()));
        if (groups.size() > MOST_NAMED) {
            reasons.add(what + "... and of " + (groups.size() - MOST_NAMED) + " others");
        }
    }
}
