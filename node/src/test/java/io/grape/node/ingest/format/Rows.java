package io.grape.node.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads whole files for tests. */
final class Rows {
    /** What is left of a row. */
    record Seen(long number, long idMost, long id, List<Float> vector, String payload, String reason) {}

    private Rows() {}

    static List<Seen> read(Path file, ReadOptions options) throws IOException {
        return read(file, options, 0);
    }

    static List<Seen> read(Path file, ReadOptions options, long skip) throws IOException {
        InputFormat format = options.format() != null ? options.format() : InputFormat.detect(file);
        List<Seen> seen = new ArrayList<>();
        try (RowSource source = format.open(file, options)) {
            source.skip(skip);
            InputRow row = new InputRow();
            while (source.next(row)) {
                List<Float> vector = new ArrayList<>();
                for (float component : row.vector()) {
                    vector.add(component);
                }
                byte[] payload = row.payload();
                seen.add(new Seen(
                        row.number(),
                        row.idMost(),
                        row.idLeast(),
                        row.isUsable() ? vector : List.of(),
                        payload == null ? "" : new String(payload, StandardCharsets.UTF_8),
                        row.reason()));
            }
        }
        return seen;
    }

    static List<Float> floats(float... values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return List.of(boxed);
    }
}
