package io.grape.benchmarks.vectors.data;

import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.kernel.Kernels;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * Finds the true neighbours of all queries by our exact kernel, and holds a sample of them against a plain float64 loop: two
 * rows may change places only where their distances are equal to seven digits.
 */
final class GroundTruth {
    private static final int BLOCK_ROWS = 1024;
    private static final int CHECK_EVERY = 50;
    private static final double TOLERANCE = 1e-5;

    private final VectorSet set;
    private final FloatRows base;
    private final FloatRows queries;
    private final int stride;

    private GroundTruth(VectorSet set) throws IOException {
        this.set = set;
        this.base = FloatRows.map(set.baseFile(), set.dimension());
        this.queries = FloatRows.map(set.queryFile(), set.dimension());
        this.stride = DistanceKernel.strideBytes(set.dimension());
    }

    /** Writes the truth file. */
    static void write(VectorSet set) throws IOException {
        GroundTruth truth = new GroundTruth(set);
        float[][] keys = new float[set.queries()][VectorSet.TRUTH];
        int[][] nearest = new int[set.queries()][VectorSet.TRUTH];
        truth.scan(keys, nearest);
        ByteBuffer bytes = ByteBuffer.allocate(set.queries() * VectorSet.TRUTH * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int query = 0; query < set.queries(); query++) {
            if (query % CHECK_EVERY == 0) {
                truth.check(query, nearest[query]);
            }
            for (int row : nearest[query]) {
                bytes.putInt(row);
            }
        }
        Files.write(set.truthFile(), bytes.array());
    }

    private void scan(float[][] keys, int[][] nearest) {
        DistanceKernel kernel = Kernels.chosen();
        float[] scores = new float[BLOCK_ROWS];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate((long) BLOCK_ROWS * stride, DistanceKernel.ROW_ALIGNMENT_BYTES);
            MemorySegment query = arena.allocate((long) set.queries() * stride, DistanceKernel.ROW_ALIGNMENT_BYTES);
            for (int i = 0; i < set.queries(); i++) {
                Arrays.fill(keys[i], Float.POSITIVE_INFINITY);
                queries.read(i, query, (long) i * stride);
            }
            for (int first = 0; first < set.rows(); first += BLOCK_ROWS) {
                int count = Math.min(BLOCK_ROWS, set.rows() - first);
                for (int i = 0; i < count; i++) {
                    base.read(first + i, block, (long) i * stride);
                }
                for (int i = 0; i < set.queries(); i++) {
                    score(kernel, query.asSlice((long) i * stride, stride), block, scores);
                    offerAll(scores, first, count, keys[i], nearest[i]);
                }
            }
        }
    }

    private void score(DistanceKernel kernel, MemorySegment query, MemorySegment block, float[] scores) {
        if (set.angular()) {
            kernel.dot(query, block, 0, stride, BLOCK_ROWS, scores);
            for (int i = 0; i < BLOCK_ROWS; i++) {
                scores[i] = -scores[i];
            }
        } else {
            kernel.squaredDistance(query, block, 0, stride, BLOCK_ROWS, scores);
        }
    }

    private static void offerAll(float[] scores, int first, int count, float[] keys, int[] nearest) {
        int last = VectorSet.TRUTH - 1;
        for (int i = 0; i < count; i++) {
            if (scores[i] < keys[last]) {
                int place = last;
                while (place > 0 && scores[i] < keys[place - 1]) {
                    keys[place] = keys[place - 1];
                    nearest[place] = nearest[place - 1];
                    place--;
                }
                keys[place] = scores[i];
                nearest[place] = first + i;
            }
        }
    }

    private void check(int query, int[] nearest) {
        float[] q = new float[set.dimension()];
        float[] row = new float[set.dimension()];
        queries.read(query, q);
        double[] distances = new double[set.rows()];
        for (int i = 0; i < set.rows(); i++) {
            base.read(i, row);
            double sum = 0;
            for (int j = 0; j < q.length; j++) {
                double difference = (double) q[j] - row[j];
                sum += difference * difference;
            }
            distances[i] = sum;
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < VectorSet.TRUTH; i++) {
            double found = distances[nearest[i]];
            if (Math.abs(found - sorted[i]) > TOLERANCE * Math.max(1, sorted[i])) {
                throw new IllegalStateException("query " + query + ": neighbour " + i + " of the exact scan is at "
                        + found + ", that of a float64 scan at " + sorted[i]);
            }
        }
    }
}
