package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PeerPublisherTest {
    private static final int TERM = 64 * 1024;
    private static final UnsafeBuffer MESSAGE = new UnsafeBuffer(new byte[TERM]);
    private static DriverHandle driver;

    private long nowNs = Long.MAX_VALUE - 5;

    @BeforeAll
    static void startDriver() {
        driver = DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 2);
    }

    @AfterAll
    static void stopDriver() {
        driver.close();
    }

    private static Aeron aeron() {
        return driver.aeron();
    }

    @Test
    void offersAreNotConnectedUntilThePeerListensAndAreSentThen() {
        String channel = Channels.send(Polling.freeEndpoint(), TERM);
        try (PeerPublisher publisher = new PeerPublisher(aeron(), attempt -> channel, 3, System::nanoTime)) {
            assertThat(publisher.offer(MESSAGE, 0, 8)).isEqualTo(SendOutcome.NOT_CONNECTED);
            assertThat(publisher.isConnected()).isFalse();
            Polling.until("made", () -> {
                publisher.offer(MESSAGE, 0, 8);
                return publisher.maxMessageLength() > 0;
            });
            assertThat(publisher.offer(MESSAGE, 0, 8)).isEqualTo(SendOutcome.NOT_CONNECTED);
            try (Subscription peer = aeron().addSubscription(channel, 3)) {
                Polling.until("sent", () -> publisher.offer(MESSAGE, 0, 8) == SendOutcome.SENT);
                assertThat(publisher.isConnected()).isTrue();
                Polling.until("received", () -> peer.poll((buffer, offset, length, header) -> {}, 10) > 0);
            }
            assertThat(publisher.counters().get(SendOutcome.NOT_CONNECTED)).isGreaterThanOrEqualTo(2);
            assertThat(publisher.counters().get(SendOutcome.SENT)).isEqualTo(1);
            assertThat(publisher.openCount()).isEqualTo(1);
        }
    }

    @Test
    void messageAboveAnEighthOfTheTermIsTooLongAndNoneIsCutShort() {
        String channel = Channels.send(Polling.freeEndpoint(), TERM);
        try (PeerPublisher publisher = new PeerPublisher(aeron(), attempt -> channel, 3, System::nanoTime)) {
            Polling.until("made", () -> {
                publisher.offer(MESSAGE, 0, 8);
                return publisher.maxMessageLength() == TERM / 8;
            });
            assertThat(publisher.offer(MESSAGE, 0, TERM / 8 + 1)).isEqualTo(SendOutcome.TOO_LONG);
            assertThat(publisher.offer(MESSAGE, 0, TERM / 8)).isEqualTo(SendOutcome.NOT_CONNECTED);
        }
    }

    @Test
    void receiverThatDoesNotReadHoldsTheSenderBack() {
        String channel = "aeron:ipc?term-length=" + TERM;
        try (Subscription slow = aeron().addSubscription(channel, 31);
                PeerPublisher publisher = new PeerPublisher(aeron(), attempt -> channel, 31, System::nanoTime)) {
            Polling.until("back-pressure", () -> publisher.offer(MESSAGE, 0, 4096) == SendOutcome.BACK_PRESSURED);
            Polling.until("sent once it reads", () -> {
                slow.poll((buffer, offset, length, header) -> {}, 100);
                return publisher.offer(MESSAGE, 0, 4096) == SendOutcome.SENT;
            });
        }
    }

    @Test
    void streamAtTheEndOfItsPositionsIsOpenedAnew() {
        String fresh = "aeron:ipc?term-length=" + TERM;
        String nearlyUsedUp = fresh + "|init-term-id=0|term-id=2147483647|term-offset=" + (TERM - 4096);
        try (Subscription peer = aeron().addSubscription("aeron:ipc", 32);
                PeerPublisher publisher = new PeerPublisher(
                        aeron(), attempt -> attempt == 0 ? nearlyUsedUp : fresh, 32, System::nanoTime)) {
            Polling.until("end of positions", () -> {
                peer.poll((buffer, offset, length, header) -> {}, 10);
                return publisher.offer(MESSAGE, 0, 1000) == SendOutcome.MAX_POSITION_EXCEEDED;
            });
            Polling.until("sent on a new one", () -> {
                peer.poll((buffer, offset, length, header) -> {}, 10);
                return publisher.offer(MESSAGE, 0, 1000) == SendOutcome.SENT;
            });
            assertThat(publisher.openCount()).isEqualTo(2);
            assertThat(publisher.counters().get(SendOutcome.MAX_POSITION_EXCEEDED))
                    .isEqualTo(1);
        }
    }

    @Test
    void channelThatIsRefusedIsTriedAgainAfterASecondAndNotBefore() {
        try (PeerPublisher publisher =
                new PeerPublisher(aeron(), attempt -> "aeron:udp?endpoint=localhost:1|mtu=7", 33, () -> nowNs)) {
            Polling.until("first refusal", () -> {
                publisher.offer(MESSAGE, 0, 8);
                return publisher.offer(MESSAGE, 0, 8) == SendOutcome.NOT_CONNECTED
                        && publisher.counters().get(SendOutcome.NOT_CONNECTED) > 50;
            });
            assertThat(publisher.openCount()).isEqualTo(1);
            // The refusal arrives when the driver gets to it; the second begins there, so the clock must go on until
            // then.
            Polling.until("second try", () -> {
                nowNs += TimeUnit.MILLISECONDS.toNanos(100);
                publisher.offer(MESSAGE, 0, 8);
                return publisher.openCount() == 2;
            });
        }
    }

    @Test
    void closedPublisherSaysSoAndOpensNothing() {
        PeerPublisher publisher = new PeerPublisher(aeron(), attempt -> "aeron:ipc", 34, System::nanoTime);
        publisher.offer(MESSAGE, 0, 8);
        publisher.close();
        publisher.close();
        assertThat(publisher.offer(MESSAGE, 0, 8)).isEqualTo(SendOutcome.CLOSED);
        assertThat(publisher.openCount()).isEqualTo(1);
    }
}
