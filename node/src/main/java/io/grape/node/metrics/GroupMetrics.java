package io.grape.node.metrics;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Consensus of the groups on this node. Each of the first {@link #MAX_LABELLED} groups has series of its own; on a node
 * with more, there is one series for all, {@code group="all"}, which holds the greatest lag and the sum of what is counted.
 */
public final class GroupMetrics {
    /** Most groups with series of their own. */
    public static final int MAX_LABELLED = 64;

    private static final String GROUP = "group";
    private static final String ALL = "all";

    private final Supplier<List<GroupView>> groups;

    /**
     * @param groups of this node; any thread
     */
    public GroupMetrics(Supplier<List<GroupView>> groups) {
        this.groups = groups;
    }

    /** Adds the metrics of groups to a registry. */
    public void register(Registrar registrar) {
        registrar.gauges("grape_groups", "Groups with a replica here, by what this node is in them.", "role", sink -> {
            List<GroupView> all = groups.get();
            long leading =
                    all.stream().filter(group -> group.status().isLeader()).count();
            long leaderless = all.stream().filter(group -> !group.hasLeader()).count();
            sink.put("leader", (double) leading);
            sink.put("follower", (double) (all.size() - leading - leaderless));
            sink.put("leaderless", (double) leaderless);
        });
        greatest(
                registrar,
                "grape_raft_term",
                "Current term.",
                group -> group.status().term());
        greatest(
                registrar,
                "grape_raft_last_index",
                "Last entry of the log here.",
                group -> group.status().lastIndex());
        greatest(
                registrar,
                "grape_raft_commit_index",
                "Last entry known here to be committed.",
                group -> group.status().commitIndex());
        greatest(
                registrar,
                "grape_raft_applied_index",
                "Last entry applied here.",
                group -> group.appliedIndex().getAsLong());
        greatest(
                registrar,
                "grape_apply_lag_entries",
                "Committed entries that are not applied here.",
                GroupView::applyLag);
        greatest(
                registrar,
                "grape_durable_lag_entries",
                "Entries of the log here that are not durable by the sync policy.",
                GroupView::durableLag);
        registrar.gauges("grape_points", "Live points of all collections, in this replica.", GROUP, sink -> {
            put(sink, group -> group.state().catalog().points(), true);
        });
        registrar.level(
                "grape_collections",
                "Collections known here.",
                () -> groups.get().stream()
                        .mapToInt(group -> group.state().catalog().size())
                        .max()
                        .orElse(0));
        registrar.level(
                "grape_clients",
                "Clients whose writes are remembered, for exactly-once.",
                () -> groups.get().stream()
                        .mapToInt(group -> group.state().clientCount())
                        .sum());
    }

    private void greatest(Registrar registrar, String name, String help, ToLongFunction<GroupView> figure) {
        registrar.gauges(name, help, GROUP, sink -> put(sink, figure, false));
    }

    private void put(Registrar.Sink sink, ToLongFunction<GroupView> figure, boolean addsUp) {
        List<GroupView> all = groups.get();
        if (all.size() <= MAX_LABELLED) {
            all.forEach(group -> sink.put(Integer.toString(group.groupId()), (double) figure.applyAsLong(group)));
            return;
        }
        long folded = addsUp
                ? all.stream().mapToLong(figure).sum()
                : all.stream().mapToLong(figure).max().orElse(0);
        sink.put(ALL, (double) folded);
    }
}
