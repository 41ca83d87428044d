package io.grape.node.demo;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Times searches one at a time, as a caller sees them, into a histogram of nanoseconds. One thread.
 */
final class SearchTiming {
    private static final int WARM_UP = 200;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long SEED = 20_000;

    private final GrapeClient client;
    private final CollectionInfo collection;
    private final WordVectors words;

    SearchTiming(GrapeClient client, CollectionInfo collection, WordVectors words) {
        this.client = client;
        this.collection = collection;
        this.words = words;
    }

    /** Searches for the k nearest to {@code searches} words drawn by a fixed seed. */
    Histogram measure(int searches, int k, Consistency consistency) {
        SplittableRandom random = new SplittableRandom(SEED);
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(1), SIGNIFICANT_DIGITS);
        for (int i = -WARM_UP; i < searches; i++) {
            float[] query = words.vector(random.nextInt(words.count()));
            long startNs = System.nanoTime();
            client.search(collection, query, k, consistency);
            long elapsedNs = System.nanoTime() - startNs;
            if (i >= 0) {
                histogram.recordValue(Math.min(elapsedNs, histogram.getHighestTrackableValue()));
            }
        }
        return histogram;
    }
}
