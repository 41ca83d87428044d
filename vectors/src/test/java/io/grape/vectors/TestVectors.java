package io.grape.vectors;

import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Random vectors, small configurations and the float64 reference that the tests share. */
final class TestVectors {
    static final UnsafeBuffer NO_PAYLOAD = new UnsafeBuffer(new byte[0]);
    static final int SEGMENT_ROWS = 64;

    private TestVectors() {}

    static PointStoreConfig config(Path directory, int dimension, Metric metric) {
        return config(directory, dimension, metric, 1L << 28);
    }

    static PointStoreConfig config(Path directory, int dimension, Metric metric, long budgetBytes) {
        return new PointStoreConfig(
                directory,
                new VectorShape(dimension, metric),
                SEGMENT_ROWS,
                1 << 17,
                budgetBytes,
                64,
                path -> Long.MAX_VALUE);
    }

    static float[] random(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    static UnsafeBuffer buffer(float... vector) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[vector.length * Float.BYTES]);
        for (int i = 0; i < vector.length; i++) {
            buffer.putFloat(i * Float.BYTES, vector[i], ByteOrder.LITTLE_ENDIAN);
        }
        return buffer;
    }

    static void put(PointStore store, long id, long version, float... vector) {
        store.upsert(0, id, version, buffer(vector), 0, NO_PAYLOAD, 0, 0);
    }

    /** Score in float64, with the meaning of {@link Searcher#score}. */
    static double score(Metric metric, float[] a, float[] b) {
        double dot = 0;
        double normA = 0;
        double normB = 0;
        double distance = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            normA += (double) a[i] * a[i];
            normB += (double) b[i] * b[i];
            double difference = (double) a[i] - b[i];
            distance += difference * difference;
        }
        return switch (metric) {
            case DOT -> dot;
            case COSINE -> dot / Math.sqrt(normA) / Math.sqrt(normB);
            case EUCLIDEAN -> Math.sqrt(distance);
        };
    }
}
