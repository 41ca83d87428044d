package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTest {
    private static final int TERM = 64 * 1024;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aeron:udp?endpoint=localhost:4000",
                "aeron:udp?endpoint=10.1.2.3:1",
                "aeron:udp?endpoint=node-1.example.org:65535",
                "aeron:udp?endpoint=[::1]:4000",
                "aeron:udp?endpoint=223.255.255.255:9"
            })
    void responseChannelThatNamesOneEndpointIsAccepted(String requested) {
        assertThat(Channels.response(requested, TERM, false)).startsWith(requested + "|term-length=65536|mtu=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "aeron:udp",
                "aeron:ipc",
                "aeron:ipc?term-length=1g",
                "aeron-spy:aeron:udp?endpoint=localhost:4000",
                "aeron:udp?endpoint=localhost",
                "aeron:udp?endpoint=:4000",
                "aeron:udp?endpoint=localhost:",
                "aeron:udp?endpoint=localhost:0",
                "aeron:udp?endpoint=localhost:65536",
                "aeron:udp?endpoint=localhost:123456789012",
                "aeron:udp?endpoint=localhost:4x",
                "aeron:udp?endpoint=localhost:4000|term-length=1g",
                "aeron:udp?endpoint=local host:4000",
                "aeron:udp?endpoint=localhost|mdc=x:4000",
                "aeron:udp?endpoint=224.0.1.1:4000",
                "aeron:udp?endpoint=255.255.255.255:4000",
                "aeron:udp?endpoint=[ff02::1]:4000",
                "aeron:udp?control=localhost:4000|control-mode=dynamic"
            })
    void responseChannelThatIsAnythingElseIsRefused(String requested) {
        assertThatThrownBy(() -> Channels.response(requested, TERM, false))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE));
    }

    @Test
    void responseChannelIsBoundedInLength() {
        String longName = "aeron:udp?endpoint=" + "a".repeat(300) + ":4000";
        assertThatThrownBy(() -> Channels.response(longName, TERM, true)).hasMessageContaining("longer than 280");
    }

    @Test
    void ipcIsAnsweredOnlyWhereItIsServed() {
        assertThat(Channels.response("aeron:ipc", TERM, true)).isEqualTo("aeron:ipc?term-length=65536");
        assertThatThrownBy(() -> Channels.response("aeron:ipc", TERM, false)).hasMessageContaining("IPC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1"})
    void loopbackGetsLargePackets(String endpoint) {
        assertThat(Channels.send(endpoint, TERM)).endsWith("|mtu=8192");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:1", "localhost.example.org:1", "127.example.org:1", "[fe80::1]:1"})
    void networkGetsPacketsThatFitIt(String endpoint) {
        assertThat(Channels.send(endpoint, TERM)).endsWith("|mtu=1408");
    }

    @Test
    void endpointsAreResolvedOrRefusedByName() {
        assertThat(Channels.resolve("127.0.0.1:4000").getPort()).isEqualTo(4000);
        assertThatThrownBy(() -> Channels.resolve("localhost")).hasMessageContaining("'localhost' is not host:port");
        assertThatThrownBy(() -> Channels.resolve("no such host.invalid:4000"))
                .hasMessageContaining("is not known")
                .isInstanceOf(GrapeException.class);
    }
}
