package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.BatchIngestor;
import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.Position;
import io.grape.client.SearchHit;
import io.grape.client.SearchResult;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.GroupSettings;
import io.grape.node.config.IndexSettings;
import io.grape.node.config.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node whose points are divided over three groups. */
class SeveralGroupsTest {
    private static final int POINTS = 300;

    @TempDir
    private Path directory;

    private final int port = TestPorts.free();

    private GrapeNode launch(int groups) {
        NodeConfig usual = NodeConfig.single(directory, port);
        return GrapeNode.launch(new NodeConfig(
                usual.nodeId(),
                usual.members(),
                usual.dataDirectory(),
                usual.syncPolicy(),
                usual.timing(),
                usual.journal(),
                usual.aeron(),
                usual.limits(),
                new GroupSettings(64, groups),
                IndexSettings.defaults()));
    }

    private GrapeClient connect() {
        return GrapeClient.connect(ClientConfig.builder()
                .endpoint("localhost:" + port)
                .requestTimeout(Duration.ofSeconds(30))
                .build());
    }

    private static PointBatch batch(int from, int to) {
        PointBatch batch = new PointBatch(1);
        for (int id = from; id < to; id++) {
            batch.add(id, new float[] {id}, new byte[] {(byte) id});
        }
        return batch;
    }

    @Test
    void pointsOfAllGroupsAreWrittenReadSearchedAndThereAfterARestart() {
        try (GrapeNode node = launch(3);
                GrapeClient client = connect()) {
            assertThat(client.groupIds()).containsExactly(1, 2, 3);
            CollectionInfo points = client.createCollection("points", 1, Metric.EUCLIDEAN);
            assertThat(node.leaderNodeId()).isZero();
            WriteResult written = client.upsert(points, batch(0, POINTS));
            assertThat(written.changed()).isEqualTo(POINTS);
            assertThat(written.positions()).extracting(Position::groupId).containsExactlyInAnyOrder(1, 2, 3);
            checkAll(client, Consistency.atLeast(written.positions()));
            refusesAConditionOfOneGroupOnly(client, points);
            ingestAndDelete(client, points);
            assertThatThrownBy(() -> client.upsert(
                            new CollectionInfo(99, "no", 1, points.metric(), points.elementType(), 0), batch(0, 1)))
                    .isInstanceOfSatisfying(
                            GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.UNKNOWN_COLLECTION));
        }
        assertThatThrownBy(() -> launch(4).close()).hasMessageContaining("64 shards and 3 groups, not of 64 and 4");
        try (GrapeNode node = launch(3);
                GrapeClient client = connect()) {
            checkAll(client, Consistency.LINEARIZABLE);
            client.dropCollection("points");
            assertThat(client.listCollections()).isEmpty();
            assertThat(client.createCollection("points", 2, Metric.DOT).points())
                    .isZero();
            assertThat(node.checkpointCounters(2).taken()).isNotNegative();
        }
    }

    private static void checkAll(GrapeClient client, Consistency consistency) {
        CollectionInfo points = client.collection("points");
        assertThat(points.points()).isEqualTo(POINTS);
        long[] ids = LongStream.rangeClosed(0, POINTS).map(i -> POINTS - i).toArray();
        GetResult got = client.get(points, ids, true, consistency);
        assertThat(got.points().getFirst().isPresent()).isFalse();
        assertThat(got.presentCount()).isEqualTo(POINTS);
        for (int i = 1; i < ids.length; i++) {
            assertThat(got.points().get(i).vector()).containsExactly(ids[i]);
            assertThat(got.points().get(i).payload()).containsExactly((byte) ids[i]);
        }
        SearchResult near = client.search(points, new float[] {100.25f}, 5, consistency);
        assertThat(near.hits()).extracting(SearchHit::id).containsExactly(100L, 101L, 99L, 102L, 98L);
        assertThat(near.scanned()).as("rows of all groups").isGreaterThanOrEqualTo(POINTS);
        assertThat(near.positions()).hasSize(3);
    }

    /** The batch is atomic in each group: the others' parts are there, and the refusal says so. */
    private static void refusesAConditionOfOneGroupOnly(GrapeClient client, CollectionInfo points) {
        PointBatch batch =
                batch(0, POINTS).add(7, new float[] {7}, new byte[] {7}).ifAbsent();
        assertThatThrownBy(() -> client.upsert(points, batch))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.VERSION_MISMATCH))
                .hasMessageContaining("2 of the 3 groups that the batch was divided over have committed their part");
    }

    private static void ingestAndDelete(GrapeClient client, CollectionInfo points) {
        try (BatchIngestor ingestor = new BatchIngestor(client, points, 50, 4, new Silent())) {
            for (int id = POINTS; id < 2 * POINTS; id++) {
                ingestor.add(id, new float[] {id}, null);
            }
            ingestor.flush();
            assertThat(ingestor.acknowledged()).isEqualTo(POINTS);
        }
        assertThat(client.collection("points").points()).isEqualTo(2 * POINTS);
        long[] ids = LongStream.range(POINTS, 2 * POINTS).toArray();
        assertThat(client.delete(points, ids).changed()).isEqualTo(POINTS);
    }

    private static final class Silent implements BatchIngestor.Listener {
        @Override
        public void onAcknowledged(long[] ids, int count, WriteResult result) {
            assertThat(List.of(1)).hasSize(result.positions().size());
        }

        @Override
        public void onFailed(long[] ids, int count, GrapeException error) {
            throw error;
        }
    }
}
