package io.grape.simulation.world;

/**
 * How a link treats what it carries.
 *
 * @param lostPerMille      packets that never arrive
 * @param doubledPerMille   packets that arrive twice
 * @param reorderedPerMille packets that may arrive before earlier ones
 * @param minDelayNs        shortest way
 * @param maxDelayNs        longest way
 */
public record LinkQuality(
        int lostPerMille, int doubledPerMille, int reorderedPerMille, long minDelayNs, long maxDelayNs) {
    /** Nothing lost, 50 to 300 us, in order. */
    public static final LinkQuality GOOD = new LinkQuality(0, 0, 0, 50_000, 300_000);

    /** Checks the values. */
    public LinkQuality {
        if (minDelayNs < 0 || maxDelayNs < minDelayNs) {
            throw new IllegalArgumentException("delays from " + minDelayNs + " to " + maxDelayNs + " ns");
        }
    }
}
