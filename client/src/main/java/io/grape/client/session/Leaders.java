package io.grape.client.session;

import org.agrona.collections.Int2ObjectHashMap;

/** Who leads each group, by the newest word of any node. Polling thread; the leader of group 0 may be asked by any. */
final class Leaders {
    /** The group that knows the collections and the shard table. */
    static final int METADATA = 0;

    private final LeaderTracker metadata = new LeaderTracker();
    private final Int2ObjectHashMap<LeaderTracker> others = new Int2ObjectHashMap<>();

    /** Returns the tracker of a group; there is one for each group that was ever asked about. */
    LeaderTracker of(int groupId) {
        if (groupId == METADATA) {
            return metadata;
        }
        LeaderTracker tracker = others.get(groupId);
        return tracker == null ? add(groupId) : tracker;
    }

    private LeaderTracker add(int groupId) {
        LeaderTracker tracker = new LeaderTracker();
        others.put(groupId, tracker);
        return tracker;
    }

    /** Returns the leader of group 0, or -1. Any thread. */
    int metadataNodeId() {
        return metadata.nodeId();
    }

    /** Forgets a node that does not answer, in every group that it led. */
    boolean forget(int nodeId) {
        boolean forgot = forget(metadata, nodeId);
        for (LeaderTracker tracker : others.values()) {
            forgot |= forget(tracker, nodeId);
        }
        return forgot;
    }

    private static boolean forget(LeaderTracker tracker, int nodeId) {
        if (tracker.nodeId() != nodeId) {
            return false;
        }
        tracker.forget();
        return true;
    }
}
