package io.grape.raft.journal;

/**
 * What a journal counted since it was opened. Written by the pipeline's thread; another may read a value a little old.
 */
public final class JournalCounters {
    private volatile long batches;
    private volatile long writtenBytes;
    private volatile long liveBytes;
    private volatile long journalBytes;
    private volatile long movedBytes;
    private volatile long recycledSegments;

    /** Returns the batches flushed. */
    public long batches() {
        return batches;
    }

    /** Returns the bytes of those batches, frames included. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Returns the bytes of records that hold entries which some log still needs. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Returns the bytes of the segments that are part of the journal. */
    public long journalBytes() {
        return journalBytes;
    }

    /** Returns the bytes of entries that were copied forward. */
    public long movedBytes() {
        return movedBytes;
    }

    /** Returns the segments that were given back. */
    public long recycledSegments() {
        return recycledSegments;
    }

    /** Returns how many bytes of segments the journal keeps for one byte that some log needs. */
    public double spaceAmplification() {
        return (double) journalBytes / Math.max(1, liveBytes);
    }

    /** Returns how many bytes were written for one byte that a group staged: above 1 by what was copied forward. */
    public double writeAmplification() {
        long moved = movedBytes;
        long written = writtenBytes;
        return written == moved ? 1 : (double) written / (written - moved);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countBatch(long bytes) {
        batches++;
        writtenBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countMoved(long bytes) {
        movedBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countRecycled() {
        recycledSegments++;
    }

    void space(long live, long journal) {
        liveBytes = live;
        journalBytes = journal;
    }
}
