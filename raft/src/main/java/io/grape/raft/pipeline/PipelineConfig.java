package io.grape.raft.pipeline;

/**
 * Intervals and limits of a pipeline.
 *
 * @param tickIntervalNs  how often the core looks at its timeouts
 * @param readTimeoutNs   how long a read may wait for its index
 * @param maxPendingReads reads that may wait
 * @param flushBytes      staged bytes from which a batch is written although a force is running
 */
public record PipelineConfig(long tickIntervalNs, long readTimeoutNs, int maxPendingReads, int flushBytes) {
    /** Checks the values. */
    public PipelineConfig {
        if (tickIntervalNs <= 0 || readTimeoutNs <= 0 || maxPendingReads <= 0 || flushBytes <= 0) {
            throw new IllegalArgumentException("pipeline intervals and limits must be positive");
        }
    }

    /** Returns values that suit two cores: 1 ms ticks, reads wait 1 s, 1,024 of them, batches of 256 KiB. */
    public static PipelineConfig defaults() {
        return new PipelineConfig(1_000_000, 1_000_000_000, 1024, 256 * 1024);
    }
}
