package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.shards.ShardRouter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups of which this node holds a replica, and the shard table as group 0 has it here. Immutable; any thread. */
public final class HostedGroups {
    /** The metadata group: collections, shard table, members. */
    public static final int METADATA = 0;

    private final @Nullable HostedGroup[] byId;
    private final List<HostedGroup> all;
    private final ShardRouter router;

    /**
     * @param groups with the metadata group among them
     * @param router the table that group 0 keeps
     */
    public HostedGroups(List<HostedGroup> groups, ShardRouter router) {
        int highest = groups.stream().mapToInt(HostedGroup::groupId).max().orElse(METADATA);
        this.byId = new HostedGroup[highest + 1];
        this.all = List.copyOf(groups);
        this.router = router;
        for (HostedGroup group : groups) {
            byId[group.groupId()] = group;
        }
        if (byId[METADATA] == null) {
            throw new IllegalArgumentException("every node holds a replica of group 0");
        }
    }

    /** Returns a group, or null if this node holds no replica of it. */
    @HotPath
    public @Nullable HostedGroup get(int groupId) {
        return groupId >= 0 && groupId < byId.length ? byId[groupId] : null;
    }

    /** Returns group 0. */
    public HostedGroup metadata() {
        HostedGroup metadata = byId[METADATA];
        if (metadata == null) {
            throw new IllegalStateException("checked in the constructor");
        }
        return metadata;
    }

    /** Returns all groups by ascending id, group 0 first. */
    public List<HostedGroup> all() {
        return all;
    }

    /** Returns the groups that hold points, by ascending id. */
    public List<HostedGroup> data() {
        List<HostedGroup> data = new ArrayList<>(all);
        data.removeIf(group -> group.groupId() == METADATA);
        return data;
    }

    /** Returns the newest shard table that group 0 has here. */
    public ShardRouter router() {
        return router;
    }
}
