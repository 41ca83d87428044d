package io.grape.node;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import java.nio.file.Path;

/** The example of docs/embedded.md: what stands between the marks is what the page shows, and a test runs it. */
final class EmbeddedExample {
    private EmbeddedExample() {}

    static long run(Path directory) {
        // PAGE begins
        try (EmbeddedGrape grape = EmbeddedGrape.start(directory)) {
            CollectionInfo films = grape.client().createCollection("films", 2, Metric.COSINE);
            grape.client()
                    .upsert(films, new PointBatch(2).add(7, new float[] {1, 0}).add(8, new float[] {0, 1}));
            return grape.client()
                    .search(films, new float[] {0.9f, 0.1f}, 1, Consistency.LINEARIZABLE)
                    .hits()
                    .getFirst()
                    .id();
        }
        // PAGE ends
    }
}
