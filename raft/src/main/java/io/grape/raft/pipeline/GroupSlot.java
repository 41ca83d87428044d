package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.Role;
import io.grape.raft.journal.GroupLog;

/**
 * One group in its place in a pipeline: the core, its part of the journal, and what other threads may know of it.
 *
 * <p>The public methods are for any thread; the rest is the pipeline's.
 */
public final class GroupSlot implements ReadGate {
    final RaftGroup group;
    final GroupLog log;

    private final GroupStatus status = new GroupStatus();
    private final Sequence published = new Sequence(0);
    private final Sequence applied;

    GroupSlot(RaftGroup group, GroupLog log, Sequence applied) {
        this.group = group;
        this.log = log;
        this.applied = applied;
        published.set(Math.min(group.commitIndex(), log.writtenIndex()));
        publishLeadership();
    }

    @Override
    @HotPath
    public int groupId() {
        return log.groupId();
    }

    /** Returns the group's part of the journal; {@link GroupLog} says which thread may do what. */
    public GroupLog log() {
        return log;
    }

    /** Returns what other threads may know of the group. */
    public GroupStatus status() {
        return status;
    }

    /** Returns the index up to which entries may be applied; written by the consensus agent. */
    public Sequence published() {
        return published;
    }

    /** Returns the index up to which entries are applied; written by the apply agent. */
    public Sequence applied() {
        return applied;
    }

    @Override
    @HotPath
    public long appliedIndex() {
        return applied.get();
    }

    @Override
    @HotPath
    public int leaderNodeId() {
        return group.leaderNodeId();
    }

    /**
     * Tells the apply agent and the other threads how far the group is.
     *
     * @return whether there is more to apply
     */
    @HotPath
    boolean publish() {
        if (status.term() != group.term()
                || status.leaderNodeId() != group.leaderNodeId()
                || status.isLeader() != (group.role() == Role.LEADER)) {
            publishLeadership();
        }
        status.progress(log.lastIndex(), group.durableIndex(), group.commitIndex());
        long appliable = Math.min(group.commitIndex(), log.writtenIndex());
        if (appliable <= published.get()) {
            return false;
        }
        published.set(appliable);
        return true;
    }

    private void publishLeadership() {
        boolean leads = group.role() == Role.LEADER;
        // The first entry of a leader's term is its no-op: once that is applied, so is all that was committed before.
        long readyIndex = leads ? group.termStartIndex() : Long.MAX_VALUE;
        status.leadership(group.leaderNodeId(), group.term(), leads, readyIndex);
    }
}
