package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.Metric;
import io.grape.node.request.Requests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientExpiryTest {
    private static final int MAX_CLIENTS = 3;
    private static final long EXPIRY_MS = 1_000;
    private static final float[] VECTOR = {1};

    @TempDir
    Path directory;

    private final Requests requests = new Requests();
    private StateMachines state;

    @BeforeEach
    void open() {
        state = new StateMachines(directory, MAX_CLIENTS);
        state.apply(requests.create(1, 1, "c", 1, Metric.DOT));
    }

    @AfterEach
    void close() {
        state.close();
    }

    /** A write of one point whose client had heard of an index when it sent the write first. */
    private String write(long client, long sequence, long knownIndex) {
        return state.apply(requests.knowing(knownIndex).upsert(client, sequence, 0, 1, 100 + sequence, false, VECTOR));
    }

    private void advance(long elapsedMs) {
        state.apply(requests.timeAdvance(elapsedMs, EXPIRY_MS));
    }

    @Test
    void aClientThatWroteNothingForLongIsForgotten() {
        write(2, 1, 1);
        advance(400);
        advance(400);
        assertThat(state.machine.clientCount()).isEqualTo(2);
        write(2, 2, 2);
        advance(200);
        assertThat(state.machine.clientCount()).isOne();
        advance(400);
        assertThat(state.machine.clientCount()).isOne();
        advance(400);
        assertThat(state.machine.clientCount()).isZero();
    }

    @Test
    void aCopyOfAWriteOfAForgottenClientIsRefusedAlsoForSequenceOne() {
        assertThat(write(2, 1, 1)).isEqualTo("1: 1 at 2");
        assertThat(write(2, 2, 1)).isEqualTo("2: 1 at 3");
        advance(500);
        advance(500);
        assertThat(write(2, 1, 1)).isEqualTo("1: SESSION_EXPIRED");
        assertThat(write(2, 2, 1)).isEqualTo("2: SESSION_EXPIRED");
        assertThat(state.machine.clientCount()).isZero();
    }

    @Test
    void aNewWriteOfAForgottenClientThatHasHeardOfANewerIndexIsApplied() {
        write(2, 1, 1);
        advance(500);
        advance(500);
        assertThat(write(2, 7, 4)).isEqualTo("7: 1 at 5");
        // Its window is open again: an old copy of another sequence still cannot be told from a new write.
        assertThat(write(2, 1, 1)).isEqualTo("1: SESSION_EXPIRED");
        assertThat(write(2, 7, 4)).isEqualTo("7: 1 at 5 again");
        assertThat(write(2, 8, 1)).isEqualTo("8: SESSION_EXPIRED");
        assertThat(write(2, 8, 5)).startsWith("8: 1 at ");
    }

    @Test
    void theClientThatWroteLongestAgoGivesWayToANewOneAndItsCopiesAreRefused() {
        write(2, 1, 1);
        write(3, 1, 1);
        assertThat(write(4, 1, 3)).isEqualTo("1: 1 at 4");
        assertThat(state.machine.clientCount()).isEqualTo(MAX_CLIENTS);
        // Client 1 was forgotten for client 4. It created the collection at index 1 and knew of none.
        assertThat(state.apply(requests.knowing(0).create(1, 1, "c", 1, Metric.DOT)))
                .isEqualTo("1: SESSION_EXPIRED");
        assertThat(write(2, 1, 1)).isEqualTo("1: 1 at 2 again");
    }

    @Test
    void aClientForWhichAnotherGivesWayNeedNotHaveHeardOfThatOnesWrites() {
        write(1, 2, 1);
        write(2, 1, 1);
        write(3, 1, 1);
        write(1, 3, 1);
        assertThat(write(4, 1, 0)).isEqualTo("1: 1 at 6");
        assertThat(write(5, 1, 2)).isEqualTo("1: SESSION_EXPIRED");
    }

    @Test
    void aClientThatDoesNotSayWhatItHeardOfIsRefusedOnceSomeoneWasForgotten() {
        assertThat(write(2, 1, Long.MIN_VALUE)).isEqualTo("1: 1 at 2");
        advance(500);
        advance(500);
        assertThat(write(3, 1, Long.MIN_VALUE)).isEqualTo("1: SESSION_EXPIRED");
    }

    @Test
    void oneEntryCannotMakeEveryClientForgottenWhateverItSays() {
        write(2, 1, 1);
        advance(Long.MAX_VALUE);
        assertThat(state.machine.clientCount()).isEqualTo(2);
        advance(-5);
        state.apply(requests.timeAdvance(1_000_000, 0));
        assertThat(state.machine.clientCount()).isEqualTo(2);
        advance(Long.MAX_VALUE);
        assertThat(state.machine.clientCount()).isZero();
    }

    @Test
    void theHashShowsEveryDifferenceInWhatClientsAreRemembered() {
        try (StateMachines other = new StateMachines(directory.resolve("other"), MAX_CLIENTS)) {
            other.apply(requests.knowing(0).create(1, 1, "c", 1, Metric.DOT));
            assertThat(state.hash()).isEqualTo(other.hash());
            // Refused by the state, so that no point differs.
            state.apply(requests.knowing(0).drop(5, 1, 99));
            other.apply(requests.knowing(0).drop(6, 1, 99));
            assertThat(state.hash()).isNotEqualTo(other.hash());
            state.apply(requests.knowing(0).drop(6, 1, 99));
            other.apply(requests.knowing(0).drop(5, 1, 99));
            assertThat(state.hash()).isNotEqualTo(other.hash());
        }
    }

    @Test
    void theHashShowsTheTimeThatPassedAndWhatWasForgotten() {
        ClientTable table = new ClientTable(1);
        long empty = table.hash();
        table.advance(10, EXPIRY_MS);
        long later = table.hash();
        assertThat(later).isNotEqualTo(empty);
        ClientWindow window = table.window(1, 0);
        assertThat(window).isNotNull();
        table.changed(window, 7);
        table.advance(500, EXPIRY_MS);
        table.advance(500, EXPIRY_MS);
        assertThat(table.size()).isZero();
        ClientTable withoutClients = new ClientTable(1);
        withoutClients.advance(10, EXPIRY_MS);
        assertThat(withoutClients.hash()).isEqualTo(later);
        withoutClients.advance(500, EXPIRY_MS);
        withoutClients.advance(500, EXPIRY_MS);
        assertThat(withoutClients.timeMs()).isEqualTo(table.timeMs());
        assertThat(withoutClients.hash()).isNotEqualTo(table.hash());
    }

    @Test
    void theHashIsThatOfAReplicaThatReadTheStateAndWentOn() {
        try (StateMachines other = new StateMachines(directory.resolve("other"), MAX_CLIENTS)) {
            other.apply(requests.knowing(0).create(1, 1, "c", 1, Metric.DOT));
            for (int client = 2; client < 9; client++) {
                write(client, 1, state.index());
                other.apply(requests);
                advance(300);
                other.apply(requests);
                assertThat(state.hash()).isEqualTo(other.hash());
            }
        }
    }

    @Test
    void whatIsWrittenDownIsReadBackWithTheSameHash() {
        ClientTable table = new ClientTable(2);
        for (long client = 1; client <= 4; client++) {
            ClientWindow window = table.window(client, client);
            assertThat(window).isNotNull();
            window.put(client, client, 3, (short) client);
            table.changed(window, client);
            table.advance(10, EXPIRY_MS);
        }
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        int end = table.encode(bytes, 5);
        ClientTable read = new ClientTable(2);
        read.decode(ByteBuffer.wrap(bytes.byteArray(), 5, end - 5).slice().order(ByteOrder.LITTLE_ENDIAN));
        assertThat(read.hash()).isEqualTo(table.hash());
        assertThat(read.size()).isEqualTo(2);
        assertThat(read.forgottenThrough()).isEqualTo(table.forgottenThrough()).isEqualTo(2);
        assertThat(read.timeMs()).isEqualTo(40);
        assertThat(read.window(4, 4).holds(4)).isTrue();
    }
}
