package io.grape.simulation.check;

/** A rule was broken. Ends a run. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was broken. */
    public enum Rule {
        /** At most one leader a term. */
        ELECTION_SAFETY,
        /** A leader never removes or replaces its entries. */
        LEADER_APPEND_ONLY,
        /** Equal index and term mean equal logs up to there. */
        LOG_MATCHING,
        /** A leader holds all that was committed before its term. */
        LEADER_COMPLETENESS,
        /** No two replicas apply different entries at an index, nor differ in the state after it. */
        STATE_MACHINE_SAFETY,
        /** What is committed is on the disks of a quorum. */
        COMMITTED_IS_DURABLE,
        /** A disk gives back what was forced. */
        FORCED_IS_KEPT,
        /** A vote, a term, a commit never go back. */
        REPLICA_INVARIANT,
        /** A write is carried out once. */
        EXACTLY_ONCE,
        /** An acknowledged write is in the log at the position that was told. */
        ACKNOWLEDGED_IS_COMMITTED,
        /** What clients saw can be explained by some order. */
        LINEARIZABILITY,
        /** A healed cluster makes progress. */
        LIVENESS,
        /** A node threw what it must not throw, or refused to start for no reason. */
        NODE_FAILURE
    }

    private final Rule rule;

    /**
     * @param rule that was broken
     * @param what shows it
     */
    public Violation(Rule rule, String what) {
        super(rule + ": " + what);
        this.rule = rule;
    }

    /**
     * @param rule  that was broken
     * @param what  shows it
     * @param cause thrown by a node
     */
    public Violation(Rule rule, String what, Throwable cause) {
        super(rule + ": " + what, cause);
        this.rule = rule;
    }

    /** Returns the rule that was broken. */
    public Rule rule() {
        return rule;
    }
}
