package io.grape.node.checkpoint;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Shows new checkpoints to the core and compacts the log behind them. Thread: the pipeline's. */
final class CompactionAgent implements Agent {
    private final RaftGroup group;
    private final Journal journal;
    private final GroupLog log;
    private final GroupSnapshots snapshots;
    private final NanoClock clock;
    private final int minRoomBytes;

    CompactionAgent(RaftGroup group, Journal journal, GroupLog log, GroupSnapshots snapshots, NanoClock clock) {
        this.group = group;
        this.journal = journal;
        this.log = log;
        this.snapshots = snapshots;
        this.clock = clock;
        // A mark is small, but what the next event stages must still fit.
        this.minRoomBytes = journal.remainingBatchBytes() / 2;
    }

    @Override
    @HotPath
    public int doWork() {
        boolean room = journal.remainingBatchBytes() > minRoomBytes;
        return snapshots.poll(group, log, room, clock.nanoTime());
    }

    @Override
    public String roleName() {
        return "compaction";
    }
}
