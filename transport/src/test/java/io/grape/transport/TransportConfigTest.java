package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.IdleMode;
import io.grape.transport.fault.LinkFaults;
import io.grape.transport.fault.SeededLinkFaults;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransportConfigTest {
    private static final Peer PEER = Peer.of(2, "localhost:9002");

    private static void assertRefused(String key, Runnable construction) {
        assertThatThrownBy(construction::run)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageStartingWith(key + ":");
    }

    @Test
    void valuesThatCannotWorkAreRefusedByKey() {
        TransportConfig good = TransportConfig.of(1, "localhost:9001", List.of(PEER));
        assertRefused("endpoint", () -> TransportConfig.of(1, "localhost", List.of()));
        assertRefused("endpoint", () -> TransportConfig.of(1, "localhost:0", List.of()));
        assertRefused("endpoint", () -> TransportConfig.of(1, "localhost|x=1:90", List.of()));
        assertRefused("raftEndpoint", () -> good.withPeerEndpoints("x", "localhost:1"));
        assertRefused("bulkEndpoint", () -> good.withPeerEndpoints("localhost:1", "x"));
        assertRefused("peers", () -> TransportConfig.of(2, "localhost:9001", List.of(PEER)));
        assertRefused("peers", () -> TransportConfig.of(1, "localhost:9001", List.of(PEER, PEER)));
        assertRefused("peers.3", () -> TransportConfig.of(1, "localhost:9001", List.of(Peer.of(3, "nowhere"))));
        assertRefused("peerTermLength", () -> good.withLengths(100_000, 65_536, 4096));
        assertRefused("egressTermLength", () -> good.withLengths(65_536, 32_768, 4096));
        assertRefused("maxMessageLength", () -> good.withLengths(65_536, 65_536, 10));
        assertRefused("aeronDirectory", () -> new DriverConfig(null, true, false, IdleMode.YIELD, 1 << 20, 0));
        assertRefused("socketBufferLength", () -> new DriverConfig(null, false, false, IdleMode.YIELD, 100, 0));
        assertRefused("requiredSpaceBytes", () -> DriverConfig.embedded().withRequiredSpace(-1));
    }

    @Test
    void eachWithChangesOneValueAndKeepsTheRest() {
        TransportConfig before = TransportConfig.of(1, "localhost:9001", List.of(PEER));
        LinkFaults faults = new SeededLinkFaults(1, SeededLinkFaults.Rates.NONE);
        DriverConfig driver = DriverConfig.embedded()
                .withDirectory(Path.of("/x"))
                .withIdleMode(IdleMode.SLEEP)
                .withRequiredSpace(7);
        TransportConfig after = before.withDriver(driver)
                .withPeerEndpoints("localhost:9011", "localhost:9012")
                .withLengths(65_536, 131_072, 4096)
                .withIpcIngress(true)
                .withFaults(faults);
        assertThat(after)
                .isEqualTo(new TransportConfig(
                        1,
                        "localhost:9001",
                        "localhost:9011",
                        "localhost:9012",
                        List.of(PEER),
                        new DriverConfig(
                                Path.of("/x"),
                                false,
                                false,
                                IdleMode.SLEEP,
                                DriverConfig.DEFAULT_SOCKET_BUFFER_LENGTH,
                                7),
                        65_536,
                        131_072,
                        4096,
                        true,
                        faults));
    }
}
