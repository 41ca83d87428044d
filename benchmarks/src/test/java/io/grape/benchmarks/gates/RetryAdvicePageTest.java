package io.grape.benchmarks.gates;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.RetryAdvice;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/errors.md and the Java client say the same of every code. */
class RetryAdvicePageTest {
    private static final int NAME = 2;
    private static final int RETRY = 4;

    @Test
    void thePageAdvisesWhatTheClientDoes() throws IOException {
        Path page = Repository.find().root().resolve("docs").resolve("errors.md");
        List<String[]> rows = Files.readAllLines(page).stream()
                .filter(line -> line.matches("\\| *\\d+ \\|.*"))
                .map(line -> line.split(" *\\| *"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(30).allSatisfy(row -> {
            RetryAdvice advice = RetryAdvice.of(ErrorCode.valueOf(row[NAME]));
            assertThat(row[RETRY].replace("-", "no")).as(row[NAME]).isEqualTo(word(advice));
        });
    }

    private static String word(RetryAdvice advice) {
        return switch (advice) {
            case ANOTHER_NODE -> "elsewhere";
            case LATER -> "later";
            case SAME_SEQUENCE -> "same sequence";
            case READ_BACK, CHANGE_REQUEST, OPERATOR, NEVER -> "no";
        };
    }
}
