package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.SearchResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.GroupSettings;
import io.grape.node.config.IndexSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.cluster.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards move between the groups of one node while a client writes, reads and searches, and once over a restart. */
class ShardMoveTest {
    private static final int SHARDS = 8;
    private static final int POINTS = 400;

    @TempDir
    private Path directory;

    private final int port = TestPorts.free();

    private GrapeNode launch() {
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
                new GroupSettings(SHARDS, 2),
                IndexSettings.defaults(),
                usual.operation()));
    }

    private GrapeClient connect() {
        return GrapeClient.connect(ClientConfig.builder()
                .endpoint("localhost:" + port)
                .requestTimeout(Duration.ofSeconds(30))
                .build());
    }

    @Test
    void everyAcknowledgedWriteIsThereAfterShardsMovedUnderTheWriter() throws InterruptedException {
        long[] acknowledged = new long[POINTS];
        try (GrapeNode node = launch();
                GrapeClient client = connect()) {
            Await.until("a leader", Duration.ofSeconds(60), () -> node.leaderNodeId() == 0);
            CollectionInfo points = client.createCollection("points", 1, Metric.EUCLIDEAN);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong writes = new AtomicLong();
            Thread writer = new Thread(() -> write(points, acknowledged, stop, writes));
            writer.start();
            Await.until("ten writes", Duration.ofSeconds(60), () -> writes.get() >= 10);
            for (int shard = 0; shard < SHARDS; shard++) {
                move(client, shard, 3 - client.shards().table().groupOf(shard));
                check(client, points);
            }
            move(client, 0, 3 - client.shards().table().groupOf(0));
            stop.set(true);
            writer.join();
            readBack(client, points, acknowledged);
        }
        try (GrapeNode node = launch();
                GrapeClient client = connect()) {
            Await.until("a leader", Duration.ofSeconds(60), () -> node.leaderNodeId() == 0);
            readBack(client, client.collection("points"), acknowledged);
            assertThat(client.shards().table().epoch()).isEqualTo(1 + SHARDS + 1);
        }
    }

    private static void move(GrapeClient client, int shard, int groupId) {
        client.shards().move(shard, groupId);
        Await.until(
                "shard " + shard + " moves",
                Duration.ofSeconds(60),
                () -> client.shards().table().groupOf(shard) == groupId);
    }

    /** Each round stores every point once more, with the round as its payload. */
    private void write(CollectionInfo points, long[] acknowledged, AtomicBoolean stop, AtomicLong writes) {
        try (GrapeClient client = connect()) {
            for (long round = 1; !stop.get() || round == 1; round++) {
                for (int from = 0; from < POINTS; from += 20) {
                    PointBatch batch = new PointBatch(1);
                    for (int id = from; id < from + 20; id++) {
                        batch.add(id, new float[] {id}, Long.toString(round).getBytes(StandardCharsets.US_ASCII));
                    }
                    upsert(client, points, batch);
                    for (int id = from; id < from + 20; id++) {
                        acknowledged[id] = round;
                    }
                    writes.incrementAndGet();
                }
            }
        }
    }

    /** A search sees every point at most once, or says that shards are on their way; then it is asked again. */
    private static void check(GrapeClient client, CollectionInfo points) {
        assertThat(search(client, points, Consistency.LOCAL).hits())
                .extracting(hit -> hit.id())
                .doesNotHaveDuplicates();
    }

    /** A batch whose points part on their way is refused in part and sent again: it stores the same once more. */
    private static void upsert(GrapeClient client, CollectionInfo points, PointBatch batch) {
        Await.until("a batch", Duration.ofSeconds(30), () -> {
            try {
                client.upsert(points, batch);
                return true;
            } catch (GrapeException parted) {
                assertThat(parted.code()).isIn(ErrorCode.NOT_OWNER, ErrorCode.MIGRATING);
                return false;
            }
        });
    }

    private static SearchResult search(GrapeClient client, CollectionInfo points, Consistency consistency) {
        AtomicReference<SearchResult> found = new AtomicReference<>();
        Await.until("a search of all shards", Duration.ofSeconds(30), () -> {
            try {
                found.set(client.search(points, new float[] {200}, POINTS, consistency));
                return true;
            } catch (GrapeException onTheirWay) {
                assertThat(onTheirWay.code()).isIn(ErrorCode.NOT_OWNER, ErrorCode.MIGRATING);
                return false;
            }
        });
        return found.get();
    }

    private static void readBack(GrapeClient client, CollectionInfo points, long[] acknowledged) {
        long[] ids = LongStream.range(0, POINTS).toArray();
        GetResult got = client.get(points, ids, true, Consistency.LINEARIZABLE);
        for (int id = 0; id < POINTS; id++) {
            assertThat(got.points().get(id).isPresent()).as("point %d", id).isTrue();
            assertThat(got.points().get(id).payload())
                    .as("point %d", id)
                    .isEqualTo(Long.toString(acknowledged[id]).getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(search(client, points, Consistency.LINEARIZABLE).hits())
                .extracting(hit -> hit.id())
                .hasSize(POINTS)
                .doesNotHaveDuplicates();
    }
}
