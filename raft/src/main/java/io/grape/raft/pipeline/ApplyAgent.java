package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.HotPath;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.LogEntry;
import java.util.List;
import org.agrona.concurrent.Agent;

/**
 * Applies what is committed, in each group's order, straight out of the mapped journal.
 *
 * <p>It gates on each group's published commit and publishes what it has applied; both are Disruptor sequences, so the
 * entry's bytes and position are visible before the index is. Groups take turns: each one that has entries gets at most a
 * batch of them before the next one gets its own. Groups without entries are not looked at. Thread: its own, or one that
 * it shares with other agents.
 */
public final class ApplyAgent implements Agent {
    /** What is applied of one group. */
    private static final class Source {
        private final GroupLog log;
        private final Sequence published;
        private final Sequence applied;
        private final EntryApplier applier;

        Source(GroupLog log, Sequence published, Sequence applied, EntryApplier applier) {
            this.log = log;
            this.published = published;
            this.applied = applied;
            this.applier = applier;
        }
    }

    private final Source[] sources;
    private final ReadySlots ready;
    private final boolean asksEveryTurn;
    private final int batchLimit;
    private final long[] waiting;
    private final LogEntry entry = new LogEntry();

    /**
     * For one group.
     *
     * @param log        of the group
     * @param published  index up to which entries may be applied; written by the consensus agent
     * @param applied    index up to which they were; written here
     * @param applier    the state machine
     * @param batchLimit entries in one turn, so that agents on the same thread get theirs
     */
    public ApplyAgent(GroupLog log, Sequence published, Sequence applied, EntryApplier applier, int batchLimit) {
        this(new Source[] {new Source(log, published, applied, applier)}, new ReadySlots(1), true, batchLimit);
    }

    /**
     * For all groups of a pipeline; there may be no other apply agent for it.
     *
     * @param groups     the pipeline's
     * @param appliers   the state machine of each slot
     * @param batchLimit entries of each group in one turn
     * @throws IllegalArgumentException if there is not one state machine for each group
     */
    public static ApplyAgent of(GroupTable groups, List<EntryApplier> appliers, int batchLimit) {
        if (appliers.size() != groups.count()) {
            throw new IllegalArgumentException(
                    groups.count() + " groups cannot be applied by " + appliers.size() + " state machines");
        }
        Source[] sources = new Source[groups.count()];
        for (int slot = 0; slot < sources.length; slot++) {
            GroupSlot group = groups.at(slot);
            sources[slot] = new Source(group.log(), group.published(), group.applied(), appliers.get(slot));
        }
        return new ApplyAgent(sources, groups.ready(), false, batchLimit);
    }

    private ApplyAgent(Source[] sources, ReadySlots ready, boolean asksEveryTurn, int batchLimit) {
        this.sources = sources;
        this.ready = ready;
        this.asksEveryTurn = asksEveryTurn;
        this.batchLimit = batchLimit;
        this.waiting = new long[ready.wordCount()];
        // What was committed before the start waits from the beginning.
        for (int slot = 0; slot < sources.length; slot++) {
            waiting[slot / Long.SIZE] |= 1L << slot;
        }
    }

    @Override
    @HotPath
    public int doWork() {
        int work = 0;
        for (int word = 0; word < waiting.length; word++) {
            long bits = waiting[word] | ready.take(word);
            if (bits == 0) {
                continue;
            }
            waiting[word] = bits;
            while (bits != 0) {
                int bit = Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                int applied = apply(sources[word * Long.SIZE + bit]);
                if (applied < batchLimit && !asksEveryTurn) {
                    waiting[word] &= ~(1L << bit);
                }
                work += applied;
            }
        }
        return work;
    }

    /** Applies a batch of one group's entries; returns how many there were. */
    @HotPath
    private int apply(Source source) {
        long next = source.applied.get() + 1;
        long last = Math.min(source.published.get(), next + batchLimit - 1);
        int work = 0;
        while (next <= last) {
            source.log.read(next, entry);
            source.applier.apply(
                    next, entry.entryType(), entry.payload(), 0, entry.payload().capacity());
            source.applied.set(next);
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
