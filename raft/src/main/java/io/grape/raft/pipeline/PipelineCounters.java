package io.grape.raft.pipeline;

/**
 * What a pipeline counted since it started. Written by the pipeline; another thread may read a value that is a little old.
 */
public final class PipelineCounters {
    private volatile long proposals;
    private volatile long refusedProposals;
    private volatile long refusedReads;
    private volatile long flushes;
    private volatile long unsent;
    private volatile long outboxFull;
    private volatile long unknownEvents;
    private volatile long unknownGroups;
    private volatile long visits;
    private volatile long frames;
    private volatile long malformedFrames;

    /** Returns commands that became log entries. */
    public long proposals() {
        return proposals;
    }

    /** Returns commands that were refused. */
    public long refusedProposals() {
        return refusedProposals;
    }

    /** Returns reads that were refused. */
    public long refusedReads() {
        return refusedReads;
    }

    /** Returns journal writes. */
    public long flushes() {
        return flushes;
    }

    /** Returns messages to peers that could not leave; Raft repeats them. */
    public long unsent() {
        return unsent;
    }

    /** Returns messages dropped because too many waited for the disk; Raft repeats them. */
    public long outboxFull() {
        return outboxFull;
    }

    /** Returns events of a kind that the pipeline does not know: a defect. */
    public long unknownEvents() {
        return unknownEvents;
    }

    /** Returns messages and requests for a group that this pipeline does not have. */
    public long unknownGroups() {
        return unknownGroups;
    }

    /** Returns how often a group was looked at: grows by no more than the groups that something happened to. */
    public long visits() {
        return visits;
    }

    /** Returns frames of heartbeats, and of answers to them, that were sent. */
    public long frames() {
        return frames;
    }

    /** Returns frames of heartbeats or answers that could not be read. */
    public long malformedFrames() {
        return malformedFrames;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countProposal() {
        proposals++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countRefusedProposal() {
        refusedProposals++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countRefusedRead() {
        refusedReads++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countFlush() {
        flushes++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countUnsent() {
        unsent++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countOutboxFull() {
        outboxFull++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countUnknownEvent() {
        unknownEvents++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countUnknownGroup() {
        unknownGroups++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countFrames(int sent) {
        frames += sent;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countMalformedFrame() {
        malformedFrames++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countVisits(int groups) {
        visits += groups;
    }
}
