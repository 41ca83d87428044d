package io.grape.node.ingest;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an ingestion runs; nothing of it changes what is written.
 *
 * @param inFlight     batches without an answer, 1 to 128
 * @param maxRate      points a second, or positive infinity
 * @param maxSearchP99 what searches may take, 99th percentile, or null for no such limit
 * @param patience     how long to wait for any answer before the run gives up
 * @param checkpointEvery how much work a kill may cost, at most 64 batches
 * @param checkpoint   file that holds how far it is
 * @param rejects      file that takes the rows that cannot be used
 */
public record IngestSettings(
        int inFlight,
        double maxRate,
        @Nullable Duration maxSearchP99,
        Duration patience,
        Duration checkpointEvery,
        Path checkpoint,
        Path rejects) {
    /** Half of the writes whose outcomes the cluster remembers for a client; the other half waits for its checkpoint. */
    public static final int MOST_IN_FLIGHT = 128;

    /** Refuses what cannot work. */
    public IngestSettings {
        if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "--in-flight must be 1 to " + MOST_IN_FLIGHT + ", not " + inFlight);
        }
        if (!(maxRate > 0)) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "--max-rate must be above zero, not " + maxRate);
        }
        if (maxSearchP99 != null && (maxSearchP99.isNegative() || maxSearchP99.isZero())) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "--max-search-p99 must be above zero");
        }
    }
}
