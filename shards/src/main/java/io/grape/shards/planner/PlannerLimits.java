package io.grape.shards.planner;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;

/**
 * When balancing begins and ends, and how much of it may go on at a time.
 *
 * @param startDeviation    balancing begins above this deviation; 0.1 is 10 %
 * @param stopDeviation     and ends below this one
 * @param maxMovingFraction most of the units that may be moving at a time, at least one
 * @param coolDownNs        rest between two runs, nanoseconds
 */
public record PlannerLimits(double startDeviation, double stopDeviation, double maxMovingFraction, long coolDownNs) {
    /** Begin above 10 %, end below 5 %, 5 % of the units moving, one minute of rest. */
    public static final PlannerLimits DEFAULT = new PlannerLimits(0.10, 0.05, 0.05, 60_000_000_000L);

    public PlannerLimits {
        boolean ordered = stopDeviation > 0 && stopDeviation <= startDeviation;
        if (!ordered || !(maxMovingFraction > 0 && maxMovingFraction <= 1) || coolDownNs < 0) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "planner limits need 0 < stop <= start deviation, a moving fraction within (0, 1] and a rest of at"
                            + " least 0: start " + startDeviation + ", stop " + stopDeviation + ", moving "
                            + maxMovingFraction + ", rest " + coolDownNs + " ns");
        }
    }

    /** Returns how many of so many units may be moving at a time. */
    public int maxMoving(int units) {
        return Math.max(1, (int) (units * maxMovingFraction));
    }
}
