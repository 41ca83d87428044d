package io.grape.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class VirtualNetworkTest {
    private static final long MS = 1_000_000;
    private static final LinkQuality SLOW = new LinkQuality(0, 0, 0, MS, 5 * MS);

    private final VirtualClock clock = new VirtualClock();
    private final VirtualNetwork network = new VirtualNetwork(clock, new SplittableRandom(1));
    private final List<Integer> arrived = new ArrayList<>();

    @Test
    void packetsArriveInOrderAndNotBeforeTheirTime() {
        network.quality(SLOW);
        send(0, 1, 100);
        clock.advance(MS - 1);
        network.deliver(this::onPacket);
        assertThat(arrived).isEmpty();
        deliver(10);
        assertThat(arrived).isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(network.delivered()).isEqualTo(100);
    }

    @Test
    void packetsAreLostDoubledAndReorderedAsOftenAsIsAsked() {
        network.quality(new LinkQuality(100, 100, 300, 0, MS));
        send(0, 1, 2_000);
        deliver(10);
        assertThat(arrived).hasSizeBetween(1_800, 2_150);
        assertThat(arrived.stream().distinct().count()).isBetween(1_700L, 1_880L);
        assertThat(arrived).isNotEqualTo(arrived.stream().sorted().toList());
    }

    @Test
    void aCutLosesWhatIsSentAndWhatIsOnItsWayInOneDirectionOnly() {
        network.quality(SLOW);
        send(0, 1, 5);
        network.cut(0, 1, true);
        send(0, 1, 5);
        send(1, 0, 3);
        deliver(10);
        assertThat(network.isCut(0, 1)).isTrue();
        assertThat(network.isCut(1, 0)).isFalse();
        assertThat(arrived).hasSize(3);
        network.mend();
        send(0, 1, 2);
        deliver(10);
        assertThat(arrived).hasSize(5);
    }

    @Test
    void aResetLosesWhatIsOnItsWayAndBeginsANewStream() {
        network.quality(SLOW);
        send(0, 1, 5);
        int before = network.stream(0, 1);
        network.reset(0, 1);
        send(0, 1, 4);
        deliver(10);
        assertThat(arrived).hasSize(4);
        assertThat(network.stream(0, 1)).isNotEqualTo(before);
    }

    @Test
    void aLinkMayHaveAQualityOfItsOwnUntilAllIsHealed() {
        network.quality(0, 1, new LinkQuality(1000, 0, 0, 0, 0));
        send(0, 1, 5);
        send(0, 2, 5);
        deliver(10);
        assertThat(arrived).hasSize(5);
        network.heal();
        send(0, 1, 5);
        deliver(10);
        assertThat(arrived).hasSize(10);
        assertThat(network.sent()).isEqualTo(15);
    }

    @Test
    void aClockDriftsJumpsAheadAndNeverGoesBack() {
        LocalClock local = new LocalClock(clock, 1_000);
        clock.advance(MS);
        assertThat(local.nanoTime()).isEqualTo(1_000 + MS);
        local.drift(100_000);
        clock.advance(MS);
        assertThat(local.nanoTime()).isEqualTo(1_000 + MS + MS + MS / 10);
        local.drift(-100_000);
        local.jump(5 * MS);
        clock.advance(10 * MS);
        assertThat(local.nanoTime()).isEqualTo(1_000 + 7 * MS + MS / 10 + 9 * MS);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> local.jump(-1)).hasMessageContaining("go back");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> clock.advance(-1))
                .hasMessageContaining("go back");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> local.drift(-1_000_000))
                .hasMessageContaining("run forward");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new LinkQuality(0, 0, 0, 5, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void send(int from, int to, int count) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Integer.BYTES]);
        for (int i = 0; i < count; i++) {
            buffer.putInt(0, i);
            network.send(from, to, 1, buffer, 0, Integer.BYTES);
        }
    }

    private void deliver(long forMs) {
        clock.advance(forMs * MS);
        network.deliver(this::onPacket);
    }

    private void onPacket(int from, int to, int channel, byte[] bytes) {
        arrived.add(new UnsafeBuffer(bytes).getInt(0));
    }
}
