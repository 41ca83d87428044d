package io.grape.node.ingest;

/**
 * Decides how fast to write so that searches stay within a budget: slower at once when they do not, faster little by little
 * when they do (additive increase is too slow to find a rate that differs by machine a hundredfold, so the increase is
 * multiplicative too). Pure; one thread.
 */
final class LatencyBudget {
    private static final double DECREASE = 0.7;
    private static final double INCREASE = 1.1;
    /** With less than this a stalled ingestion could never show that searches are well again. */
    static final double LEAST_POINTS_PER_SECOND = 100;

    private final long budgetNs;
    private final double most;
    private double limit;

    /**
     * @param budgetNs most nanoseconds of the 99th percentile
     * @param most     points a second that are never exceeded; positive infinity for none
     */
    LatencyBudget(long budgetNs, double most) {
        this.budgetNs = budgetNs;
        this.most = most;
        this.limit = most;
    }

    /**
     * Judges a stretch of time.
     *
     * @param p99Ns           what searches took, 99th percentile
     * @param pointsPerSecond what was written meanwhile
     * @return points a second that may be written from now on
     */
    double judge(long p99Ns, double pointsPerSecond) {
        if (p99Ns > budgetNs) {
            limit = Math.max(LEAST_POINTS_PER_SECOND, Math.min(limit, pointsPerSecond) * DECREASE);
        } else {
            limit = Math.min(most, limit * INCREASE);
        }
        return limit;
    }
}
