package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClientConfigTest {
    private static void assertRefused(String key, UnaryOperator<ClientConfig.Builder> change) {
        assertThatThrownBy(() -> change.apply(ClientConfig.builder().endpoint("localhost:1"))
                        .build())
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageStartingWith(key + ":");
    }

    @Test
    void valuesThatCannotWorkAreRefusedByKey() {
        assertThatThrownBy(() -> ClientConfig.builder().build()).hasMessageContaining("at least one node");
        assertRefused("endpoints", b -> b.endpoint("localhost"));
        assertRefused("endpoints", b -> b.endpoint("localhost:x"));
        assertRefused("endpoints", b -> b.endpoint("localhost:0"));
        assertRefused("endpoints", b -> b.endpoint("localhost:70000"));
        assertRefused("endpoints", b -> b.endpoint("localhost|mtu=8:1"));
        assertRefused("endpoints", b -> b.endpoint("ipc"));
        assertRefused("firstSequence", b -> b.firstSequence(0));
        assertRefused("responseHost", b -> b.responseHost(" "));
        assertRefused("requestTimeout", b -> b.requestTimeout(Duration.ZERO));
        assertRefused("connectTimeout", b -> b.connectTimeout(Duration.ofMillis(-1)));
        assertRefused("attemptTimeout", b -> b.attemptTimeout(Duration.ZERO));
        assertRefused("maxInFlight", b -> b.maxInFlight(0));
        assertRefused("maxInFlight", b -> b.maxInFlight(257));
    }

    @Test
    void builderSetsWhatItIsTold() {
        ClientConfig config = ClientConfig.builder()
                .endpoints(List.of("a:1", "b:2"))
                .clientId(7)
                .firstSequence(8)
                .aeronDirectory(Path.of("/x"))
                .responseHost("me")
                .requestTimeout(Duration.ofSeconds(1))
                .connectTimeout(Duration.ofSeconds(2))
                .attemptTimeout(Duration.ofSeconds(3))
                .maxInFlight(9)
                .idleStrategy("yield")
                .credentials(new byte[] {1})
                .build();
        assertThat(config.endpoints()).containsExactly("a:1", "b:2");
        assertThat(config.clientId()).isEqualTo(7);
        assertThat(config.firstSequence()).isEqualTo(8);
        assertThat(config.aeronDirectory()).isEqualTo(Path.of("/x"));
        assertThat(config.responseHost()).isEqualTo("me");
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.attemptTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.maxInFlight()).isEqualTo(9);
        assertThat(config.idleStrategy()).isEqualTo("yield");
        assertThat(config.credentials()).containsExactly(1);
        assertThat(config.pinned()).isFalse();
        assertThat(ClientConfig.builder().endpoint("a:1").pinnedEndpoint("b:2").build())
                .satisfies(c -> assertThat(c.pinned()).isTrue())
                .satisfies(c -> assertThat(c.endpoints()).containsExactly("b:2"));
        assertThat(ClientConfig.of("a:1").clientId()).isZero();
    }

    @Test
    void consistencyTakesAPositionOnlyWhereItHasAMeaning() {
        assertThat(Consistency.atLeast(new Position(1, 9)).minPosition(1)).isEqualTo(9);
        assertThatThrownBy(() -> new Consistency(Consistency.Kind.LOCAL, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Consistency.atLeast(new Position(0, -1))).isInstanceOf(IllegalArgumentException.class);
    }
}
