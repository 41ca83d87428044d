package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.Change;
import io.grape.client.ChangeFeed;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.PointBatch;
import io.grape.client.Position;
import io.grape.client.ScrollCursor;
import io.grape.client.ScrollPage;
import io.grape.client.SearchResult;
import io.grape.client.StoredPoint;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.GroupSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.Repository;
import io.grape.node.demo.cluster.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Count, scroll, batch search, rename and the change feed, against a node in this process. */
class CollectionOperationsTest {
    @TempDir
    static Path directory;

    private static EmbeddedGrape grape;

    @BeforeAll
    static void start() {
        // Each collection makes files, which takes long where disks are busy.
        grape = EmbeddedGrape.start(
                NodeConfig.single(directory, TestPorts.free()),
                client -> client.requestTimeout(Duration.ofSeconds(60)));
    }

    @AfterAll
    static void stop() {
        grape.close();
    }

    private static CollectionInfo points(String name, int count) {
        CollectionInfo collection = grape.client().createCollection(name, 2, Metric.EUCLIDEAN);
        PointBatch batch = new PointBatch(2);
        // Not in the order of their ids.
        for (int i = 0; i < count; i++) {
            long id = i * 7L % count;
            batch.add(id, new float[] {id, 1}, ("p" + id).getBytes());
        }
        grape.client().upsert(collection, batch);
        return collection;
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static boolean isUnknown(CollectionInfo collection) {
        try {
            grape.client().on(collection).count(Consistency.LINEARIZABLE);
            return false;
        } catch (GrapeException refused) {
            return refused.code() == ErrorCode.UNKNOWN_COLLECTION;
        }
    }

    @Test
    void countsWhatIsLive() {
        CollectionInfo counted = points("counted", 20);
        WriteResult deleted = grape.client().delete(counted, 3, 4, 99);
        assertThat(grape.client().on(counted).count(Consistency.LINEARIZABLE).points())
                .isEqualTo(18);
        assertThat(grape.client()
                        .on(counted)
                        .count(Consistency.atLeast(deleted.position()))
                        .positions()
                        .getFirst()
                        .index())
                .isGreaterThanOrEqualTo(deleted.position().index());
        grape.client().dropCollection("counted");
        // The group that holds the points hears of it from the one that holds the names.
        Await.until("the collection is gone", Duration.ofSeconds(30), () -> isUnknown(counted));
    }

    @Test
    void aScrollGivesEveryPointOnceInOrderAsOfItsFirstPage() {
        CollectionInfo scrolled = points("scrolled", 100);
        UUID uuid = new UUID(-1, 5000);
        grape.client()
                .upsert(
                        scrolled,
                        new PointBatch(2).add(uuid, new float[] {9, 9}, null).add(-1, new float[] {8, 8}));
        var on = grape.client().on(scrolled);

        ScrollPage first = on.scrollPage(ScrollCursor.START, 30, true, Consistency.LINEARIZABLE);
        assertThat(first.points()).hasSize(30);
        assertThat(first.points().get(7).vector()).containsExactly(7, 1);
        assertThat(first.points().get(7).payload()).isEqualTo("p7".getBytes());
        // What is written between the pages is not of their moment.
        grape.client().delete(scrolled, 50, 51);
        grape.client()
                .upsert(
                        scrolled,
                        new PointBatch(2).add(60, new float[] {-60, 0}).add(1000, new float[] {1, 1}));

        List<Long> ids = new ArrayList<>();
        ScrollPage page = first;
        first.points().forEach(point -> ids.add(point.id()));
        while (!page.isLast()) {
            page = on.scrollPage(page.next(), 30, true, Consistency.LOCAL);
            for (StoredPoint point : page.points()) {
                ids.add(point.id());
                if (point.id() == 60) {
                    assertThat(point.vector()).containsExactly(60, 1);
                }
            }
        }
        assertThat(ids).hasSize(102).doesNotHaveDuplicates().contains(50L, 51L).doesNotContain(1000L);
        assertThat(ids.subList(0, 100)).isSorted();
        // Unsigned: the largest number comes last of the numbers, and the UUIDs above them.
        assertThat(ids.subList(100, 102)).containsExactly(-1L, 5000L);

        List<Long> now = new ArrayList<>();
        on.scroll(7, false, Consistency.LINEARIZABLE).forEach(point -> now.add(point.id()));
        assertThat(now).hasSize(101).contains(1000L).doesNotContain(50L, 51L);
    }

    @Test
    void aPageIsCutWhereTheMessageIsFull() {
        CollectionInfo heavy = grape.client().createCollection("heavy", 2, Metric.DOT);
        for (int i = 0; i < 10; i++) {
            grape.client().upsert(heavy, new PointBatch(2).add(i, new float[] {1, 1}, new byte[60_000]));
        }
        ScrollPage page = grape.client().on(heavy).scrollPage(ScrollCursor.START, 10, true, Consistency.LINEARIZABLE);
        assertThat(page.points()).hasSize(2);
        assertThat(page.isLast()).isFalse();
        List<StoredPoint> all = new ArrayList<>();
        grape.client().on(heavy).scroll(10, true, Consistency.LINEARIZABLE).forEach(all::add);
        assertThat(all)
                .hasSize(10)
                .allSatisfy(point -> assertThat(point.payload()).hasSize(60_000));
        assertRefused(
                () -> grape.client().on(heavy).scrollPage(ScrollCursor.START, 100_000, true, Consistency.LOCAL),
                ErrorCode.BATCH_TOO_LARGE);
    }

    @Test
    void severalQueriesInOneRequestGetWhatEachWouldGetAlone() {
        CollectionInfo searched = points("searched", 50);
        float[][] queries = {{3, 1}, {40.2f, 1}, {-5, 1}};
        List<SearchResult> together = grape.client().on(searched).searchBatch(queries, 4, Consistency.LINEARIZABLE);
        assertThat(together).hasSize(3);
        for (int i = 0; i < queries.length; i++) {
            SearchResult alone = grape.client().search(searched, queries[i], 4, Consistency.LOCAL);
            assertThat(together.get(i).hits()).isEqualTo(alone.hits());
            assertThat(together.get(i).scanned()).isEqualTo(alone.scanned());
        }
        var on = grape.client().on(searched);
        assertRefused(() -> on.searchBatch(new float[][] {{1}}, 4, Consistency.LOCAL), ErrorCode.DIMENSION_MISMATCH);
        assertRefused(() -> on.searchBatch(queries, 0, Consistency.LOCAL), ErrorCode.INVALID_K);
        assertRefused(() -> on.searchBatch(new float[200][2], 1000, Consistency.LOCAL), ErrorCode.BATCH_TOO_LARGE);
        assertRefused(() -> on.searchBatch(new float[][] {{1, Float.NaN}}, 4, Consistency.LOCAL), ErrorCode.NOT_FINITE);
    }

    @Test
    void aCollectionGetsAnotherNameAndNothingElseOfItChanges() {
        CollectionInfo before = points("old-name", 5);
        CollectionInfo after = grape.client().on(before).rename("new-name");
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.points()).isEqualTo(5);
        assertRefused(() -> grape.client().collection("old-name"), ErrorCode.UNKNOWN_COLLECTION);
        assertThat(grape.client()
                        .upsert(before, new PointBatch(2).add(99, new float[] {1, 1}))
                        .changed())
                .as("the id is what counts")
                .isOne();
        points("taken", 1);
        assertRefused(() -> grape.client().on(after).rename("taken"), ErrorCode.COLLECTION_EXISTS);
        assertRefused(() -> grape.client().on(after).rename("Not A Name"), ErrorCode.INVALID_COLLECTION);
        assertThat(grape.client().on(after).rename("new-name").id()).isEqualTo(before.id());
    }

