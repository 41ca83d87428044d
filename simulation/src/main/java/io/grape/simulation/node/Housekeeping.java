package io.grape.simulation.node;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.sbe.EntryType;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.pipeline.EntryApplier;
import io.grape.raft.pipeline.JournalMaintenance;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;

/**
 * Takes a snapshot every so many entries, lets the log begin after it, and gives segments back: the pipeline's real compaction
 * and the journal's real recycling under snapshots that are not files.
 */
final class Housekeeping implements EntryApplier {
    private static final int MIN_ENTRIES = 30;
    private static final int MAX_ENTRIES = 120;
    private static final int TRAILING_ENTRIES = 10;

    private final Journal journal;
    private final GroupLog log;
    private final RaftGroup raft;
    private final StateMachine machine;
    private final SimSnapshots snapshots;
    private final Sequence applied;
    private final EntryApplier next;
    private final JournalMaintenance maintenance;
    private final SplittableRandom random;
    private final int minRoomBytes;
    private Membership members;
    private long nextIndex;

    /** What it works on. */
    record Parts(
            Journal journal,
            GroupLog log,
            RaftGroup raft,
            StateMachine machine,
            SimSnapshots snapshots,
            Sequence applied,
            EntryApplier next) {}

    /**
     * @param first  members as of the newest snapshot, or of the beginning
     * @param random draws how far snapshots are apart
     */
    Housekeeping(Parts parts, Membership first, SplittableRandom random) {
        this.journal = parts.journal;
        this.log = parts.log;
        this.raft = parts.raft;
        this.machine = parts.machine;
        this.snapshots = parts.snapshots;
        this.applied = parts.applied;
        this.next = parts.next;
        this.members = first;
        this.random = random;
        this.maintenance = new JournalMaintenance(journal, log, applied);
        this.minRoomBytes = journal.remainingBatchBytes() / 2;
        this.nextIndex = applied.get() + distance();
    }

    private long distance() {
        return MIN_ENTRIES + random.nextLong(MAX_ENTRIES - MIN_ENTRIES);
    }

    @Override
    public void apply(long index, short entryType, DirectBuffer payload, int offset, int length) {
        if (entryType == EntryType.CONFIGURATION.value()) {
            Membership told = ConfigurationCodec.decode(payload, offset, length);
            if (told == null) {
                throw new IllegalStateException("entry " + index + " names no members");
            }
            members = told;
        }
        next.apply(index, entryType, payload, offset, length);
    }

    /** The state was replaced by a snapshot's. */
    void installed(SimSnapshots.Snapshot snapshot) {
        StateBytes.load(machine, snapshot.index(), snapshot.bytes());
        members = snapshot.membership();
        applied.set(snapshot.index());
        nextIndex = snapshot.index() + distance();
    }

    void turn(long nowNs) {
        maintenance.doWork();
        long index = applied.get();
        if (index >= nextIndex && raft.streamedSnapshotIndex(nowNs) == Long.MAX_VALUE) {
            snapshots.take(new SimSnapshots.Snapshot(index, log.termAt(index), members, StateBytes.save(machine)));
            nextIndex = index + distance();
        }
        long compactTo = snapshots.index() - TRAILING_ENTRIES;
        if (compactTo >= log.firstIndex() && journal.remainingBatchBytes() > minRoomBytes) {
            raft.compactTo(compactTo, nowNs);
        }
    }
}
