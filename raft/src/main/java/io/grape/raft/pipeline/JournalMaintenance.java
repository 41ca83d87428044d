package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import org.agrona.concurrent.Agent;

/**
 * Lets the journal give back segments that no log needs, and copy forward what holds others up.
 *
 * <p>Thread: the pipeline's, behind the consensus agent: what it stages goes with the next write. Allocates nothing but the
 * list of what it copies.
 */
public final class JournalMaintenance implements Agent {
    private final Journal journal;
    private final GroupLog[] logs;
    private final Sequence[] applied;

    /**
     * For one group.
     *
     * @param journal of the pipeline
     * @param log     of a group of it
     * @param applied index up to which that group's entries are applied: the apply agent reads none of them again
     */
    public JournalMaintenance(Journal journal, GroupLog log, Sequence applied) {
        this(journal, new GroupLog[] {log}, new Sequence[] {applied});
    }

    /** For all groups of a pipeline. */
    public static JournalMaintenance of(Journal journal, GroupTable groups) {
        GroupLog[] logs = new GroupLog[groups.count()];
        Sequence[] applied = new Sequence[groups.count()];
        for (int slot = 0; slot < logs.length; slot++) {
            logs[slot] = groups.at(slot).log();
            applied[slot] = groups.at(slot).applied();
        }
        return new JournalMaintenance(journal, logs, applied);
    }

    private JournalMaintenance(Journal journal, GroupLog[] logs, Sequence[] applied) {
        this.journal = journal;
        this.logs = logs;
        this.applied = applied;
    }

    @Override
    @HotPath
    public int doWork() {
        // The entry that was applied last is read once more, for its term, when a checkpoint is taken.
        for (int i = 0; i < logs.length; i++) {
            logs[i].appliedThrough(applied[i].get() - 1);
        }
        return journal.maintain();
    }

    @Override
    public String roleName() {
        return "journal maintenance";
    }
}
