package io.grape.simulation.node;

import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.Journal;
import java.util.SplittableRandom;

/**
 * The force agent on a disk that takes its time. A force reaches the platters when it begins or when it ends, as chance has it;
 * the pipeline hears of it when it ends.
 */
final class ForceTurns {
    private static final long MIN_NS = 100_000;
    private static final long MAX_NS = 2_000_000;

    private final Journal journal;
    private final ForceAgent agent;
    private final SplittableRandom random;
    private final Runnable onForced;
    private boolean isRunning;
    private boolean isOnPlatters;
    private long endNs;
    private long visiblePosition;
    private long slowNs;

    /**
     * @param onForced called when all that is written is on the platters
     */
    ForceTurns(Journal journal, ForceAgent agent, SplittableRandom random, Runnable onForced) {
        this.journal = journal;
        this.agent = agent;
        this.random = random;
        this.onForced = onForced;
        this.visiblePosition = agent.durablePosition();
    }

    /** Makes every force take so much longer. */
    void slow(long byNs) {
        slowNs = byNs;
    }

    /** Returns what the pipeline knows to be durable. */
    long visiblePosition() {
        return visiblePosition;
    }

    void turn(long nowNs) {
        if (!isRunning) {
            begin(nowNs);
        } else if (nowNs - endNs >= 0) {
            if (!isOnPlatters) {
                force();
            }
            visiblePosition = agent.durablePosition();
            isRunning = false;
        }
    }

    private void begin(long nowNs) {
        if (journal.writtenPosition() <= agent.durablePosition()) {
            return;
        }
        isRunning = true;
        endNs = nowNs + MIN_NS + random.nextLong(MAX_NS - MIN_NS) + slowNs;
        isOnPlatters = random.nextBoolean();
        if (isOnPlatters) {
            force();
        }
    }

    private void force() {
        agent.doWork();
        onForced.run();
    }
}
