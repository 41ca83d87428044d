package io.grape.client;

import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Scripted nodes over real Aeron on the loopback, and what the tests of the client share. */
abstract class ClientFixture {
    static final CollectionInfo WORDS = new CollectionInfo(7, "words", 2, Metric.COSINE, ElementType.FLOAT32, 0);
    static DriverHandle driver;

    final FakeNode.Shared cluster = new FakeNode.Shared();
    final List<FakeNode> nodes = new ArrayList<>();

    /** Writes down what every callback hears. */
    static final class Heard implements WriteCallback, SearchCallback, GetCallback {
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

    void startNodes(int count) {
        for (int id = 1; id <= count; id++) {
            cluster.endpoints.put(id, Polling.freeEndpoint());
        }
        for (int id = 1; id <= count; id++) {
            nodes.add(new FakeNode(id, cluster, driver));
        }
    }

    ClientConfig.Builder config() {
        return ClientConfig.builder()
                .endpoint(cluster.endpoints.get(1))
                .aeronDirectory(driver.directory())
                .attemptTimeout(Duration.ofMillis(300))
                .requestTimeout(Duration.ofSeconds(20));
    }

    /** As {@link #config}, for tests that count what was sent: nothing is sent again because a machine was slow. */
    ClientConfig.Builder patient() {
        return config().attemptTimeout(Duration.ofSeconds(10));
    }

    static PointBatch batch(long... ids) {
        PointBatch batch = new PointBatch(2);
        for (long id : ids) {
            batch.add(id, new float[] {id, 1});
        }
        return batch;
    }
}
