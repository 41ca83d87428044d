package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client against scripted nodes over real Aeron on the loopback. */
class GrapeClientScenario {
    private static final CollectionInfo WORDS =
            new CollectionInfo(7, "words", 2, Metric.COSINE, ElementType.FLOAT32, 0);
    private static DriverHandle driver;

    private final FakeNode.Shared cluster = new FakeNode.Shared();
    private final List<FakeNode> nodes = new ArrayList<>();

    /** Writes down what every callback hears. */
    private static final class Heard implements WriteCallback, SearchCallback, GetCallback {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void onWritten(int groupId, long index, int changed, boolean duplicate) {
            lines.add("written " + index);
        }

        @Override
        public void onHits(HitCursor hits) {
            StringBuilder line = new StringBuilder("hits " + hits.index() + " of " + hits.scanned() + ":");
            while (hits.next()) {
                line.append(' ').append(hits.id()).append('@').append(hits.score());
                line.append('v').append(hits.version());
            }
            lines.add(line.toString());
        }

        @Override
        public void onPoints(PointCursor points) {
            StringBuilder line = new StringBuilder("points " + points.index() + ":");
            while (points.next()) {
                float[] vector = new float[points.dimension()];
                points.copyVector(vector);
                line.append(' ').append(points.id()).append('=');
                line.append(points.isPresent() ? points.version() + Arrays.toString(vector) : "absent");
                line.append(points.payloadLength() > 0 ? "+" + points.payloadLength() : "");
            }
            lines.add(line.toString());
        }

        @Override
        public void onError(ErrorCode code, String text) {
            lines.add(code + " " + text);
        }
    }

