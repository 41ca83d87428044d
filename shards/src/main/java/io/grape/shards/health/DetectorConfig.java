package io.grape.shards.health;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;

/**
 * How a failure detector judges.
 *
 * @param threshold       phi from which a node is suspected; 8 means one wrong suspicion in 10^8 intervals of a steady sender
 * @param window          heartbeats that the estimate remembers, 2 or more
 * @param expectedNs      interval that is assumed before there are observations, nanoseconds
 * @param minDeviationNs  least standard deviation that is assumed, so that a steady sender is not judged by microseconds
 * @param toleratedPauseNs silence that is always forgiven: a collection or a scheduling delay of the sender
 * @param maxStepNs       longest time between two looks at the clock; more means that this process itself stood still
 */
public record DetectorConfig(
        double threshold, int window, long expectedNs, long minDeviationNs, long toleratedPauseNs, long maxStepNs) {
    /** For heartbeats every 100 ms or so: suspicion after about a second of silence. */
    public static final DetectorConfig DEFAULT =
            new DetectorConfig(8, 100, 100_000_000L, 50_000_000L, 300_000_000L, 500_000_000L);

    public DetectorConfig {
        boolean positive = expectedNs > 0 && minDeviationNs > 0 && toleratedPauseNs >= 0 && maxStepNs > 0;
        if (!(threshold > 0) || window < 2 || !positive) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "a failure detector needs a threshold above 0, a window of at least 2 and positive times");
        }
    }
}
