package io.grape.shards.load;

import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import java.util.Arrays;

/**
 * Counts the work of each shard and keeps it as rates over a short and a long horizon.
 *
 * <p>A rate is an exponentially weighted moving average: a sample over {@code dt} seconds moves it by
 * {@code 1 - exp(-dt / horizon)} of the difference, so irregular sampling does not bend it. The short horizon shows what
 * happens; plans are made from the long one, or they would chase every burst.
 *
 * <p>Counting allocates nothing and takes two array stores. Not thread-safe: the thread that serves the shards owns it.
 */
public final class ShardLoadTracker {
    /** Horizon of what is shown, seconds. */
    public static final double SHORT_HORIZON_S = 10;

    /** Horizon of what is planned by, seconds. */
    public static final double LONG_HORIZON_S = 300;

    private static final double NS_PER_S = 1e9;

    private final int shardCount;
    private final long[] counted;
    private final double[] shortRates;
    private final double[] longRates;
    private long sampledNs;
    private boolean sampled;

    /**
     * @param shardCount number of shards
     * @param nowNs      the injected monotonic clock now
     */
    public ShardLoadTracker(int shardCount, long nowNs) {
        if (shardCount < 1) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "a tracker of " + shardCount + " shards");
        }
        this.shardCount = shardCount;
        this.counted = new long[shardCount * LoadMeasure.COUNT];
        this.shortRates = new double[shardCount * LoadMeasure.COUNT];
        this.longRates = new double[shardCount * LoadMeasure.COUNT];
        this.sampledNs = nowNs;
    }

    /** Counts a read. */
    @HotPath
    public void onRead(int shard, long cpuNs) {
        counted[at(shard, LoadMeasure.READS)]++;
        counted[at(shard, LoadMeasure.CPU_NS)] += cpuNs;
    }

    /** Counts a write. */
    @HotPath
    public void onWrite(int shard, long bytes, long cpuNs) {
        counted[at(shard, LoadMeasure.WRITES)]++;
        counted[at(shard, LoadMeasure.BYTES)] += bytes;
        counted[at(shard, LoadMeasure.CPU_NS)] += cpuNs;
    }

    /** Takes what was counted since the last sample into the rates. A sample without time in between does nothing. */
    public void sample(long nowNs) {
        double seconds = (nowNs - sampledNs) / NS_PER_S;
        if (seconds <= 0) {
            return;
        }
        // The first sample is all that is known: averaging it with the zero of the beginning would say too little.
        double shortPart = sampled ? 1 - Math.exp(-seconds / SHORT_HORIZON_S) : 1;
        double longPart = sampled ? 1 - Math.exp(-seconds / LONG_HORIZON_S) : 1;
        for (int i = 0; i < counted.length; i++) {
            double rate = counted[i] / seconds;
            shortRates[i] += shortPart * (rate - shortRates[i]);
            longRates[i] += longPart * (rate - longRates[i]);
        }
        Arrays.fill(counted, 0);
        sampledNs = nowNs;
        sampled = true;
    }

    /** Returns a rate of a shard over the last ten seconds or so. */
    public double shortRate(int shard, LoadMeasure measure) {
        return shortRates[at(shard, measure)];
    }

    /** Returns a rate of a shard over the last five minutes or so. */
    public double longRate(int shard, LoadMeasure measure) {
        return longRates[at(shard, measure)];
    }

    /** Returns the long rates of one measure for all shards, as the planner takes them. */
    public double[] longRates(LoadMeasure measure) {
        return Arrays.copyOfRange(longRates, measure.row() * shardCount, (measure.row() + 1) * shardCount);
    }

    @HotPath
    private int at(int shard, LoadMeasure measure) {
        return measure.row() * shardCount + shard;
    }
}
