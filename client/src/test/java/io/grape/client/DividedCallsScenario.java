package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.GroupFrames.Found;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.shards.ShardCover;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** Requests whose points belong to two data groups, against a scripted node that leads both. */
class DividedCallsScenario extends ClientFixture {
    private static final long[] OF_ONE = GroupFrames.idsOf(WORDS.id(), 1, 2);
    private static final long[] OF_TWO = GroupFrames.idsOf(WORDS.id(), 2, 2);

    private GrapeClient connect(int places) {
        cluster.groups = 2;
        startNodes(1);
        return GrapeClient.connect(patient().maxInFlight(places).build());
    }

    private static void commit(FakeNode node, Request request) {
        int group = GroupFrames.groupOf(request);
        node.reply(request, GroupFrames.write(request, group, 100 + group, group + 1, group == 1));
    }

    private Request sentTo(int group) {
        List<Request> sent = cluster.writes().stream()
                .filter(each -> GroupFrames.groupOf(each) == group)
                .toList();
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private static PointBatch mixed() {
        return new PointBatch(2)
                .add(OF_ONE[0], new float[] {1, 2}, new byte[] {1})
                .add(OF_TWO[0], new float[] {3, 4}, new byte[] {2, 3})
                .ifVersion(33)
                .add(OF_ONE[1], new float[] {5, 6})
                .add(OF_TWO[1], new float[] {7, 8}, new byte[] {4});
    }

    @Test
    void eachGroupOfABatchGetsItsOwnPointsWithVectorsPayloadsAndConditions() {
        cluster.script = DividedCallsScenario::commit;
        try (GrapeClient client = connect(8)) {
            WriteResult result = client.upsert(WORDS, mixed());
            assertThat(result.changed()).isEqualTo(5);
            assertThat(result.duplicate()).isTrue();
            assertThat(result.positions())
                    .containsExactlyInAnyOrder(new Position(1, 101), new Position(2, 102))
                    .contains(result.position());
        }
        assertThat(describe(sentTo(1))).isEqualTo(OF_ONE[0] + "/any+1 " + OF_ONE[1] + "/any+0 : 1.0 2.0 5.0 6.0 : 1");
        assertThat(describe(sentTo(2)))
                .isEqualTo(OF_TWO[0] + "/33+2 " + OF_TWO[1] + "/any+1 : 3.0 4.0 7.0 8.0 : 2 3 4");
    }

    private static String describe(Request request) {
        UpsertDecoder upsert = new UpsertDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
        StringBuilder text = new StringBuilder();
        for (UpsertDecoder.PointsDecoder each : upsert.points()) {
            long version = each.expectedVersion();
            text.append(each.id().least()).append('/');
            text.append(version == PointBatch.ANY_VERSION ? "any" : version);
            text.append('+').append(each.payloadLength()).append(' ');
        }
        text.append(':');
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        int length = upsert.vectorsLength();
        upsert.getVectors(bytes, 0, length);
        for (int at = 0; at < length; at += Float.BYTES) {
            text.append(' ').append(bytes.getFloat(at, ByteOrder.LITTLE_ENDIAN));
        }
        text.append(" :");
        length = upsert.payloadsLength();
        upsert.getPayloads(bytes, 0, length);
        for (int at = 0; at < length; at++) {
            text.append(' ').append(bytes.getByte(at));
        }
        return text.toString();
    }

    @Test
    void eachGroupOfADeleteGetsItsIdsWithTheirExpectedVersions() {
        cluster.script = DividedCallsScenario::commit;
        long[] ids = {OF_TWO[1], OF_ONE[0], OF_TWO[0]};
        try (GrapeClient client = connect(8)) {
            assertThat(client.deleteIf(WORDS, ids, new long[] {7, 8, 9}).changed())
                    .isEqualTo(5);
            assertThat(deleted(sentTo(1))).containsExactly(OF_ONE[0], 8L);
            assertThat(deleted(sentTo(2))).containsExactly(OF_TWO[1], 7L, OF_TWO[0], 9L);
            cluster.requests.clear();
            assertThat(client.delete(WORDS, ids).changed()).isEqualTo(5);
            assertThat(deleted(sentTo(1))).containsExactly(OF_ONE[0], PointBatch.ANY_VERSION);
        }
    }

    private static List<Long> deleted(Request request) {
        List<Long> all = new ArrayList<>();
        DeleteDecoder delete = new DeleteDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
        for (DeleteDecoder.PointsDecoder each : delete.points()) {
            all.add(each.id().least());
            all.add(each.expectedVersion());
        }
        return all;
    }

    @Test
    void aGroupThatRefusesItsPartFailsTheBatchWhichSaysHowManyCommitted() {
        cluster.script = (node, request) -> {
            if (GroupFrames.groupOf(request) == 2) {
                node.refuse(request, ErrorCode.VERSION_MISMATCH, -1, -1);
            } else {
                commit(node, request);
            }
        };
        try (GrapeClient client = connect(8)) {
            assertThatThrownBy(() -> client.upsert(WORDS, mixed()))
                    .hasMessageContaining("1 of the 2 groups that the batch was divided over have committed")
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_MISMATCH));
        }
    }

    @Test
    void pointsOfTwoGroupsComeInTheOrderInWhichTheyWereAsked() {
        cluster.script = (node, request) -> {
            boolean isFirst = GroupFrames.groupOf(request) == 1;
            // Their versions are ten times the ids.
            node.reply(
                    request,
                    isFirst
                            ? GroupFrames.page(request, 1, 0, false, OF_ONE)
                            : GroupFrames.page(request, 2, 0, false, OF_TWO[0]));
        };
        try (GrapeClient client = connect(8)) {
            GetResult got = client.get(WORDS, new long[] {OF_ONE[0], OF_TWO[0], OF_ONE[1]}, false, Consistency.LOCAL);
            assertThat(got.points())
                    .extracting(StoredPoint::version)
                    .containsExactly(OF_ONE[0] * 10, OF_TWO[0] * 10, OF_ONE[1] * 10);
            assertThat(got.positions()).containsExactlyInAnyOrder(new Position(1, 51), new Position(2, 52));
        }
    }

    private static void find(FakeNode node, Request request, ShardCover coverOfOne) {
        node.reply(
                request,
                GroupFrames.groupOf(request) == 1
                        ? GroupFrames.search(
                                request, 1, coverOfOne, new Found(10, true, 8, new long[] {1, 2}, new float[] {
                                    0.9f, 0.2f
                                }))
                        : GroupFrames.search(
                                request,
                                2,
                                ShardCover.of(GroupFrames.TWO, 2),
                                new Found(20, false, 32, new long[] {3}, new float[] {0.5f})));
    }

    @Test
    void theNearestOfAllGroupsAreReturnedOnlyIfTheGroupsCoverEveryShard() {
        cluster.script = (node, request) -> find(node, request, ShardCover.of(GroupFrames.TWO, 1));
        try (GrapeClient client = connect(8)) {
            SearchResult found = client.search(WORDS, new float[] {1, 2}, 2, Consistency.LINEARIZABLE);
            assertThat(found.hits()).containsExactly(new SearchHit(0, 1, 0.9f, 10), new SearchHit(0, 3, 0.5f, 30));
            assertThat(found.scanned()).isEqualTo(30);
            assertThat(found.exact()).isFalse();
            assertThat(found.ef()).isEqualTo(32);
            assertThat(found.positions()).containsExactlyInAnyOrder(new Position(1, 41), new Position(2, 42));
            ShardCover oneLess = ShardCover.of(GroupFrames.TWO.withOwner(0, 2), 1);
            cluster.script = (node, request) -> find(node, request, oneLess);
            assertThatThrownBy(() -> client.search(WORDS, new float[] {1, 2}, 2, Consistency.LOCAL))
                    .hasMessageContaining("Group 1 answered for other shards")
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_OWNER));
            cluster.script = FakeNode::acknowledge;
            assertThatThrownBy(() -> client.search(WORDS, new float[] {1, 2}, 2, Consistency.LOCAL))
                    .hasMessageContaining("does not answer this request")
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        }
    }

    @Test
    void aDividedCallbackTakesAllItsPlacesOrNone() {
        List<Request> held = new CopyOnWriteArrayList<>();
        cluster.script = (node, request) -> held.add(request);
        long[] both = {OF_ONE[0], OF_TWO[0]};
        Heard heard = new Heard();
        try (GrapeClient client = connect(3)) {
            CallbackClient callbacks = client.callbacks(Duration.ofSeconds(20));
            assertThat(callbacks.upsert(WORDS, mixed(), heard)).isTrue();
            assertThat(client.inFlight()).isEqualTo(2);
            assertThat(callbacks.upsert(WORDS, mixed(), heard)).isFalse();
            assertThat(callbacks.delete(WORDS, both, heard)).isFalse();
            assertThat(callbacks.get(WORDS, both, false, Consistency.LOCAL, heard))
                    .isFalse();
            assertThat(callbacks.search(WORDS, new float[2], 1, Consistency.LOCAL, heard))
                    .isFalse();
            // The third place was given back each time.
            assertThat(client.inFlight()).isEqualTo(2);
            assertThat(callbacks.delete(WORDS, new long[] {OF_ONE[0]}, heard)).isTrue();
            Polling.until("all three are there", () -> held.size() == 3);
            assertThat(heard.lines).isEmpty();
            held.forEach(each -> commit(nodes.get(0), each));
            Polling.until("two outcomes", () -> heard.lines.size() == 2);
        }
        assertThat(heard.lines).contains("written 101").allMatch(line -> line.startsWith("written 10"));
    }

    @Test
    void aWaitingCallThatNeedsMorePlacesThanThereAreSendsNothing() {
        cluster.groups = 2;
        startNodes(1);
        try (GrapeClient client = GrapeClient.connect(
                patient().maxInFlight(1).requestTimeout(Duration.ofMillis(50)).build())) {
            assertThatThrownBy(() -> client.upsert(WORDS, mixed()))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
            assertThat(client.inFlight()).isZero();
        }
        assertThat(cluster.writes()).isEmpty();
    }
}
