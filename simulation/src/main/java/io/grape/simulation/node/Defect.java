package io.grape.simulation.node;

/**
 * What a simulated node can be built to do wrong, to prove that the checks would notice. {@link #NONE} is the product.
 */
public enum Defect {
    /** Nothing. */
    NONE,
    /** What is written counts as durable before it is forced. */
    FORCE_REPORTED_EARLY,
    /** The disk answers that it has forced, and has not. */
    DISK_FORGETS_FORCES,
    /** A repeated write is applied again. */
    NO_DEDUPLICATION,
    /** A leader answers a write as soon as it has it. */
    REPLY_BEFORE_COMMIT,
    /** Any node answers a linearizable read from what it has applied. */
    STALE_READS,
    /** A replica skips one entry in a hundred. */
    SKIPPED_APPLY
}
