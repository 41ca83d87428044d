package io.grape.shards.planner;

/**
 * Whether to balance now: hysteresis, rest between runs, and nothing while anything has too few replicas.
 *
 * <p>Pure: what was before comes in as an argument. Repair of missing replicas is not balancing and never waits for this.
 */
public final class RebalanceTrigger {
    private RebalanceTrigger() {}

    /** What to do now. */
    public enum Decision {
        /** Leave things as they are. */
        REST,
        /** Balance, or go on balancing. */
        RUN,
        /** End the run that is going on: the goal is reached. */
        FINISH,
        /** Wait until every unit has its replicas. */
        WAIT_FOR_REPLICAS,
        /** The last run ended too short a time ago. */
        COOL_DOWN
    }

    /**
     * Decides.
     *
     * @param deviation       largest deviation of replicas, leaders and load
     * @param running         whether a run is going on
     * @param underReplicated number of units with fewer replicas than they should have
     * @param sinceLastRunNs  time since the last run ended, nanoseconds; {@link Long#MAX_VALUE} before the first
     * @param limits          the thresholds
     */
    public static Decision decide(
            double deviation, boolean running, int underReplicated, long sinceLastRunNs, PlannerLimits limits) {
        if (running && deviation < limits.stopDeviation()) {
            return Decision.FINISH;
        }
        if (!running && deviation <= limits.startDeviation()) {
            return Decision.REST;
        }
        if (underReplicated > 0) {
            return Decision.WAIT_FOR_REPLICAS;
        }
        return running || sinceLastRunNs >= limits.coolDownNs() ? Decision.RUN : Decision.COOL_DOWN;
    }
}
