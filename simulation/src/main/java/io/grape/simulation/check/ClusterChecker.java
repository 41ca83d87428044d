package io.grape.simulation.check;

import io.grape.simulation.node.NodeObserver;
import io.grape.simulation.node.SimNode;
import java.util.ArrayList;
import java.util.List;

/** The safety properties of all groups. Called around each turn of a node. */
public final class ClusterChecker implements NodeObserver {
    private final EventHash events = new EventHash();
    private final List<GroupChecker> groups = new ArrayList<>();

    /** @param groups number of groups, group 0 among them */
    public ClusterChecker(int groups) {
        for (int groupId = 0; groupId < groups; groupId++) {
            this.groups.add(new GroupChecker(groupId, events));
        }
    }

    /** Begins to watch a node, which is down. Nodes come in the order of their ids. */
    public void watch(SimNode node) {
        groups.forEach(group -> group.watch(node));
    }

    /** A process has started on the node: compares what it recovered with what was forced. */
    public void started(int nodeId) {
        groups.forEach(group -> group.started(nodeId));
    }

    /** Takes a view of the node before a turn. */
    public void beforeTurn(int nodeId) {
        groups.forEach(group -> group.beforeTurn(nodeId));
    }

    /** Checks everything after a turn of a node that still runs. */
    public void afterTurn(int nodeId) {
        groups.forEach(group -> group.afterTurn(nodeId));
    }

    @Override
    public void onApplied(int nodeId, int groupId, long index, long entryHash, long stateHash) {
        groups.get(groupId).onApplied(nodeId, index, entryHash, stateHash);
    }

    @Override
    public void onExecuted(int nodeId, int groupId, long index, long clientId, long sequence) {
        groups.get(groupId).onExecuted(nodeId, index, clientId, sequence);
    }

    @Override
    public void onForced(int nodeId) {
        groups.forEach(group -> group.onForced(nodeId));
    }

    /** A client was told that its write is done. */
    public void acknowledged(int groupId, long clientId, long sequence, long index) {
        groups.get(groupId).acknowledged(clientId, sequence, index);
    }

    /** Adds something that happened to the hash of all events. */
    public void mix(long a, long b, long c, long d, long e) {
        events.mix(a, b, c, d, e);
    }

    /** Returns a hash of all that happened: equal for two runs that were the same. */
    public long eventHash() {
        return events.value();
    }

    /** Returns the entries that were ever committed in any group. */
    public long committed() {
        return groups.stream().mapToLong(GroupChecker::committed).sum();
    }

    /** Returns the writes that were acknowledged. */
    public long acknowledged() {
        return groups.stream().mapToLong(GroupChecker::acknowledged).sum();
    }

    /** Returns the leaders that there were in any group. */
    public long elections() {
        return groups.stream().mapToLong(GroupChecker::elections).sum();
    }
}
