package io.grape.node.ingest.format;

import static io.grape.node.ingest.format.Rows.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.grape.codecs.GrapeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFormatsTest {
    @TempDir
    private Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static ReadOptions columns(String id, String vector, String payload) {
        return new ReadOptions(null, id, vector, payload, null, 0);
    }

    @Test
    void everyColumnOfACsvIsAComponentUnlessItIsNamed() throws IOException {
        Path plain = file("plain.csv", "1,2.5\n3,-4e1\n");
        assertThat(Rows.read(plain, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::id, Rows.Seen::vector)
                .containsExactly(tuple(0L, floats(1, 2.5f)), tuple(1L, floats(3, -40)));
        Path named = file("named.csv", "\uFEFFid,x,y,title\r\n7,1,2,\"a, \"\"b\"\"\"\r\n8,3,4,\r\n");
        assertThat(Rows.read(named, columns(null, null, "title")))
                .extracting(Rows.Seen::id, Rows.Seen::vector, Rows.Seen::payload)
                .containsExactly(tuple(7L, floats(1, 2), "a, \"b\""), tuple(8L, floats(3, 4), ""));
        assertThat(Rows.read(named, columns(null, null, "title"), 1))
                .extracting(Rows.Seen::id)
                .containsExactly(8L);
        Path numbered = file("numbered.tsv", "18446744073709551615\t1\t2\n");
        assertThat(Rows.read(numbered, columns("1", null, null)).getFirst().id())
                .isEqualTo(-1L);
    }

    @Test
    void oneColumnMayHoldTheWholeVector() throws IOException {
        Path file = file("v.csv", "id,embedding\n1,\"[1, 2,3]\"\n2,\"4;5;6\"\n3,7 8 9\n4,[]\n");
        assertThat(Rows.read(file, columns("id", "embedding", null)))
                .extracting(Rows.Seen::vector)
                .containsExactly(floats(1, 2, 3), floats(4, 5, 6), floats(7, 8, 9), floats());
    }

    @Test
    void csvRowsThatAreWrongSayWhyAndTheNextIsRead() throws IOException {
        Path file = file("bad.csv", "id,x,y\n1,1,2\nnine,1,2\n3,one,2\n4\n5,5,5\n");
        assertThat(Rows.read(file, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::reason)
                .containsExactly(
                        "",
                        "'nine' is neither a number from 0 to 2^64-1 nor a UUID",
                        "'one' in column 2 is not a number",
                        "",
                        "");
        assertThat(Rows.read(file, ReadOptions.DEFAULTS).get(3).vector()).isEmpty();
        Path narrow = file("narrow.csv", "1,2\n");
        assertThat(Rows.read(narrow, columns("9", null, null)).getFirst().reason())
                .contains("no column 9");
        assertThatThrownBy(() -> Rows.read(file, columns("absent", null, null)))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("no column 'absent'");
        Path open = file("open.csv", "1,\"" + "x".repeat(3 << 20));
        assertThatThrownBy(() -> Rows.read(open, ReadOptions.DEFAULTS))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("open.csv");
    }

    @Test
    void jsonLinesHoldObjectsOrArrays() throws IOException {
        UUID uuid = new UUID(0x1234, 0x5678);
        Path file = file(
                "a.jsonl",
                "{\"id\": 5, \"vector\": [1, 2.5e0], \"payload\": \"text \\u00e4\"}\n\n"
                        + "{\"vector\": [3, 4], \"extra\": {\"vector\": [9]}, \"payload\": {\"a\": [1, {\"b\": 2}]} , \"id\": \""
                        + uuid
                        + "\"}\r\n"
                        + "[5, 6]\n"
                        + "{\"vector\":[7,8],\"payload\": 12.50 }");
        assertThat(Rows.read(file, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::number, Rows.Seen::idMost, Rows.Seen::id, Rows.Seen::vector, Rows.Seen::payload)
                .containsExactly(
                        tuple(0L, 0L, 5L, floats(1, 2.5f), "text ä"),
                        tuple(1L, 0x1234L, 0x5678L, floats(3, 4), "{\"a\": [1, {\"b\": 2}]}"),
                        tuple(2L, 0L, 2L, floats(5, 6), ""),
                        tuple(3L, 0L, 3L, floats(7, 8), "12.50"));
        assertThat(Rows.read(file, ReadOptions.DEFAULTS, 3)).hasSize(1);
    }

    @Test
    void jsonLinesThatAreWrongSayWhyAndTheNextIsRead() throws IOException {
        Path file = file(
                "bad.jsonl",
                "{\"id\": 1, \"vector\": [1, \"2\"]}\n"
                        + "{\"id\": 1.5, \"vector\": [1]}\n"
                        + "{\"id\": 1}\n"
                        + "{\"id\": 1, \"vector\": [1,\n"
                        + "[1] [2]\n"
                        + "17\n"
                        + "{\"id\": -1, \"vector\": [1]}\n"
                        + "{\"id\": 2, \"vector\": 3}\n"
                        + "[1]\n");
        assertThat(Rows.read(file, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("component 1"),
                        reason -> assertThat(reason).contains("'id' is neither"),
                        reason -> assertThat(reason).contains("no 'vector'"),
                        reason -> assertThat(reason).contains("not JSON"),
                        reason -> assertThat(reason).contains("stands after"),
                        reason -> assertThat(reason).contains("neither an object"),
                        reason -> assertThat(reason).contains("'-1'"),
                        reason -> assertThat(reason).contains("not an array"),
                        reason -> assertThat(reason).isEmpty());
        assertThat(Rows.read(file, columns("key", null, null)).getLast().reason())
                .isEmpty();
        Path keyed = file("keyed.jsonl", "{\"vector\":[1]}\n");
        assertThat(Rows.read(keyed, columns("key", null, null)).getFirst().reason())
                .contains("no 'key'");
    }

    @Test
    void aLineLongerThanTheBoundIsGivenBackAndNotKept() throws IOException {
        Path file = directory.resolve("long.jsonl");
        Files.write(file, new byte[LineReader.MAX_LENGTH + 10]);
        Files.writeString(file, "\n[1]", java.nio.file.StandardOpenOption.APPEND);
        assertThat(Rows.read(file, ReadOptions.DEFAULTS))
                .extracting(Rows.Seen::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("longer than"),
                        reason -> assertThat(reason).isEmpty());
    }

    @Test
    void moreComponentsThanThereCanBeAreCountedAndNotKept() throws IOException {
        Path file = file("wide.jsonl", "[" + "1,".repeat(5000) + "1]\n[1]\n");
        try (RowSource source = InputFormat.JSONL.open(file, ReadOptions.DEFAULTS)) {
            InputRow row = new InputRow();
            source.next(row);
            assertThat(row.dimension()).isEqualTo(5001);
            assertThat(row.vector()).hasSize(InputRow.MAX_COMPONENTS);
        }
        assertThat(InputFormat.JSONL.dimension(file, ReadOptions.DEFAULTS)).isEqualTo(1);
        Path none = file("none.jsonl", "{}\n");
        assertThatThrownBy(() -> InputFormat.JSONL.dimension(none, ReadOptions.DEFAULTS))
                .hasMessageContaining("none of its");
        assertThat("ä".getBytes(StandardCharsets.UTF_8)).hasSize(2);
    }
}