    @Test
    void theFeedGivesEachWriteThatChangedSomethingOnceInOrder() {
        CollectionInfo fed = grape.client().createCollection("fed", 2, Metric.EUCLIDEAN);
        WriteResult first = grape.client()
                .upsert(
                        fed,
                        new PointBatch(2)
                                .add(1, new float[] {1, 2}, "one".getBytes())
                                .add(2, new float[] {3, 4}));
        ChangeFeed feed = grape.client().changes(first.position());
        assertRefused(
                () -> grape.client()
                        .upsert(
                                fed,
                                new PointBatch(2).add(1, new float[] {9, 9}).ifVersion(12345)),
                ErrorCode.VERSION_MISMATCH);
        grape.client().delete(fed, 777);
        WriteResult deleted = grape.client().delete(fed, 2);
        grape.client().on(fed).rename("fed-later");
        grape.client().dropCollection("fed-later");

        List<Change> changes = new ArrayList<>();
        while (changes.isEmpty() || changes.getLast().kind() != Change.Kind.DELETED) {
            changes.addAll(feed.poll(Duration.ofSeconds(30)));
        }
        changes.removeIf(change -> change.collectionId() != fed.id());
        assertThat(changes).extracting(Change::kind).containsExactly(Change.Kind.UPSERTED, Change.Kind.DELETED);
        List<Change> ofCollections = new ArrayList<>();
        ChangeFeed metadata = grape.client().changes(new Position(0, 1));
        while (ofCollections.isEmpty()
                || ofCollections.getLast().collectionId() != fed.id()
                || ofCollections.getLast().kind() != Change.Kind.DROPPED) {
            ofCollections.addAll(metadata.poll(Duration.ofSeconds(30)));
        }
        assertThat(ofCollections)
                .extracting(Change::kind, Change::name)
                .contains(
                        Tuple.tuple(Change.Kind.CREATED, "fed"),
                        Tuple.tuple(Change.Kind.RENAMED, "fed-later"),
                        Tuple.tuple(Change.Kind.DROPPED, ""));
        Change upserted = changes.getFirst();
        assertThat(upserted.position()).isEqualTo(first.position());
        assertThat(upserted.points()).extracting(StoredPoint::id).containsExactly(1L, 2L);
        assertThat(upserted.points().getFirst().vector()).containsExactly(1, 2);
        assertThat(upserted.points().getFirst().payload()).isEqualTo("one".getBytes());
        assertThat(upserted.points().getFirst().version())
                .isEqualTo(first.position().index());
        assertThat(changes.get(1).position()).isEqualTo(deleted.position());
        assertThat(changes.get(1).points()).extracting(StoredPoint::id).containsExactly(2L);
    }

