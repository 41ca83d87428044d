package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.LIFE;
import static io.grape.raft.journal.record.RecordDescriptor.LIFE_DISK_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.LIFE_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.LIFE_STATE_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import io.grape.raft.core.lives.LifeTable;
import io.grape.raft.journal.record.BatchFrame;
import io.grape.raft.journal.record.RecordDescriptor;
import org.agrona.DirectBuffer;

/** What a group's log knows of the nodes' lives: LIFE records, staged and written. Thread: the pipeline's. */
final class GroupLives {
    private static final long NOTHING_WRITTEN = -1;

    private final int groupId;
    private final LifeTable current = new LifeTable();
    private final LifeTable written = new LifeTable();
    private boolean staged;
    private long framePosition = NOTHING_WRITTEN;

    GroupLives(int groupId) {
        this.groupId = groupId;
    }

    /** Returns what is known, staged records included. */
    LifeTable current() {
        return current;
    }

    /** Stages a record; the frame has room for it. */
    void stage(BatchFrame frame, int nodeId, long diskId, long incarnation, int state) {
        stageRecord(frame, nodeId, diskId, incarnation, state);
        current.put(nodeId, diskId, incarnation, state);
        staged = true;
    }

    private void stageRecord(BatchFrame frame, int nodeId, long diskId, long incarnation, int state) {
        int record = frame.stage(LIFE, groupId, incarnation, nodeId, LIFE_LENGTH);
        frame.putLong(record, LIFE_DISK_OFFSET, diskId);
        frame.putInt(record, LIFE_STATE_OFFSET, state);
        frame.putInt(record, LIFE_STATE_OFFSET + Integer.BYTES, 0);
    }

    /** Learns that the batch was written as a frame that begins at a position. */
    void onFlushed(long newFramePosition) {
        if (staged) {
            written.set(current);
            framePosition = newFramePosition;
            staged = false;
        }
    }

    /** Returns whether all that was staged is on disk, or written where the policy asks for no more. */
    boolean areDurable(long durablePosition) {
        return !staged && durablePosition > framePosition;
    }

    /** Returns the bytes of {@link #stageWritten}. */
    int writtenLength() {
        return written.count() * align(LIFE_LENGTH);
    }

    /** Stages all that is written, so that no earlier segment is needed to know it. */
    void stageWritten(BatchFrame frame) {
        for (int slot = 0; slot < written.count(); slot++) {
            stageRecord(
                    frame, written.nodeId(slot), written.diskId(slot), written.incarnation(slot), written.state(slot));
        }
    }

    /** Takes a record that was recovered. */
    void replay(DirectBuffer buffer, int record) {
        current.put(
                (int) RecordDescriptor.index(buffer, record),
                RecordDescriptor.longField(buffer, record, LIFE_DISK_OFFSET),
                RecordDescriptor.term(buffer, record),
                RecordDescriptor.intField(buffer, record, LIFE_STATE_OFFSET));
        written.set(current);
    }
}
