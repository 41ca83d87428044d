package io.grape.benchmarks.vectors.data;

import io.grape.node.demo.data.VectorFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Prepares sets once; they stay in the work directory. */
public final class VectorSets {
    /** Names that {@link #prepare} knows. */
    public static final List<String> NAMES = List.of("glove-100", "minilm-384", "mnist-784");

    /** Where the tool that embeds glosses leaves them, below the work directory. */
    public static final String GLOSSES = "glosses.f32";

    private static final int QUERIES = 1_000;
    private static final int GLOVE_HELD_OUT = 10_000;
    private static final int GLOVE_DIMENSION = 100;
    private static final int GLOSS_DIMENSION = 384;
    private static final int IMAGE_DIMENSION = 784;
    private static final long SEED = 5;

    private VectorSets() {}

    private interface Source {
        void read(int row, float[] into);
    }

    /**
     * Returns the set, made from the source files if need be.
     *
     * @param data    where {@code bin/fetch-data} leaves its files
     * @param work    where prepared sets and indexes are kept
     * @param maximum most rows; the first of a fixed random order
     * @throws NoSuchFileException naming what has to be fetched first
     * @throws IOException         if files cannot be read or written
     */
    public static VectorSet prepare(String name, Path data, Path work, int maximum) throws IOException {
        return switch (name) {
            case "glove-100" -> glove(name, require(data.resolve("glove.gvec"), "bin/fetch-data"), work, maximum);
            case "minilm-384" -> glosses(name, require(work.resolve(GLOSSES), "grape bench embed"), work, maximum);
            case "mnist-784" ->
                images(
                        name,
                        require(data.resolve("mnist-train.gvec"), "bin/fetch-data"),
                        require(data.resolve("mnist-test.gvec"), "bin/fetch-data"),
                        work,
                        maximum);
            default -> throw new IllegalArgumentException(name + " is none of " + NAMES);
        };
    }

    private static Path require(Path file, String maker) throws NoSuchFileException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "run " + maker + " first");
        }
        return file;
    }

    private static VectorSet glove(String name, Path file, Path work, int maximum) throws IOException {
        try (VectorFile words = VectorFile.open(file)) {
            int[] order = shuffled(words.count());
            int rows = Math.min(maximum, words.count() - GLOVE_HELD_OUT);
            VectorSet set = set(name, GLOVE_DIMENSION, true, rows, work);
            Source queries = (row, into) -> words.vector(order[row], into);
            Source base = (row, into) -> words.vector(order[GLOVE_HELD_OUT + row], into);
            return write(set, base, queries);
        }
    }

    private static VectorSet glosses(String name, Path file, Path work, int maximum) throws IOException {
        FloatRows glosses = FloatRows.map(file, GLOSS_DIMENSION);
        int rows = Math.min(maximum, glosses.count() - QUERIES);
        return write(
                set(name, GLOSS_DIMENSION, true, rows, work),
                (row, into) -> glosses.read(QUERIES + row, into),
                glosses::read);
    }

    private static VectorSet images(String name, Path train, Path test, Path work, int maximum) throws IOException {
        try (VectorFile images = VectorFile.open(train);
                VectorFile others = VectorFile.open(test)) {
            int[] order = shuffled(images.count());
            VectorSet set = set(name, IMAGE_DIMENSION, false, Math.min(maximum, images.count()), work);
            return write(set, (row, into) -> images.vector(order[row], into), others::vector);
        }
    }

    private static VectorSet set(String name, int dimension, boolean angular, int rows, Path work) {
        if (rows < QUERIES) {
            throw new IllegalArgumentException(name + " has " + rows + " rows; at least " + QUERIES + " are needed");
        }
        return new VectorSet(name, dimension, angular, rows, QUERIES, work.resolve(name + "-" + rows));
    }

    private static VectorSet write(VectorSet set, Source base, Source queries) throws IOException {
        // The truth is written last: where it is, the rest is whole.
        if (!Files.exists(set.truthFile())) {
            Files.createDirectories(set.directory());
            writeRows(set, set.baseFile(), base, set.rows());
            writeRows(set, set.queryFile(), queries, set.queries());
            GroundTruth.write(set);
        }
        return set;
    }

    private static void writeRows(VectorSet set, Path file, Source source, int count) throws IOException {
        float[] vector = new float[set.dimension()];
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int row = 0; row < count; row++) {
                source.read(row, vector);
                if (set.angular()) {
                    normalise(vector);
                }
                bytes.asFloatBuffer().put(vector);
                out.write(bytes.array());
            }
        }
    }

    private static void normalise(float[] vector) {
        double squared = 0;
        for (float component : vector) {
            squared += (double) component * component;
        }
        float scale = squared > 0 ? (float) (1 / Math.sqrt(squared)) : 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
    }

    private static int[] shuffled(int count) {
        int[] order = new int[count];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
