package io.grape.node.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTokensTest {
    @Test
    void stringsComeWithTheirEscapesResolved() throws IOException {
        assertThat(tokens(" \"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9z\"").string()).isEqualTo("a\"\\/\b\f\n\r\t\u00e9z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1.5", "3.25e2", "1E-3"})
    void numbersAreRead(String text) throws IOException {
        assertThat(tokens("\n" + text + ",").number()).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "\"x\"", "true", "null", "[]", "{}", "[1,[2,\"]\"],{}]", "{\"a\":{\"b\":[1]},\"c\":false}"})
    void anyValueCanBeSkipped(String value) throws IOException {
        JsonTokens tokens = tokens(value + " ;");
        tokens.skipValue();
        assertThat(tokens.tryTake(';')).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1",
                "[1;2]",
                "{\"a\" 1}",
                "{1:2}",
                "\"open",
                "\"\\x\"",
                "\"\\u00g0\"",
                "maybe",
                "--1",
                "[1,]"
            })
    void brokenTextIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> tokens(text).skipValue())
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("near character");
    }

    @Test
    void endlessNestingIsRefused() {
        assertThatThrownBy(() -> tokens("[".repeat(100_000)).skipValue()).hasMessageContaining("64 levels");
    }

    @Test
    void theDocumentMayBeLongerThanTheBuffer() throws IOException {
        String longText = "x".repeat(200_000);
        JsonTokens tokens = tokens("[\"" + longText + "\",\"" + longText + "\"");
        tokens.expect('[');
        assertThat(tokens.string()).isEqualTo(longText);
        tokens.expect(',');
        assertThat(tokens.string()).isEqualTo(longText);
        assertThatThrownBy(() -> tokens.expect(']')).hasMessageContaining("near character 40000");
    }

    private static JsonTokens tokens(String text) {
        return new JsonTokens(new StringReader(text));
    }
}
