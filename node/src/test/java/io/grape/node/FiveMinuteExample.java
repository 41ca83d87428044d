package io.grape.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.SearchHit;
import io.grape.client.WriteResult;
import io.grape.codecs.sbe.Metric;

/** The example of the README: what stands between the marks is what the README shows, and a test runs it. */
final class FiveMinuteExample {
    private FiveMinuteExample() {}

    static void run(String endpoint) {
        // README begins
        try (GrapeClient client = GrapeClient.connect(ClientConfig.of(endpoint))) {
            CollectionInfo films = client.createCollection("films", 3, Metric.COSINE);

            PointBatch batch = new PointBatch(films.dimension())
                    .add(1, new float[] {0.9f, 0.1f, 0.0f}, "Alien".getBytes(UTF_8))
                    .add(2, new float[] {0.8f, 0.0f, 0.3f}, "Blade Runner".getBytes(UTF_8))
                    .add(3, new float[] {0.0f, 0.9f, 0.2f}, "Amelie".getBytes(UTF_8));
            WriteResult written = client.upsert(films, batch); // returns when a majority has it on disk

            float[] query = {1.0f, 0.0f, 0.1f};
            for (SearchHit hit :
                    client.search(films, query, 2, Consistency.LINEARIZABLE).hits()) {
                GetResult point =
                        client.get(films, new long[] {hit.id()}, true, Consistency.atLeast(written.position()));
                System.out.println(
                        hit.score() + " " + new String(point.points().getFirst().payload(), UTF_8));
            }
        }
        // README ends
    }
}
