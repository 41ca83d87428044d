package io.grape.node.ingest;

/**
 * What an ingestion came to.
 *
 * @param rows           of the file
 * @param points         committed by this run and by those before it
 * @param rejected       rows that could not be used
 * @param batches        that the file was cut into
 * @param duplicates     batches that a run before had committed without hearing of it
 * @param resumedFromRow row at which this run began, 0 for the file's first
 * @param runPoints      points that this run committed
 * @param elapsedNs      of this run
 * @param lastP99Ns      of searches in the last second in which they were measured, or 0
 */
public record IngestResult(
        long rows,
        long points,
        long rejected,
        long batches,
        long duplicates,
        long resumedFromRow,
        long runPoints,
        long elapsedNs,
        long lastP99Ns) {
    /** Returns the points that this run committed each second. */
    public double pointsPerSecond() {
        return runPoints * 1e9 / elapsedNs;
    }
}
