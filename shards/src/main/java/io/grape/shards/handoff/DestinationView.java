package io.grape.shards.handoff;

/**
 * What a destination group durably says of a shard, as far as a coordinator needs it.
 *
 * @param holding       ownership and staging
 * @param rounds        rounds of copying that ended with their end mark
 * @param lastRoundRows rows and deletions of the last of them
 * @param check         what comparing the copy with the sealed source has given
 */
public record DestinationView(ShardHolding holding, int rounds, long lastRoundRows, Check check) {
    /** What comparing has given. */
    public enum Check {
        /** Nothing was compared yet. */
        PENDING,
        /** Index, number and digest are those of the sealed source. */
        EQUAL,
        /** They are not: this copy must never be served. */
        DIFFERENT
    }
}
