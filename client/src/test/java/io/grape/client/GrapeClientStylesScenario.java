package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The ways to call the client against scripted nodes: batches, callbacks, shared memory, refusals, close. */
class GrapeClientStylesScenario extends ClientFixture {
    @Test
    void ingestorCountsEachIdOnceAndKeepsItsBound() {
        startNodes(1);
        cluster.script = (node, request) -> {
            if (request.sequence() % 7 == 3) {
                node.refuse(request, ErrorCode.NOT_FINITE, -1, -1);
            } else {
                node.acknowledge(request);
            }
        };
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        Set<Long> failed = ConcurrentHashMap.newKeySet();
        BatchIngestor.Listener listener = new BatchIngestor.Listener() {
            @Override
            public void onAcknowledged(long[] ids, int count, WriteResult result) {
                LongStream.of(ids)
                        .limit(count)
                        .forEach(id -> assertThat(acknowledged.add(id)).isTrue());
            }

            @Override
            public void onFailed(long[] ids, int count, GrapeException error) {
                assertThat(error.code()).isEqualTo(ErrorCode.NOT_FINITE);
                LongStream.of(ids).limit(count).forEach(failed::add);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().maxInFlight(8).build());
                BatchIngestor ingestor = new BatchIngestor(client, WORDS, 10, 4, listener)) {
            byte[] large = new byte[40 * 1024];
            for (long id = 0; id < 205; id++) {
                ingestor.add(id, new float[] {id, 1}, id % 50 == 0 ? large : null);
            }
            assertThatThrownBy(() -> ingestor.add(1000, new float[2], new byte[64 * 1024]))
                    .hasMessageContaining("does not fit one message");
            ingestor.flush();
            assertThat(ingestor.acknowledged() + ingestor.failed()).isEqualTo(205);
            assertThat(ingestor.acknowledged()).isEqualTo(acknowledged.size());
            assertThat(failed).isNotEmpty().doesNotContainAnyElementsOf(acknowledged);
        }
        assertThat(cluster.writes())
                .allSatisfy(
                        w -> assertThat(w.sequence() - w.acknowledgedThrough()).isLessThanOrEqualTo(4));
    }

    @Test
    void nodeOfTheSameDriverIsReachedOverSharedMemoryAndTheOthersOverUdp() {
        startNodes(1);
        cluster.script = FakeNode::acknowledge;
        ClientConfig ipc = ClientConfig.builder().ipc(driver.directory()).build();
        try (GrapeClient client = GrapeClient.connect(ipc);
                GrapeClient other = GrapeClient.connect(ipc)) {
            assertThat(client.upsert(WORDS, batch(1)).position().index()).isEqualTo(1);
            assertThat(other.upsert(WORDS, batch(2)).position().index()).isEqualTo(1);
        }
        assertThat(cluster.connects).allSatisfy(channel -> assertThat(channel).isEqualTo("aeron:ipc"));
    }

