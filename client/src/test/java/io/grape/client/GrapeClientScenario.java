package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The client against scripted nodes: leaders that change, answers that get lost. */
class GrapeClientScenario extends ClientFixture {
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
                case CreateCollectionDecoder.TEMPLATE_ID ->
                    node.reply(
                            request,
                            ReplyFrames.write(
                                    request.sessionId(), request.correlationId(), request.sequence(), 7, false));
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
    void aWriteThatANodeDoesNotOwnIsSentAgainByTheTableUnderItsSequence() {
        startNodes(1);
        Set<Long> refused = ConcurrentHashMap.newKeySet();
        cluster.script = (node, request) -> {
            if (refused.add(request.sequence())) {
                node.refuse(request, ErrorCode.NOT_OWNER, 0, -1);
            } else {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = GrapeClient.connect(config().build())) {
            assertThat(client.groupIds()).containsExactly(1);
            assertThat(client.upsert(WORDS, batch(1)).duplicate()).isFalse();
        }
        assertThat(cluster.writes()).hasSize(2);
        assertThat(cluster.writes()).extracting(Request::sequence).containsOnly(1L);
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
}
