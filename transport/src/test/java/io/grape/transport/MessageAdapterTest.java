package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MessageAdapterTest {
    private static final int LIMIT = 20_000;
    private static final String IPC = "aeron:ipc?term-length=1m";
    private static DriverHandle driver;
    private static int nextStreamId = 100;

    private final List<byte[]> received = new ArrayList<>();

    @BeforeAll
    static void startDriver() {
        driver = DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 1);
    }

    @AfterAll
    static void stopDriver() {
        driver.close();
    }

    private static Aeron aeron() {
        return driver.aeron();
    }

    private boolean collect(DirectBuffer buffer, int offset, int length, int sessionId) {
        byte[] copy = new byte[length];
        buffer.getBytes(offset, copy);
        received.add(copy);
        return true;
    }

    private static byte[] message(long seed, int length) {
        byte[] bytes = new byte[length];
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        random.nextBytes(bytes);
        return bytes;
    }

    private static void send(ExclusivePublication publication, byte[] message) {
        UnsafeBuffer buffer = new UnsafeBuffer(message);
        Polling.until("sent", () -> publication.offer(buffer, 0, message.length) > 0);
    }

    @Test
    void fragmentsBecomeWholeMessagesInTheirOrder() {
        int streamId = nextStreamId++;
        int[] lengths = {1, 1376, 1377, 5000, LIMIT, 17};
        try (MessageAdapter adapter = new MessageAdapter(aeron().addSubscription(IPC, streamId), LIMIT);
                ExclusivePublication publication = aeron().addExclusivePublication(IPC, streamId)) {
            for (int i = 0; i < lengths.length; i++) {
                send(publication, message(i, lengths[i]));
            }
            Polling.until("all messages", () -> {
                adapter.poll(this::collect, 10);
                return received.size() == lengths.length;
            });
        }
        for (int i = 0; i < lengths.length; i++) {
            assertThat(received.get(i)).isEqualTo(message(i, lengths[i]));
        }
    }

    @Test
    void messageThatIsNotTakenIsOfferedAgainUntilItIs() {
        int streamId = nextStreamId++;
        int[] refusals = {3};
        MessageHandler reluctant = (buffer, offset, length, sessionId) ->
                refusals[0]-- > 0 ? false : collect(buffer, offset, length, sessionId);
        try (MessageAdapter adapter = new MessageAdapter(aeron().addSubscription(IPC, streamId), LIMIT);
                ExclusivePublication publication = aeron().addExclusivePublication(IPC, streamId)) {
            send(publication, message(1, 9000));
            send(publication, message(2, 100));
            Polling.until("long and short message", () -> {
                adapter.poll(reluctant, 10);
                if (received.size() == 1 && refusals[0] < 0) {
                    refusals[0] = 3;
                }
                return received.size() == 2;
            });
        }
        assertThat(received).containsExactly(message(1, 9000), message(2, 100));
    }

    @Test
    void messageAboveTheLimitIsCountedAndTheNextOneIsWhole() {
        int streamId = nextStreamId++;
        try (MessageAdapter adapter = new MessageAdapter(aeron().addSubscription(IPC, streamId), 1000);
                ExclusivePublication publication = aeron().addExclusivePublication(IPC, streamId)) {
            send(publication, message(1, 1001));
            send(publication, message(2, 60_000));
            send(publication, message(3, 1000));
            Polling.until("the short message", () -> {
                adapter.poll(this::collect, 100);
                return !received.isEmpty();
            });
            assertThat(adapter.oversizedMessages()).isEqualTo(2);
        }
        assertThat(received).containsExactly(message(3, 1000));
    }

    @Test
    void departureOfASenderIsToldOnce() {
        int streamId = nextStreamId++;
        List<Integer> departed = new ArrayList<>();
        try (MessageAdapter adapter = new MessageAdapter(aeron().addSubscription(IPC, streamId), LIMIT)) {
            adapter.onDeparture(departed::add);
            int leaver;
            ExclusivePublication leaving = aeron().addExclusivePublication(IPC, streamId);
            try (ExclusivePublication staying = aeron().addExclusivePublication(IPC, streamId)) {
                leaver = leaving.sessionId();
                send(leaving, message(1, 3000));
                send(staying, message(2, 3000));
                Polling.until("both", () -> {
                    adapter.poll(this::collect, 10);
                    return received.size() == 2 && adapter.senderCount() == 2;
                });
                leaving.close();
                Polling.until("one departure", () -> {
                    adapter.poll(this::collect, 10);
                    return !departed.isEmpty();
                });
                adapter.poll(this::collect, 10);
                assertThat(departed).containsExactly(leaver);
                assertThat(adapter.senderCount()).isEqualTo(1);
            }
        }
    }
}
