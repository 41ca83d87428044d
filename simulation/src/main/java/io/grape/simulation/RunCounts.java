package io.grape.simulation;

/**
 * How much happened in a run, or in many.
 *
 * @param steps        turns of nodes
 * @param simulatedNs  virtual time
 * @param committed    log entries
 * @param acknowledged writes
 * @param operations   requests that clients had answered
 * @param elections    leaders that there were
 * @param starts       processes that were started
 * @param installedSnapshots that nodes had from others
 * @param packets      that were sent
 */
public record RunCounts(
        long steps,
        long simulatedNs,
        long committed,
        long acknowledged,
        long operations,
        long elections,
        long starts,
        long installedSnapshots,
        long packets) {
    /** Nothing. */
    public static final RunCounts ZERO = new RunCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns the sums. */
    public RunCounts plus(RunCounts other) {
        return new RunCounts(
                steps + other.steps,
                simulatedNs + other.simulatedNs,
                committed + other.committed,
                acknowledged + other.acknowledged,
                operations + other.operations,
                elections + other.elections,
                starts + other.starts,
                installedSnapshots + other.installedSnapshots,
                packets + other.packets);
    }
}
