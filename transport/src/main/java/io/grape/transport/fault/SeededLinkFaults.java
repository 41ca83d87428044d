package io.grape.transport.fault;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Faults drawn from a seed: the same seed and the same sequence of sends meet the same fates.
 *
 * <p>Rates, cuts and mends may be set from any thread while messages flow.
 */
public final class SeededLinkFaults implements LinkFaults {
    private static final int PER_MILLE = 1000;

    /**
     * How often and how badly.
     *
     * @param dropPerMille      of messages lost
     * @param duplicatePerMille of messages delivered twice
     * @param delayPerMille     of copies held back
     * @param maxDelayNs        longest delay, nanoseconds; drawn evenly from 1
     */
    public record Rates(int dropPerMille, int duplicatePerMille, int delayPerMille, long maxDelayNs) {
        /** Nothing at random; cuts still count. */
        public static final Rates NONE = new Rates(0, 0, 0, 1);

        /** Refuses rates outside 0 to 1000 and a delay below 1. */
        public Rates {
            check("dropPerMille", dropPerMille);
            check("duplicatePerMille", duplicatePerMille);
            check("delayPerMille", delayPerMille);
            if (maxDelayNs < 1) {
                throw new IllegalArgumentException("maxDelayNs must be at least 1, not " + maxDelayNs);
            }
        }

        private static void check(String name, int perMille) {
            if (perMille < 0 || perMille > PER_MILLE) {
                throw new IllegalArgumentException(name + " must be 0 to 1000, not " + perMille);
            }
        }
    }

    private final RandomGenerator random;
    private final Map<Integer, Boolean> cuts = new ConcurrentHashMap<>();
    private volatile Rates rates;

    /**
     * @param seed  of all draws
     * @param rates to begin with
     */
    public SeededLinkFaults(long seed, Rates rates) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.rates = rates;
    }

    /**
     * Sets other rates; any thread.
     *
     * @param value from the next message on
     */
    public void rates(Rates value) {
        rates = value;
    }

    /**
     * Cuts the link to a peer in this direction; any thread.
     *
     * @param peerNodeId to whom nothing is delivered from now on
     */
    public void cut(int peerNodeId) {
        cuts.put(peerNodeId, Boolean.TRUE);
    }

    /**
     * Mends the link to a peer; any thread.
     *
     * @param peerNodeId to whom messages are delivered again
     */
    public void mend(int peerNodeId) {
        cuts.remove(peerNodeId);
    }

    @Override
    public int copies(int peerNodeId) {
        if (cuts.containsKey(peerNodeId)) {
            return 0;
        }
        Rates now = rates;
        if (random.nextInt(PER_MILLE) < now.dropPerMille()) {
            return 0;
        }
        return random.nextInt(PER_MILLE) < now.duplicatePerMille() ? 2 : 1;
    }

    @Override
    public long delayNs(int peerNodeId) {
        Rates now = rates;
        return random.nextInt(PER_MILLE) < now.delayPerMille() ? random.nextLong(now.maxDelayNs()) + 1 : 0;
    }
}