    @Test
    void callbacksHearEachOutcomeOnceAndAFullClientSaysSo() {
        startNodes(1);
        List<Request> held = new CopyOnWriteArrayList<>();
        cluster.script = (node, request) -> {
            switch (request.templateId()) {
                case SearchDecoder.TEMPLATE_ID ->
                    node.reply(
                            request,
                            ReplyFrames.search(
                                    request.sessionId(), request.correlationId(), new long[] {4, 9}, new float[] {
                                        0.9f, 0.5f
                                    }));
                case GetDecoder.TEMPLATE_ID ->
                    node.reply(
                            request,
                            ReplyFrames.get(request.sessionId(), request.correlationId(), new long[] {3, 4}, 2));
                case DeleteDecoder.TEMPLATE_ID -> node.refuse(request, ErrorCode.UNKNOWN_COLLECTION, -1, -1);
                default -> held.add(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().maxInFlight(2).build())) {
            CallbackClient callbacks = client.callbacks(Duration.ofSeconds(20));
            Heard heard = new Heard();
            assertThat(callbacks.search(WORDS, new float[] {1, 0}, 2, Consistency.LOCAL, heard))
                    .isTrue();
            Polling.until("hits", () -> heard.lines.size() == 1);
            assertThat(callbacks.get(WORDS, new long[] {3, 4}, true, Consistency.LINEARIZABLE, heard))
                    .isTrue();
            Polling.until("points", () -> heard.lines.size() == 2);
            assertThat(callbacks.delete(WORDS, new long[] {1}, heard)).isTrue();
            Polling.until("refusal", () -> heard.lines.size() == 3);
            assertThat(callbacks.upsert(WORDS, batch(1), heard)).isTrue();
            assertThat(callbacks.upsert(WORDS, batch(2), heard)).isTrue();
            assertThat(callbacks.upsert(WORDS, batch(3), heard)).isFalse();
            assertThat(callbacks.search(WORDS, new float[2], 1, Consistency.LOCAL, heard))
                    .isFalse();
            assertThat(callbacks.get(WORDS, new long[1], false, Consistency.LOCAL, heard))
                    .isFalse();
            assertThat(callbacks.delete(WORDS, new long[1], heard)).isFalse();
            Polling.until("both are there", () -> held.size() == 2);
            held.forEach(nodes.get(0)::acknowledge);
            Polling.until("both outcomes", () -> heard.lines.size() == 5);
            // The refused delete had sequence 1.
            assertThat(heard.lines)
                    .containsExactly(
                            "hits 41 of 1000: 4@0.9v1 9@0.5v2",
                            "points 42: 3=absent 4=40[4.0, 4.0]+1",
                            "UNKNOWN_COLLECTION no: UNKNOWN_COLLECTION",
                            "written 2",
                            "written 3");
        }
    }

    @Test
    void conditionalWritesAreSentAndRefusedAlikeInAllThreeStyles() {
        startNodes(1);
        cluster.script = (node, request) -> node.refuse(request, ErrorCode.VERSION_MISMATCH, -1, -1);
        PointBatch batch =
                batch(1).ifVersion(17).add(2, new float[2]).ifAbsent().add(3, new float[2]);
        long[] ids = {4, 5};
        long[] versions = {18, PointBatch.ANY_VERSION};
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            assertMismatch(() -> client.upsert(WORDS, batch));
            assertMismatch(() -> client.deleteIf(WORDS, ids, versions));
            assertMismatch(() -> GrapeClient.await(client.upsertAsync(WORDS, batch)));
            assertMismatch(() -> GrapeClient.await(client.deleteIfAsync(WORDS, ids, versions)));
            CallbackClient callbacks = client.callbacks(Duration.ofSeconds(20));
            Heard heard = new Heard();
            assertThat(callbacks.upsert(WORDS, batch, heard)).isTrue();
            assertThat(callbacks.deleteIf(WORDS, ids, versions, heard)).isTrue();
            Polling.until("both outcomes", () -> heard.lines.size() == 2);
            assertThat(heard.lines).containsOnly("VERSION_MISMATCH no: VERSION_MISMATCH");
            assertThatThrownBy(() -> client.deleteIf(WORDS, ids, new long[1])).hasMessageContaining("1 versions");
            assertThatThrownBy(() -> batch(1).ifVersion(-2)).hasMessageContaining("-2 is no version");
        }
        assertThat(cluster.writes())
                .extracting(GrapeClientStylesScenario::expectedVersions)
                .containsExactlyInAnyOrder(
                        List.of(17L, -1L, PointBatch.ANY_VERSION),
                        List.of(17L, -1L, PointBatch.ANY_VERSION),
                        List.of(17L, -1L, PointBatch.ANY_VERSION),
                        List.of(18L, PointBatch.ANY_VERSION),
                        List.of(18L, PointBatch.ANY_VERSION),
                        List.of(18L, PointBatch.ANY_VERSION));
    }

