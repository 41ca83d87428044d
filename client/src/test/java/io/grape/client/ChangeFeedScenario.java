package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.shards.table.FirstTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** The feed of changes against a scripted node that holds a log. */
class ChangeFeedScenario extends ClientFixture {
    /** The five kinds of writes as a log holds them. */
    private static List<byte[]> writes() {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        RequestEncoder encoder = new RequestEncoder();
        List<byte[]> frames = new ArrayList<>();
        PointBatch batch = new PointBatch(2)
                .add(1, new float[] {1, 2}, new byte[] {7, 8})
                .add(new UUID(3, 4), new float[] {5, 6}, null)
                .add(5, new float[] {7, 8}, new byte[] {9});
        frames.add(cut(buffer, encoder.create(buffer, "words", 2, Metric.COSINE)));
        int group = batch.route(FirstTable.of(16, 1, List.of(1)), 7);
        frames.add(cut(buffer, encoder.upsert(buffer, 7, 1, batch, group)));
        frames.add(cut(buffer, encoder.delete(buffer, 7, 1, new long[] {1, 9}, null)));
        frames.add(cut(buffer, CollectionRequests.rename(buffer, 7, "names")));
        frames.add(cut(buffer, encoder.drop(buffer, 7)));
        return frames;
    }

    private static byte[] cut(ExpandableArrayBuffer buffer, int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return frame;
    }

    private static ReadChangesDecoder read(Request request) {
        return new ReadChangesDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
    }

    @Test
    void everyKindOfWriteComesOnceInTheOrderOfTheLog() {
        startNodes(1);
        cluster.script = (node, request) -> node.reply(
                request, GroupFrames.changes(request, 20, 21, read(request).fromIndex(), writes()));
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            ChangeFeed feed = client.changes(new Position(1, 10));
            assertThat(feed.next()).isEqualTo(new Position(1, 10));
            List<Change> changes = feed.poll(Duration.ZERO);
            assertThat(feed.next()).isEqualTo(new Position(1, 21));
            assertThat(changes)
                    .extracting(Change::kind)
                    .containsExactly(
                            Change.Kind.CREATED,
                            Change.Kind.UPSERTED,
                            Change.Kind.DELETED,
                            Change.Kind.RENAMED,
                            Change.Kind.DROPPED);
            assertThat(changes).extracting(each -> each.position().index()).containsExactly(10L, 12L, 14L, 16L, 18L);
            assertThat(changes).extracting(Change::collectionId).containsExactly(-1, 7, 7, 7, 7);
            assertThat(changes).extracting(Change::name).containsExactly("words", "", "", "names", "");
            List<StoredPoint> stored = changes.get(1).points();
            assertThat(stored).extracting(StoredPoint::idMost).containsExactly(0L, 3L, 0L);
            assertThat(stored).extracting(StoredPoint::idLeast).containsExactly(1L, 4L, 5L);
            assertThat(stored).extracting(StoredPoint::version).containsOnly(12L);
            assertThat(stored.get(0).vector()).containsExactly(1, 2);
            assertThat(stored.get(1).vector()).containsExactly(5, 6);
            assertThat(stored.get(2).vector()).containsExactly(7, 8);
            assertThat(stored.get(0).payload()).containsExactly(7, 8);
            assertThat(stored.get(1).payload()).isNull();
            assertThat(stored.get(2).payload()).containsExactly(9);
            List<StoredPoint> removed = changes.get(2).points();
            assertThat(removed).extracting(StoredPoint::idLeast).containsExactly(1L, 9L);
            assertThat(removed).noneMatch(StoredPoint::isPresent);
        }
        ReadChangesDecoder asked = read(cluster.requests.get(0));
        assertThat(asked.groupId()).isEqualTo(1);
        assertThat(asked.fromIndex()).isEqualTo(10);
        assertThat(asked.maxBytes()).isEqualTo(ChangeFeed.PAGE_BYTES);
    }

    @Test
    void pagesWithoutAChangeAreReadOnUntilThereIsOneOrTheLogEnds() {
        startNodes(1);
        cluster.script = (node, request) -> {
            long from = read(request).fromIndex();
            // Entries 1 to 9 changed nothing, entry 9 is read with one that did, and the log ends at 10.
            if (from < 9) {
                node.reply(request, GroupFrames.changes(request, 10, from + 4, from, List.of()));
            } else if (from == 9) {
                node.reply(request, GroupFrames.changes(request, 10, 11, 9, writes().subList(0, 1)));
            } else {
                node.reply(request, GroupFrames.changes(request, 10, 11, 11, List.of()));
            }
        };
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            ChangeFeed feed = client.changes(new Position(1, 1));
            assertThat(feed.poll(Duration.ZERO)).extracting(Change::name).containsExactly("words");
            assertThat(cluster.requests)
                    .extracting(each -> read(each).fromIndex())
                    .containsExactly(1L, 5L, 9L);
            assertThat(feed.poll(Duration.ZERO)).isEmpty();
            assertThat(feed.next()).isEqualTo(new Position(1, 11));
            assertThat(feed.readAsync(new Position(1, 1)).join())
                    .isEqualTo(new ChangesPage(List.of(), new Position(1, 5), false));
            assertThat(feed.next()).isEqualTo(new Position(1, 11));
        }
    }

    @Test
    void aFeedThatWaitsHearsTheFirstChange() {
        startNodes(1);
        cluster.script = (node, request) -> {
            boolean isThere = cluster.requests.size() == 4;
            node.reply(
                    request,
                    isThere
                            ? GroupFrames.changes(request, 1, 2, 1, writes().subList(0, 1))
                            : GroupFrames.changes(request, 0, 1, 1, List.of()));
        };
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            assertThat(client.changes(new Position(1, 1)).poll(Duration.ofSeconds(30)))
                    .extracting(Change::kind)
                    .containsExactly(Change.Kind.CREATED);
        }
        assertThat(cluster.requests.subList(0, 4)).allMatch(each -> read(each).fromIndex() == 1);
    }

    @Test
    void aFeedThatCannotGoOnSaysWhyAndStaysWhereItIs() {
        startNodes(1);
        cluster.script = (node, request) -> node.refuse(request, ErrorCode.COMPACTED, -1, -1);
        try (GrapeClient client = GrapeClient.connect(patient().build())) {
            ChangeFeed feed = client.changes(new Position(1, 3));
            assertThatThrownBy(() -> feed.poll(Duration.ZERO))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPACTED));
            cluster.script = (node, request) -> node.reply(
                    request, GroupFrames.changes(request, 3, 4, 3, List.of(GroupFrames.count(request, 1, 1, 1))));
            assertThatThrownBy(() -> feed.poll(Duration.ZERO))
                    .hasMessageContaining("a change of template 131")
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE));
            assertThat(feed.next()).isEqualTo(new Position(1, 3));
            assertThatThrownBy(() -> client.changes(new Position(1, 0)))
                    .hasMessageContaining("begins at index 1, not 0")
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        }
    }
}
