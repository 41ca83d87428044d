package io.grape.node.checkpoint;

/** What the checkpoints of a group came to. Each figure has one writer; any thread may read a value a little old. */
public final class CheckpointCounters {
    private volatile long taken;
    private volatile long failed;
    private volatile long lastIndex;
    private volatile long lastDurationNs;
    private volatile long lastStallNs;
    private volatile long maxStallNs;
    private volatile long manifestBytes;
    private volatile long installed;
    private volatile long incomingBytes;
    private volatile long incomingTotalBytes;
    private volatile long skippedBytes;
    private volatile long receivedBytes;
    private volatile long rejectedBlocks;
    private volatile long sentBytes;
    private volatile long throttled;

    /** Returns checkpoints that became durable. */
    public long taken() {
        return taken;
    }

    /** Returns checkpoints that could not be written; the one before them stays. */
    public long failed() {
        return failed;
    }

    /** Returns the index of the newest durable checkpoint. */
    public long lastIndex() {
        return lastIndex;
    }

    /** Returns how long the newest took from capture to durable, nanoseconds. */
    public long lastDurationNs() {
        return lastDurationNs;
    }

    /** Returns how long the apply thread stood still for the newest, nanoseconds. */
    public long lastStallNs() {
        return lastStallNs;
    }

    /** Returns the longest such stall, nanoseconds. */
    public long maxStallNs() {
        return maxStallNs;
    }

    /** Returns the length of the newest manifest. */
    public long manifestBytes() {
        return manifestBytes;
    }

    /** Returns snapshots that took the place of the state. */
    public long installed() {
        return installed;
    }

    /** Returns the bytes held of the snapshot that is arriving. */
    public long incomingBytes() {
        return incomingBytes;
    }

    /** Returns the length of the snapshot that is arriving; 0 when none is. */
    public long incomingTotalBytes() {
        return incomingTotalBytes;
    }

    /** Returns the bytes of snapshots that were not asked for because they were here already. */
    public long skippedBytes() {
        return skippedBytes;
    }

    /** Returns the bytes of blocks that arrived whole. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Returns the blocks that arrived with a wrong checksum. */
    public long rejectedBlocks() {
        return rejectedBlocks;
    }

    /** Returns the bytes of snapshots sent to followers. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Returns how often a chunk had to wait for the limit on the rate. */
    public long throttled() {
        return throttled;
    }

    void captured(long stallNs) {
        lastStallNs = stallNs;
        maxStallNs = Math.max(maxStallNs, stallNs);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void durable(long index, long durationNs, long bytes) {
        lastIndex = index;
        lastDurationNs = durationNs;
        manifestBytes = bytes;
        taken++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countFailed() {
        failed++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countInstalled(long index) {
        lastIndex = index;
        installed++;
    }

    void incoming(long held, long total) {
        incomingBytes = held;
        incomingTotalBytes = total;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countSkipped(long bytes) {
        skippedBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countReceived(long bytes) {
        receivedBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countRejectedBlock() {
        rejectedBlocks++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countSent(long bytes) {
        sentBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countThrottled() {
        throttled++;
    }
}