    private static void assertMismatch(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_MISMATCH));
    }

    private static List<Long> expectedVersions(Request request) {
        List<Long> versions = new ArrayList<>();
        if (request.templateId() == DeleteDecoder.TEMPLATE_ID) {
            new DeleteDecoder()
                    .wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder())
                    .points()
                    .forEach(point -> versions.add(point.expectedVersion()));
        } else {
            new UpsertDecoder()
                    .wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder())
                    .points()
                    .forEach(point -> versions.add(point.expectedVersion()));
        }
        return versions;
    }

    @Test
    void closeFailsWhatIsInFlightAndTellsTheNode() {
        startNodes(1);
        GrapeClient client = GrapeClient.connect(config().build());
        CompletableFuture<WriteResult> write = client.upsertAsync(WORDS, batch(1));
        Polling.until("it is there", () -> !cluster.writes().isEmpty());
        client.close();
        client.close();
        assertThatThrownBy(() -> GrapeClient.await(write))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLIENT_CLOSED));
        assertThatThrownBy(() -> client.upsertAsync(WORDS, batch(1))).hasMessageContaining("closed");
        Polling.until(
                "the node heard",
                () -> cluster.requests.stream().anyMatch(r -> r.templateId() == SessionCloseDecoder.TEMPLATE_ID));
    }

    @Test
    void blockingCallFromTheClientsOwnThreadIsRefused() {
        startNodes(1);
        // The answer must not come before there is somebody to chain on it, or the test's own thread would run that.
        AtomicBoolean isChained = new AtomicBoolean();
        cluster.script = (node, request) -> {
            if (isChained.get()) {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            CompletableFuture<WriteResult> chained =
                    client.upsertAsync(WORDS, batch(1)).thenApply(first -> client.upsert(WORDS, batch(2)));
            isChained.set(true);
            assertThatThrownBy(chained::join).hasRootCauseInstanceOf(IllegalStateException.class);
            CompletableFuture<WriteResult> composed =
                    client.upsertAsync(WORDS, batch(1)).thenCompose(first -> client.upsertAsync(WORDS, batch(2)));
            assertThat(composed.join().position().index()).isEqualTo(3);
        }
    }

    @Test
    void refusedSessionAndSilenceAreToldByTheirCodes() {
        startNodes(1);
        nodes.get(0).refuse(ErrorCode.AUTHENTICATION_FAILED);
        assertThatThrownBy(() -> GrapeClient.connect(config().build()))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED));
        ClientConfig nobody = ClientConfig.builder()
                .endpoint(Polling.freeEndpoint())
                .aeronDirectory(driver.directory())
                .connectTimeout(Duration.ofMillis(200))
                .build();
        assertThatThrownBy(() -> GrapeClient.connect(nobody))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT))
                .hasMessageContaining(nobody.endpoints().get(0));
    }

    @Test
    void whatNoNodeWouldAcceptIsRefusedBeforeItIsSent() {
        startNodes(1);
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            assertThatThrownBy(() -> client.upsert(WORDS, new PointBatch(2))).hasMessageContaining("no point");
            assertThatThrownBy(() -> client.upsert(WORDS, new PointBatch(3).add(1, new float[3])))
                    .hasMessageContaining("has 3 components");
            assertThatThrownBy(() ->
                            client.upsert(WORDS, batch(LongStream.range(0, 101).toArray())))
                    .hasMessageContaining("more than the 100");
            assertThatThrownBy(() -> client.upsert(WORDS, new PointBatch(2).add(1, new float[2], new byte[70_000])))
                    .hasMessageContaining("65536 in one message");
            assertThatThrownBy(() -> client.delete(WORDS)).hasMessageContaining("at least one id");
            assertThatThrownBy(() -> client.get(WORDS, new long[70_000], false, Consistency.LOCAL))
                    .hasMessageContaining("70000 points");
            assertThatThrownBy(() -> client.search(WORDS, new float[3], 1, Consistency.LOCAL))
                    .hasMessageContaining("The query has 3");
        }
        assertThat(cluster.writes()).isEmpty();
    }
}
