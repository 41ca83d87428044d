package io.grape.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.transport.driver.IdleMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IdleKeyTest {
    @Test
    void threadsBackOffUnlessTheFileSaysOtherwise() {
        assertThat(idle("node: {id: 0}")).isEqualTo(IdleMode.BACKOFF);
        assertThat(idle("aeron: {idle: yield}")).isEqualTo(IdleMode.YIELD);
        assertThatThrownBy(() -> idle("aeron: {idle: nap}")).hasMessageContaining("nap");
    }

    private static IdleMode idle(String yaml) {
        return NodeConfigFile.parse(yaml, Path.of(".")).aeron().idle();
    }
}