    @BeforeAll
    static void startDriver() {
        driver = DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 77);
    }

    @AfterAll
    static void stopDriver() {
        driver.close();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(FakeNode::close);
    }

    private void startNodes(int count) {
        for (int id = 1; id <= count; id++) {
            cluster.endpoints.put(id, Polling.freeEndpoint());
        }
        for (int id = 1; id <= count; id++) {
            nodes.add(new FakeNode(id, cluster, driver));
        }
    }

    private ClientConfig.Builder config() {
        return ClientConfig.builder()
                .endpoint(cluster.endpoints.get(1))
                .aeronDirectory(driver.directory())
                .attemptTimeout(Duration.ofMillis(300))
                .requestTimeout(Duration.ofSeconds(20));
    }

    private static PointBatch batch(long... ids) {
        PointBatch batch = new PointBatch(2);
        for (long id : ids) {
            batch.add(id, new float[] {id, 1});
        }
        return batch;
    }

    @Test
    void writesAndReadsAreAnsweredByTheLeader() {
        startNodes(1);
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
                            ReplyFrames.get(request.sessionId(), request.correlationId(), new long[] {3, 4, 6}, 2));
                case ListCollectionsDecoder.TEMPLATE_ID ->
                    node.reply(
                            request,
                            ReplyFrames.collections(request.sessionId(), request.correlationId(), Map.of(7, "words")));
                default -> node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            assertThat(client.createCollection("words", 2, Metric.COSINE))
                    .isEqualTo(new CollectionInfo(7, "words", 2, Metric.COSINE, ElementType.FLOAT32, 5));
            assertThatThrownBy(() -> client.collection("absent")).hasMessageContaining("no collection 'absent'");
            assertThat(client.upsert(WORDS, batch(1, 2))).isEqualTo(new WriteResult(new Position(0, 2), 1, false));
            assertThat(client.delete(WORDS, 1, 2).position().index()).isEqualTo(3);
            SearchResult found = client.search(WORDS, new float[] {1, 0}, 2, Consistency.LINEARIZABLE);
            assertThat(found.hits()).containsExactly(new SearchHit(0, 4, 0.9f, 1), new SearchHit(0, 9, 0.5f, 2));
            assertThat(found.position()).isEqualTo(new Position(0, 41));
            GetResult got = client.get(WORDS, new long[] {3, 4, 6}, true, Consistency.LOCAL);
            assertThat(got.presentCount()).isEqualTo(2);
            assertThat(got.points().get(0).isPresent()).isFalse();
            assertThat(got.points().get(1).vector()).containsExactly(4, 4);
            assertThat(got.points().get(1).payload()).containsExactly(4);
            assertThat(got.points().get(2).vector()).containsExactly(6, 6);
            assertThat(got.points().get(2).payload()).isNull();
            assertThat(client.status().processId()).isEqualTo(4711);
            client.dropCollection("words");
            assertThat(client.leaderNodeId()).isEqualTo(1);
            assertThat(client.connectedNodeId()).isEqualTo(1);
            assertThat(client.memberIds()).containsExactly(1);
            assertThat(client.lastSequence()).isEqualTo(4);
            assertThat(client.inFlight()).isZero();
        }
        assertThat(cluster.writes()).extracting(Request::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(cluster.writes()).extracting(Request::acknowledgedThrough).containsExactly(0L, 1L, 2L, 3L);
        UpsertDecoder upsert =
                new UpsertDecoder().wrapAndApplyHeader(cluster.writes().get(1).buffer(), 0, new MessageHeaderDecoder());
        assertThat(upsert.collectionId()).isEqualTo(7);
        assertThat(upsert.dimension()).isEqualTo(2);
        assertThat(upsert.points().count()).isEqualTo(2);
    }

    @Test
    void clientConnectedToAFollowerWritesToTheLeader() {
        startNodes(3);
        cluster.leader = 3;
        cluster.script = FakeNode::acknowledge;
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            client.upsert(WORDS, batch(1));
            assertThat(client.leaderNodeId()).isEqualTo(3);
            assertThat(client.connectedNodeId()).isEqualTo(3);
            assertThat(client.memberIds()).containsExactly(1, 2, 3);
        }
        assertThat(cluster.writes()).extracting(Request::nodeId).containsOnly(3);
    }

    @Test
    void lostReplyMakesTheSameSequenceComeAgainAndSuccessIsReportedOnce() {
        startNodes(1);
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        cluster.script = (node, request) -> {
            if (!seen.add(request.sequence())) {
                node.reply(
                        request,
                        ReplyFrames.write(request.sessionId(), request.correlationId(), request.sequence(), 1, true));
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            WriteResult result = client.upsert(WORDS, batch(1));
            assertThat(result.duplicate()).isTrue();
            assertThat(client.resends()).isPositive();
        }
        assertThat(cluster.writes().size()).isGreaterThanOrEqualTo(2);
        assertThat(cluster.writes()).extracting(Request::sequence).containsOnly(1L);
        assertThat(cluster.writes())
                .extracting(Request::clientId)
                .containsOnly(cluster.writes().get(0).clientId());
        assertThat(cluster.writes().get(0).clientId()).isNotZero();
    }

    @Test
    void leaderThatFallsSilentIsLeftAndEveryUnansweredWriteIsSentToTheNextInOrder() {
        startNodes(3);
        cluster.script = (node, request) -> {
            if (node.nodeId() == 2) {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                writes.add(client.upsertAsync(WORDS, batch(i)));
            }
            Polling.until("20 at node 1", () -> cluster.writes().size() >= 20);
            nodes.get(0).deaf(true);
            cluster.leader = 2;
            cluster.term = 2;
            CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
            assertThat(client.leaderNodeId()).isEqualTo(2);
        }
        List<Request> atSecond =
                cluster.writes().stream().filter(w -> w.nodeId() == 2).toList();
        assertThat(atSecond.stream().map(Request::sequence).distinct().toList())
                .isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void refusalByAFollowerIsFollowedAndNotReported() {
        startNodes(2);
        AtomicInteger refusals = new AtomicInteger();
        cluster.script = (node, request) -> {
            if (node.nodeId() == 1) {
                refusals.incrementAndGet();
                cluster.term = 5;
                cluster.leader = 2;
                node.refuse(request, ErrorCode.NOT_LEADER, 0, 2);
            } else {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            assertThat(client.upsert(WORDS, batch(1)).duplicate()).isFalse();
        }
        assertThat(refusals).hasValue(1);
        assertThat(cluster.writes()).extracting(Request::sequence).containsExactly(1L, 1L);
    }

    @Test
    void restartedNodeThatForgotTheSessionGetsANewOneAndTheSameSequence() {
        startNodes(1);
        AtomicInteger arrivals = new AtomicInteger();
        cluster.script = (node, request) -> {
            if (arrivals.incrementAndGet() == 1) {
                node.forgetSessions();
            } else {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            client.upsert(WORDS, batch(1));
        }
        List<Request> writes = cluster.writes();
        assertThat(writes).extracting(Request::sequence).containsOnly(1L);
        assertThat(writes.get(writes.size() - 1).sessionId())
                .isNotEqualTo(writes.get(0).sessionId());
    }

    @Test
    void duplicateAndDisorderedRepliesReachTheirOwnRequestsOnce() {
        startNodes(1);
        List<Request> held = new ArrayList<>();
        cluster.script = (node, request) -> {
            held.add(request);
            if (held.size() == 10) {
                for (int i = 9; i >= 0; i--) {
                    node.acknowledge(held.get(i));
                    node.acknowledge(held.get(i));
                }
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                writes.add(client.upsertAsync(WORDS, batch(i)));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(writes.get(i).join().position().index()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void writeWithoutAnswerFailsAsUnknownAndNeverAsSuccess() {
        startNodes(1);
        try (GrapeClient client = GrapeClient.connect(
                config().requestTimeout(Duration.ofMillis(700)).build())) {
            assertThatThrownBy(() -> client.upsert(WORDS, batch(1)))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT))
                    .hasMessageContaining("the outcome is unknown");
            cluster.script = FakeNode::acknowledge;
            assertThat(client.upsert(WORDS, batch(2)).position().index()).isEqualTo(2);
        }
        Request last = cluster.writes().get(cluster.writes().size() - 1);
        assertThat(last.acknowledgedThrough()).isEqualTo(1);
    }

    @Test
    void oneNodeIsAskedByItself() {
        startNodes(3);
        cluster.script = (node, request) -> {
            if (request.templateId() == GetDecoder.TEMPLATE_ID) {
                node.reply(
                        request,
                        ReplyFrames.get(
                                request.sessionId(), request.correlationId(), new long[] {node.nodeId() * 2L}, 0));
            } else if (request.templateId() == SearchDecoder.TEMPLATE_ID) {
                node.reply(
                        request,
                        ReplyFrames.search(
                                request.sessionId(), request.correlationId(), new long[] {node.nodeId()}, new float[] {1
                                }));
            } else {
                node.reply(
                        request,
                        ReplyFrames.collections(
                                request.sessionId(), request.correlationId(), Map.of(node.nodeId(), "words")));
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            for (int id = 1; id <= 3; id++) {
                NodeClient node = client.node(id);
                assertThat(node.nodeId()).isEqualTo(id);
                assertThat(node.status().nodeId()).isEqualTo(id);
                assertThat(node.get(WORDS, new long[] {id * 2L}, false)
                                .points()
                                .get(0)
                                .version())
                        .isEqualTo(id * 20L);
                assertThat(node.search(WORDS, new float[] {1, 2}, 1)
                                .hits()
                                .get(0)
                                .id())
                        .isEqualTo(id);
                assertThat(node.listCollections().get(0).id()).isEqualTo(id);
            }
            assertThatThrownBy(() -> client.node(9).status()).hasMessageContaining("Node 9 is not a member");
        }
        assertThat(cluster.requests.stream()
                        .filter(r -> r.templateId() == GetDecoder.TEMPLATE_ID)
                        .map(Request::nodeId)
                        .collect(Collectors.toList()))
                .containsExactly(1, 2, 3);
    }

    @Test
    void pinnedClientStaysWithItsNodeAndHearsItsRefusals() {
        startNodes(2);
        cluster.leader = 2;
        cluster.script = (node, request) -> node.refuse(request, ErrorCode.NOT_LEADER, 0, 2);
        ClientConfig pinned = config().pinnedEndpoint(cluster.endpoints.get(1)).build();
        try (GrapeClient client = GrapeClient.connect(pinned)) {
            assertThat(client.status().nodeId()).isEqualTo(1);
            assertThat(client.connectedNodeId()).isEqualTo(1);
            assertThatThrownBy(() -> client.upsert(WORDS, batch(1)))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LEADER));
        }
        assertThat(cluster.requests).extracting(Request::nodeId).containsOnly(1);
    }

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
        cluster.script = FakeNode::acknowledge;
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            CompletableFuture<WriteResult> chained =
                    client.upsertAsync(WORDS, batch(1)).thenApply(first -> client.upsert(WORDS, batch(2)));
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