    @Test
    void theFeedSaysWhenAPositionIsAheadOrCannotBe() {
        WriteResult now = grape.client().upsert(points("ahead", 1), new PointBatch(2).add(5, new float[] {1, 1}));
        Position next = new Position(now.position().groupId(), now.position().index() + 1);
        assertThat(grape.client().changes(next).poll(Duration.ZERO)).isEmpty();
        assertRefused(() -> grape.client().changes(new Position(0, 0)), ErrorCode.INVALID_CONFIGURATION);
    }

    @Test
    void theExampleOfThePageRuns() throws IOException {
        assertThat(CollectionExample.run(grape.client(), points("films", 3))).isEqualTo(3 + 3 + 2);
        String source =
                Files.readString(Repository.root().resolve("node/src/test/java/io/grape/node/CollectionExample.java"));
        String begin = "// PAGE begins\n";
        String end = "\n        // PAGE ends";
        String shown = source.substring(source.indexOf(begin) + begin.length(), source.indexOf(end))
                .stripIndent();
        assertThat(Files.readString(Repository.root().resolve("docs/collections.md")))
                .contains("```java\n" + shown + "\n```");
    }

    @Test
    void whereTheGroupsAreSeveralTheAnswersAreThoseOfAll() {
        NodeConfig one = NodeConfig.single(directory.resolve("several"), TestPorts.free());
        NodeConfig config = new NodeConfig(
                one.nodeId(),
                one.members(),
                one.dataDirectory(),
                one.syncPolicy(),
                one.timing(),
                one.journal(),
                one.aeron(),
                one.limits(),
                new GroupSettings(1024, 3),
                one.index(),
                one.operation());
        try (EmbeddedGrape several = EmbeddedGrape.start(config)) {
            CollectionInfo spread = several.client().createCollection("spread", 2, Metric.EUCLIDEAN);
            PointBatch batch = new PointBatch(2);
            for (int i = 0; i < 90; i++) {
                batch.add(i, new float[] {i, 1});
            }
            several.client().upsert(spread, batch);
            var on = several.client().on(spread);
            assertThat(on.count(Consistency.LINEARIZABLE).points()).isEqualTo(90);
            assertThat(on.count(Consistency.LINEARIZABLE).positions()).hasSize(3);
            List<Long> ids = new ArrayList<>();
            on.scroll(7, true, Consistency.LINEARIZABLE).forEach(point -> ids.add(point.id()));
            assertThat(ids).hasSize(90).doesNotHaveDuplicates();
            List<SearchResult> found = on.searchBatch(new float[][] {{10, 1}, {70, 1}}, 3, Consistency.LINEARIZABLE);
            assertThat(found.get(0).hits()).extracting(hit -> hit.id()).containsExactlyInAnyOrder(9L, 10L, 11L);
            assertThat(found.get(1).hits().getFirst().id()).isEqualTo(70);
            assertThat(found.get(1).scanned()).isEqualTo(90);
            CollectionInfo renamed = on.rename("spread-later");
            several.client().upsert(renamed, new PointBatch(2).add(1000, new float[] {1, 1}));
            assertThat(on.count(Consistency.LINEARIZABLE).points()).isEqualTo(91);
            for (int groupId : several.client().groupIds()) {
                assertThat(several.client().changes(new Position(groupId, 1)).poll(Duration.ofSeconds(30)))
                        .isNotEmpty()
                        .allSatisfy(change ->
                                assertThat(change.position().groupId()).isEqualTo(groupId));
            }
        }
    }
}
