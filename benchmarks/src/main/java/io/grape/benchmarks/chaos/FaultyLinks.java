package io.grape.benchmarks.chaos;

import io.grape.transport.fault.LinkFaults;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The fate of messages to peers as {@link NodeFaults} says it at that moment. Thread: the one that sends. */
final class FaultyLinks implements LinkFaults {
    private static final int PER_MILLE = 1000;

    private final NodeFaults faults;
    private final RandomGenerator random;

    FaultyLinks(NodeFaults faults, long seed) {
        this.faults = faults;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Override
    public int copies(int peerNodeId) {
        if (faults.isCut(peerNodeId)) {
            return 0;
        }
        int draw = random.nextInt(PER_MILLE);
        if (draw < faults.lostPerMille()) {
            return 0;
        }
        return draw < faults.lostPerMille() + faults.doubledPerMille() ? 2 : 1;
    }

    @Override
    public long delayNs(int peerNodeId) {
        return random.nextInt(PER_MILLE) < faults.heldPerMille()
                ? TimeUnit.MICROSECONDS.toNanos(random.nextInt(Math.max(1, faults.holdUs())) + 1L)
                : 0;
    }
}
