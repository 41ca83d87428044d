package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/errors.md has a row for every code, in the order of the schema and with its words, and says what to do. */
class ErrorsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "errors.md");
    private static final int NUMBER = 1;
    private static final int NAME = 2;
    private static final int MEANING = 3;
    private static final int RETRY = 4;
    private static final int ADVICE = 5;

    @Test
    void everyCodeHasItsRow() throws IOException {
        List<String> expected = Schema.load().enums().get("ErrorCode").values().stream()
                .map(code -> code.value() + " " + code.name() + ": " + code.description())
                .toList();
        assertThat(rows())
                .extracting(row -> row[NUMBER] + " " + row[NAME] + ": " + row[MEANING])
                .containsExactlyElementsOf(expected);
    }

    @Test
    void everyRowSaysWhetherARetryHelpsAndWhatToDo() throws IOException {
        assertThat(rows()).allSatisfy(row -> {
            assertThat(row[RETRY]).as(row[NAME]).isIn("-", "no", "elsewhere", "later", "same sequence");
            assertThat(row[ADVICE]).as(row[NAME]).hasSizeGreaterThan(10);
        });
    }

    @Test
    void theGeneratedEnumHasTheSameNumbers() throws IOException {
        assertThat(rows())
                .allSatisfy(row ->
                        assertThat(ErrorCode.valueOf(row[NAME]).value()).isEqualTo(Integer.parseInt(row[NUMBER])));
    }

    private static List<String[]> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| *\\d+ \\|.*"))
                .map(line -> line.split(" *\\| *"))
                .toList();
    }
}
