package io.grape.shards.health;

import io.grape.codecs.HotPath;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Suspects nodes that have been silent for longer than their own past makes likely.
 *
 * <p>A hint for routing and planning, never for safety: a suspected node may be alive and lead. Time that this process
 * itself stood still is not held against anyone. Not thread-safe; its owner calls {@link #tick} at least once every
 * {@link DetectorConfig#maxStepNs()}.
 */
public final class FailureDetector {
    private final DetectorConfig config;
    private final RunningClock clock;
    private final Int2ObjectHashMap<ArrivalWindow> windows = new Int2ObjectHashMap<>();

    /**
     * @param config how to judge
     * @param nowNs  the injected monotonic clock now
     */
    public FailureDetector(DetectorConfig config, long nowNs) {
        this.config = config;
        this.clock = new RunningClock(nowNs, config.maxStepNs());
    }

    /** Begins to watch a node, as if it had just been heard. */
    public void watch(int nodeId, long nowNs) {
        windows.put(nodeId, new ArrivalWindow(config, clock.advance(nowNs)));
    }

    /** Ends to watch a node. */
    public void forget(int nodeId) {
        windows.remove(nodeId);
    }

    /** Lets the time pass. */
    @HotPath
    public void tick(long nowNs) {
        clock.advance(nowNs);
    }

    /** Notes that a node was heard; any message will do. A node that is not watched is ignored. */
    @HotPath
    public void heard(int nodeId, long nowNs) {
        ArrivalWindow window = windows.get(nodeId);
        long runningNs = clock.advance(nowNs);
        if (window != null) {
            window.heartbeat(runningNs);
        }
    }

    /** Returns how unlikely the node's silence is, as a power of ten; 0 for one that is not watched. */
    @HotPath
    public double phi(int nodeId, long nowNs) {
        ArrivalWindow window = windows.get(nodeId);
        long runningNs = clock.advance(nowNs);
        return window == null ? 0 : window.phi(runningNs);
    }

    /** Returns whether the node is suspected to be down. */
    @HotPath
    public boolean isSuspected(int nodeId, long nowNs) {
        return phi(nodeId, nowNs) >= config.threshold();
    }
}
