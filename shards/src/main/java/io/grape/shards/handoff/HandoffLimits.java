package io.grape.shards.handoff;

/**
 * When a coordinator seals, and when it gives up.
 *
 * @param sealBelowRows a round with at most so many rows is small enough to seal after it
 * @param maxRounds     rounds after which the shard is sealed, or the migration aborted
 * @param maxSealRows   after the last allowed round the shard is sealed only if that round had at most so many rows
 */
public record HandoffLimits(long sealBelowRows, int maxRounds, long maxSealRows) {
    /** For shards of some thousands of points. */
    public static final HandoffLimits DEFAULT = new HandoffLimits(64, 8, 4096);

    public HandoffLimits {
        if (sealBelowRows < 0 || maxRounds < 1 || maxSealRows < sealBelowRows) {
            throw new IllegalArgumentException("sealBelowRows=" + sealBelowRows + " maxRounds=" + maxRounds
                    + " maxSealRows=" + maxSealRows + ": a shard could never be sealed");
        }
    }
}
