package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.Role;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hands every group that this pipeline leads to another member, before a clean stop: the successor stands at once, so that
 * no client has to wait for an election timeout. Ongaro's thesis, section 3.10.
 *
 * <p>Any thread may ask and wait; the pipeline's carries it out. Once asked, a group that is led again is handed over again.
 */
public final class Handover {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean wanted;

    Handover() {}

    /** Asks the pipeline to give up all leadership. */
    public void request() {
        wanted = true;
    }

    /**
     * Waits until the pipeline leads no group that another member could lead.
     *
     * @return false if that took longer than the timeout
     */
    public boolean await(long timeoutNs) throws InterruptedException {
        return done.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** Returns whether the pipeline leads no group any more that another member could lead. */
    public boolean isDone() {
        return done.getCount() == 0;
    }

    /** Does what was asked; the groups that it touches are marked. Thread: the pipeline's. */
    @HotPath
    void proceed(GroupTable groups, SlotSet dirty, long nowNs) {
        if (!wanted) {
            return;
        }
        boolean leads = false;
        for (int slot = 0; slot < groups.count(); slot++) {
            RaftGroup group = groups.at(slot).group;
            if (group.role() == Role.LEADER
                    && (group.isTransferring() || group.transferLeadership(RaftGroup.NO_NODE, nowNs))) {
                leads = true;
                dirty.add(slot);
            }
        }
        if (!leads) {
            done.countDown();
        }
    }
}
