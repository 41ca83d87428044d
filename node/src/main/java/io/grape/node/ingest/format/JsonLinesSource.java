package io.grape.node.ingest.format;

import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON Lines: an object a line with the fields vector, id and payload, or the array of the vector alone.
 *
 * <p>A payload that is a text is stored as its UTF-8; any other value is stored as the JSON that stands there. Empty lines are
 * no rows. A line that is not such JSON is a row that cannot be used; the next line is read on.
 */
final class JsonLinesSource implements RowSource {
    private final JsonFactory json = new JsonFactory();
    private final CountingInput input;
    private final LineReader lines;
    private final long firstId;
    private final String idField;
    private final boolean needsId;
    private final String vectorField;
    private final String payloadField;
    private long row;

    JsonLinesSource(Path path, ReadOptions options) throws IOException {
        this.firstId = options.firstId();
        this.needsId = options.idColumn() != null;
        this.idField = Objects.requireNonNullElse(options.idColumn(), "id");
        this.vectorField = Objects.requireNonNullElse(options.vectorColumn(), "vector");
        this.payloadField = Objects.requireNonNullElse(options.payloadColumn(), "payload");
        this.input = new CountingInput(path);
        this.lines = new LineReader(input);
    }

    private boolean nextLine() throws IOException {
        boolean found = lines.next();
        while (found && lines.isBlank()) {
            found = lines.next();
        }
        return found;
    }

    @Override
    public boolean next(InputRow into) throws IOException {
        if (!nextLine()) {
            return false;
        }
        into.begin(row++, lines.number(), firstId);
        if (lines.isTooLong()) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "the line is longer than " + LineReader.MAX_LENGTH + " bytes");
            return true;
        }
        try (JsonParser tokens = json.createParser(ObjectReadContext.empty(), lines.bytes(), 0, lines.length())) {
            parse(tokens, into);
            if (into.isUsable() && tokens.nextToken() != null) {
                into.reject(ErrorCode.MALFORMED_MESSAGE, "something stands after the JSON value");
            }
        } catch (JacksonException malformed) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "not JSON: " + malformed.getOriginalMessage());
        }
        return true;
    }

    private void parse(JsonParser tokens, InputRow into) {
        JsonToken first = tokens.nextToken();
        if (first == JsonToken.START_ARRAY) {
            vector(tokens, into);
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "neither an object nor an array");
            return;
        }
        boolean hasId = false;
        boolean hasVector = false;
        while (into.isUsable() && tokens.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = tokens.currentName();
            JsonToken value = tokens.nextToken();
            if (name.equals(vectorField)) {
                hasVector = true;
                into.clearVector();
                if (value == JsonToken.START_ARRAY) {
                    vector(tokens, into);
                } else {
                    into.reject(ErrorCode.MALFORMED_MESSAGE, "'" + vectorField + "' is not an array");
                }
            } else if (name.equals(idField)) {
                hasId = true;
                id(tokens, value, into);
            } else if (name.equals(payloadField)) {
                into.payload(payload(tokens, value));
            } else {
                tokens.skipChildren();
            }
        }
        if (!hasVector) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "there is no '" + vectorField + "'");
        }
        if (needsId && !hasId) {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "there is no '" + idField + "'");
        }
    }

    private static void vector(JsonParser tokens, InputRow into) {
        JsonToken token = tokens.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (token == null || !token.isNumeric()) {
                into.reject(
                        ErrorCode.MALFORMED_MESSAGE,
                        "component " + into.dimension() + " is " + token + " instead of a number");
                return;
            }
            into.add((float) tokens.getDoubleValue());
            token = tokens.nextToken();
        }
    }

    private void id(JsonParser tokens, @Nullable JsonToken value, InputRow into) {
        if (value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_STRING) {
            PointIds.read(tokens.getString(), into);
        } else {
            into.reject(ErrorCode.MALFORMED_MESSAGE, "'" + idField + "' is neither a whole number nor a text");
        }
    }

    private byte @Nullable [] payload(JsonParser tokens, @Nullable JsonToken value) {
        if (value == null || value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value == JsonToken.VALUE_STRING) {
            return tokens.getString().getBytes(StandardCharsets.UTF_8);
        }
        int from = (int) tokens.currentTokenLocation().getByteOffset();
        tokens.skipChildren();
        tokens.getString();
        int to = (int) tokens.currentLocation().getByteOffset();
        return Arrays.copyOfRange(lines.bytes(), from, to);
    }

    @Override
    public void skip(long count) throws IOException {
        for (long i = 0; i < count && nextLine(); i++) {
            row++;
        }
    }

    @Override
    public long rowCount() {
        return -1;
    }

    @Override
    public double fraction() {
        return input.fraction();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
