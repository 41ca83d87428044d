package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.Role;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Brings the leadership of each group to the node that it is preferred on, so that leaders are spread over the nodes: whoever
 * leads a group that belongs elsewhere hands it over, once the other node lives and holds the whole log.
 *
 * <p>Looked at once a second, and nothing is handed over in the first seconds of a leadership: a node that has just come back
 * gets its groups one after the other and not while it catches up. A preference is a wish: without it nothing is unsafe.
 *
 * <p>Any thread may prefer; the pipeline's carries it out. Allocates nothing.
 */
public final class LeaderPlacement {
    private static final int NO_PREFERENCE = -1;
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SETTLED_NS = TimeUnit.SECONDS.toNanos(2);

    private final GroupTable groups;
    private final AtomicIntegerArray preferred;
    private final long[] leadsSinceNs;
    private final boolean[] leads;
    private long nextNs;

    LeaderPlacement(GroupTable groups, long nowNs) {
        this.groups = groups;
        this.preferred = new AtomicIntegerArray(groups.count());
        this.leadsSinceNs = new long[groups.count()];
        this.leads = new boolean[groups.count()];
        this.nextNs = nowNs + INTERVAL_NS;
        for (int slot = 0; slot < groups.count(); slot++) {
            preferred.set(slot, NO_PREFERENCE);
        }
    }

    /**
     * Says where a group should be led.
     *
     * @param nodeId a voter of the group, or -1 for no preference
     */
    public void prefer(int groupId, int nodeId) {
        int slot = groups.slotOf(groupId);
        if (slot == GroupTable.NO_SLOT) {
            throw new IllegalArgumentException("group " + groupId + " is not in this pipeline");
        }
        preferred.set(slot, nodeId);
    }

    /** Hands over what is due; the groups that it touches are marked. Thread: the pipeline's. */
    @HotPath
    void proceed(SlotSet dirty, long nowNs) {
        if (nowNs - nextNs < 0) {
            return;
        }
        nextNs = nowNs + INTERVAL_NS;
        for (int slot = 0; slot < groups.count(); slot++) {
            RaftGroup group = groups.at(slot).group;
            boolean leadsNow = group.role() == Role.LEADER;
            if (leadsNow && !leads[slot]) {
                leadsSinceNs[slot] = nowNs;
            }
            leads[slot] = leadsNow;
            int target = preferred.get(slot);
            boolean isDue = leadsNow
                    && target != NO_PREFERENCE
                    && target != groups.nodeId()
                    && nowNs - leadsSinceNs[slot] >= SETTLED_NS
                    && !group.isTransferring()
                    && group.mayTakeOver(target, nowNs);
            if (isDue && group.transferLeadership(target, nowNs)) {
                dirty.add(slot);
            }
        }
    }
}
