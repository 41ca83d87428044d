package io.grape.node.demo;

import io.grape.node.demo.data.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Words and their vectors in memory. A word's id is its row: 0 is the most frequent.
 *
 * <p>Immutable; any thread. Needs {@code 4 * count * dimension} bytes of heap.
 */
public final class WordVectors {
    private final String[] words;
    private final float[][] rows;
    private final Map<String, Integer> idOf;

    private WordVectors(String[] words, float[][] rows) {
        this.words = words;
        this.rows = rows;
        this.idOf = HashMap.newHashMap(words.length);
        for (int id = 0; id < words.length; id++) {
            idOf.put(words[id], id);
        }
    }

    /**
     * Reads a vector file.
     *
     * @param limit at most so many words, the first of the file
     * @throws IOException if it cannot be read
     * @throws io.grape.codecs.GrapeException DATA_CORRUPT or DATA_FORMAT_UNSUPPORTED
     */
    public static WordVectors load(Path path, int limit) throws IOException {
        try (VectorFile file = VectorFile.open(path)) {
            int count = Math.min(limit, file.count());
            String[] words = new String[count];
            float[][] rows = new float[count][file.dimension()];
            for (int id = 0; id < count; id++) {
                words[id] = file.label(id);
                file.vector(id, rows[id]);
            }
            return new WordVectors(words, rows);
        }
    }

    /** Returns the number of words. */
    public int count() {
        return words.length;
    }

    /** Returns the components of each vector. */
    public int dimension() {
        return rows[0].length;
    }

    /** Returns the word of an id. */
    public String word(int id) {
        return words[id];
    }

    /** Returns the word of an id as its point carries it. */
    public byte[] payload(int id) {
        return words[id].getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the vector of an id; the caller must not change it. */
    public float[] vector(int id) {
        return rows[id];
    }

    /** Returns the id of a word in any case, or nothing. */
    public OptionalInt id(String word) {
        Integer id = idOf.get(word.strip().toLowerCase(Locale.ROOT));
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
