package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.LogEntry;
import org.agrona.concurrent.Agent;

/**
 * Applies what is committed, in order, straight out of the mapped journal.
 *
 * <p>It gates on the group's published commit and publishes what it has applied; both are Disruptor sequences, so the
 * entry's bytes and position are visible before the index is. Thread: its own, or one that it shares with other agents.
 */
public final class ApplyAgent implements Agent {
    private final GroupLog log;
    private final Sequence published;
    private final Sequence applied;
    private final EntryApplier applier;
    private final int batchLimit;
    private final LogEntry entry = new LogEntry();

    /**
     * @param log        of the group
     * @param published  index up to which entries may be applied; written by the consensus agent
     * @param applied    index up to which they were; written here
     * @param applier    the state machine
     * @param batchLimit entries in one turn, so that agents on the same thread get theirs
     */
    public ApplyAgent(GroupLog log, Sequence published, Sequence applied, EntryApplier applier, int batchLimit) {
        this.log = log;
        this.published = published;
        this.applied = applied;
        this.applier = applier;
        this.batchLimit = batchLimit;
    }

    @Override
    @HotPath
    public int doWork() {
        long next = applied.get() + 1;
        long last = Math.min(published.get(), next + batchLimit - 1);
        int work = 0;
        while (next <= last) {
            log.read(next, entry);
            applier.apply(
                    next, entry.entryType(), entry.payload(), 0, entry.payload().capacity());
            applied.set(next);
            next++;
            work++;
        }
        return work;
    }

    @Override
    public String roleName() {
        return "apply";
    }
}
