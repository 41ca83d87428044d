package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.Consistency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConversionsTest {
    private final ConsistencyConverter converter = new ConsistencyConverter();

    @Test
    void theThreeConsistenciesAreRead() {
        assertThat(converter.convert("linearizable")).isEqualTo(Consistency.LINEARIZABLE);
        assertThat(converter.convert("local")).isEqualTo(Consistency.LOCAL);
        assertThat(converter.convert("at-least:42")).isEqualTo(new Consistency(Consistency.Kind.AT_LEAST_POSITION, 42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eventual", "at-least:", "at-least:-1", "at-least:9999999999999999999"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void payloadsAreTextIfTheyCanBe() {
        assertThat(Payloads.text(null)).isEmpty();
        assertThat(Payloads.text("caf\u00e9".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("caf\u00e9");
        assertThat(Payloads.text(new byte[] {(byte) 0xC3, 0x28})).isEqualTo("0xc328");
        assertThat(Payloads.text(new byte[] {65, 10})).isEqualTo("0x410a");
    }
}
