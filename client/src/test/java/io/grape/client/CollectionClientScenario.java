package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.GroupFrames.Found;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.agrona.ExpandableArrayBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is asked of a collection as a whole, against a scripted node that leads two data groups. */
class CollectionClientScenario extends ClientFixture {
    private GrapeClient connect() {
        cluster.groups = 2;
        startNodes(1);
        return GrapeClient.connect(patient().build());
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<Request> asked(int templateId) {
        return cluster.requests.stream()
                .filter(request -> request.templateId() == templateId)
                .toList();
    }

    @Test
    void countIsTheSumOfTheGroupsAndWaitsInEachForItsOwnPosition() {
        cluster.script = (node, request) -> {
            int group = GroupFrames.groupOf(request);
            node.reply(request, GroupFrames.count(request, group, 70 + group, group * 100L));
        };
        try (GrapeClient client = connect()) {
            CollectionClient words = client.on(WORDS);
            assertThat(words.collection()).isEqualTo(WORDS);
            List<Position> seen = List.of(new Position(1, 11), new Position(2, 22));
            assertThat(words.count(Consistency.atLeast(seen)))
                    .isEqualTo(new CountResult(300, List.of(new Position(1, 71), new Position(2, 72))));
            assertThat(words.count(Consistency.LINEARIZABLE).points()).isEqualTo(300);
        }
        List<String> sent = new ArrayList<>();
        for (Request each : asked(CountDecoder.TEMPLATE_ID)) {
            CountDecoder count = new CountDecoder().wrapAndApplyHeader(each.buffer(), 0, new MessageHeaderDecoder());
            sent.add(count.collectionId() + " " + count.groupId() + " " + count.consistency() + " "
                    + count.minPosition());
        }
        assertThat(sent.subList(0, 2))
                .containsExactlyInAnyOrder("7 1 AT_LEAST_POSITION 11", "7 2 AT_LEAST_POSITION 22");
        assertThat(sent.subList(2, 4)).containsExactlyInAnyOrder("7 1 LINEARIZABLE 0", "7 2 LINEARIZABLE 0");
    }

    @Test
    void oneGroupThatRefusesOrAnswersSomethingElseFailsTheCount() {
        cluster.script = (node, request) -> {
            if (GroupFrames.groupOf(request) == 1) {
                node.reply(request, GroupFrames.count(request, 1, 5, 5));
            } else {
                node.refuse(request, ErrorCode.UNKNOWN_COLLECTION, -1, -1);
            }
        };
        try (GrapeClient client = connect()) {
            CollectionClient words = client.on(WORDS);
            assertCode(ErrorCode.UNKNOWN_COLLECTION, () -> words.count(Consistency.LOCAL));
            cluster.script = FakeNode::acknowledge;
            assertThatThrownBy(() -> words.count(Consistency.LOCAL))
                    .hasMessageContaining("answered by template " + 131)
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        }
    }

    /** Gives ids 3 and 5, then 8, of group 1, and 4 and then nothing of group 2. */
    private static void scroll(FakeNode node, Request request) {
        ScrollDecoder scroll = new ScrollDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
        int group = scroll.groupId();
        boolean isFirst = scroll.fromStart() == BooleanType.TRUE;
        if (group == 1) {
            node.reply(
                    request,
                    isFirst
                            ? GroupFrames.page(request, 1, 901, true, 3, 5)
                            : GroupFrames.page(request, 1, 901, false, 8));
        } else {
            node.reply(
                    request,
                    isFirst ? GroupFrames.page(request, 2, 902, true, 4) : GroupFrames.page(request, 2, 902, false));
        }
    }

    @Test
    void scrollGoesThroughOneGroupAfterTheOtherEachAtItsOwnMoment() {
        cluster.script = CollectionClientScenario::scroll;
        try (GrapeClient client = connect()) {
            Iterable<StoredPoint> points = client.on(WORDS).scroll(2, false, Consistency.LINEARIZABLE);
            assertThat(points).extracting(StoredPoint::idLeast).containsExactly(3L, 5L, 8L, 4L);
            Iterator<StoredPoint> again = points.iterator();
            for (int i = 0; i < 4; i++) {
                assertThat(again.next().version()).isEqualTo(new long[] {30, 50, 80, 40}[i]);
            }
            assertThatThrownBy(again::next).isInstanceOf(NoSuchElementException.class);
        }
        List<String> sent = new ArrayList<>();
        for (Request each : asked(ScrollDecoder.TEMPLATE_ID)) {
            ScrollDecoder scroll = new ScrollDecoder().wrapAndApplyHeader(each.buffer(), 0, new MessageHeaderDecoder());
            sent.add(scroll.groupId() + " " + scroll.fromStart() + " " + scroll.moment() + " after "
                    + scroll.after().least() + " " + scroll.consistency() + " " + scroll.minPosition() + " of "
                    + scroll.pageSize() + " " + scroll.withVectors());
        }
        assertThat(sent).hasSize(8);
        assertThat(sent.subList(0, 4))
                .isEqualTo(sent.subList(4, 8))
                .containsExactly(
                        "1 TRUE -1 after 0 LINEARIZABLE 0 of 2 FALSE",
                        "1 FALSE 901 after 5 AT_LEAST_POSITION 51 of 2 FALSE",
                        "2 TRUE -1 after 0 LINEARIZABLE 0 of 2 FALSE",
                        "2 FALSE 902 after 4 AT_LEAST_POSITION 52 of 2 FALSE");
    }

    @Test
    void aPageNamesWhereTheNextBeginsAndTheLastOfAGroupNamesTheNextGroup() {
        cluster.script = CollectionClientScenario::scroll;
        try (GrapeClient client = connect()) {
            CollectionClient words = client.on(WORDS);
            ScrollPage first = words.scrollPage(ScrollCursor.START, 2, true, Consistency.LOCAL);
            assertThat(first.next()).isEqualTo(new ScrollCursor(901, new Position(1, 51), 0, 5));
            assertThat(first.isLast()).isFalse();
            ScrollPage second = words.scrollPage(first.next(), 2, true, Consistency.LOCAL);
            assertThat(second.next()).isEqualTo(ScrollCursor.startOf(2));
            assertThat(second.isLast()).isFalse();
            ScrollPage third = words.scrollPage(second.next(), 2, true, Consistency.LOCAL);
            ScrollPage fourth = words.scrollPage(third.next(), 2, true, Consistency.LOCAL);
            assertThat(fourth.points()).isEmpty();
            assertThat(fourth.next()).isEqualTo(third.next());
            assertThat(fourth.isLast()).isTrue();
            assertCode(
                    ErrorCode.BATCH_TOO_LARGE,
                    () -> words.scrollPage(ScrollCursor.START, 101, true, Consistency.LOCAL));
            cluster.script = (node, request) -> node.refuse(request, ErrorCode.COMPACTED, -1, -1);
            assertCode(ErrorCode.COMPACTED, () -> words.scrollPage(first.next(), 2, false, Consistency.LOCAL));
        }
    }

    @Test
    void severalSearchesAreMergedQueryByQueryWithTheLargerScoreFirst() {
        cluster.script = (node, request) -> {
            int group = GroupFrames.groupOf(request);
            node.reply(
                    request,
                    group == 1
                            ? GroupFrames.searchBatch(
                                    request,
                                    1,
                                    new Found(10, true, 16, new long[] {1, 2}, new float[] {0.9f, 0.1f}),
                                    new Found(20, true, 0, new long[0], new float[0]))
                            : GroupFrames.searchBatch(
                                    request,
                                    2,
                                    new Found(30, false, 64, new long[] {3, 4}, new float[] {0.5f, 0.4f}),
                                    new Found(40, true, 0, new long[] {5}, new float[] {0.7f})));
        };
        try (GrapeClient client = connect()) {
            List<SearchResult> results =
                    client.on(WORDS).searchBatch(new float[][] {{1, 2}, {3, 4}}, 2, Consistency.LINEARIZABLE);
            List<Position> positions = List.of(new Position(1, 61), new Position(2, 62));
            assertThat(results)
                    .containsExactly(
                            new SearchResult(
                                    List.of(new SearchHit(0, 1, 0.9f, 10), new SearchHit(0, 3, 0.5f, 30)),
                                    new Position(2, 62),
                                    40,
                                    positions,
                                    false,
                                    64),
                            new SearchResult(
                                    List.of(new SearchHit(0, 5, 0.7f, 50)),
                                    new Position(2, 62),
                                    60,
                                    positions,
                                    true,
                                    0));
            CollectionInfo far = new CollectionInfo(8, "far", 2, Metric.EUCLIDEAN, ElementType.FLOAT32, 0);
            List<SearchResult> nearest =
                    client.on(far).searchBatch(new float[][] {{1, 2}, {3, 4}}, 3, true, Consistency.LOCAL);
            assertThat(nearest.get(0).hits()).extracting(SearchHit::idLeast).containsExactly(2L, 4L, 3L);
        }
        List<Request> sent = asked(SearchBatchDecoder.TEMPLATE_ID);
        assertThat(sent).hasSize(4);
        assertThat(sent.subList(0, 2)).allSatisfy(each -> assertQueries(each, 7, 2, BooleanType.FALSE));
        assertThat(sent.subList(2, 4)).allSatisfy(each -> assertQueries(each, 8, 3, BooleanType.TRUE));
    }

    private static void assertQueries(Request request, int collectionId, int k, BooleanType exact) {
        SearchBatchDecoder search =
                new SearchBatchDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
        assertThat(search.collectionId()).isEqualTo(collectionId);
        assertThat(search.k()).isEqualTo(k);
        assertThat(search.dimension()).isEqualTo(2);
        assertThat(search.exact()).isEqualTo(exact);
        assertThat(search.vectorsLength()).isEqualTo(4 * Float.BYTES);
        ExpandableArrayBuffer vectors = new ExpandableArrayBuffer();
        search.getVectors(vectors, 0, 4 * Float.BYTES);
        for (int i = 0; i < 4; i++) {
            assertThat(vectors.getFloat(i * Float.BYTES, ByteOrder.LITTLE_ENDIAN))
                    .isEqualTo(i + 1f);
        }
    }

    @Test
    void searchesThatNoNodeWouldAcceptAreNotSentAndTakeNoPlace() {
        cluster.script = FakeNode::acknowledge;
        CollectionInfo wide = new CollectionInfo(9, "wide", 1000, Metric.COSINE, ElementType.FLOAT32, 0);
        try (GrapeClient client = connect()) {
            assertCode(
                    ErrorCode.DIMENSION_MISMATCH,
                    () -> client.on(WORDS).searchBatch(new float[][] {{1, 2}, {3}}, 1, Consistency.LOCAL));
            assertCode(
                    ErrorCode.BATCH_TOO_LARGE,
                    () -> client.on(WORDS).searchBatch(new float[101][2], 1, Consistency.LOCAL));
            assertCode(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    () -> client.on(wide).searchBatch(new float[20][1000], 1, Consistency.LOCAL));
            assertThat(client.inFlight()).isZero();
        }
        assertThat(asked(SearchBatchDecoder.TEMPLATE_ID)).isEmpty();
    }

    @Test
    void renameIsAWriteOfGroupZeroAndTheNewNameIsFoundAfterIt() {
        cluster.script = (node, request) -> {
            if (request.templateId() == ListCollectionsDecoder.TEMPLATE_ID) {
                node.reply(
                        request,
                        ReplyFrames.collections(request.sessionId(), request.correlationId(), Map.of(7, "wörter")));
            } else {
                node.acknowledge(request);
            }
        };
        try (GrapeClient client = connect()) {
            CollectionInfo renamed = client.on(WORDS).rename("wörter");
            // Each of the two groups says that it holds 5 points.
            assertThat(renamed).isEqualTo(new CollectionInfo(7, "wörter", 2, Metric.COSINE, ElementType.FLOAT32, 10));
            cluster.script = (node, request) -> node.refuse(request, ErrorCode.COLLECTION_EXISTS, -1, -1);
            assertCode(ErrorCode.COLLECTION_EXISTS, () -> client.on(WORDS).rename("other"));
        }
        Request sent = asked(RenameCollectionDecoder.TEMPLATE_ID).get(0);
        assertThat(sent.sequence()).isEqualTo(1);
        RenameCollectionDecoder rename =
                new RenameCollectionDecoder().wrapAndApplyHeader(sent.buffer(), 0, new MessageHeaderDecoder());
        assertThat(rename.collectionId()).isEqualTo(7);
        assertThat(rename.name()).isEqualTo("wörter");
    }
}
