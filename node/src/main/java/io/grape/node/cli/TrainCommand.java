package io.grape.node.cli;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import io.grape.node.GrapeNode;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.cluster.FreePorts;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code grape train}: goes through what a node's start and its first search and write need, twice, the second time from a
 * checkpoint, so that the JVM can record which classes and profiles that takes ({@code -XX:AOTCacheOutput}). The launcher runs
 * it after a build.
 */
@Command(name = "train", hidden = true, description = "Lets the JVM record what the start of a node needs.")
final class TrainCommand implements Callable<Integer> {
    private static final int DIMENSION = 100;
    private static final int POINTS = 2_000;
    private static final int BATCH = 100;
    private static final int SEARCHES = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(names = "--scratch", paramLabel = "DIR", description = "Where the node lives for a while")
    private @Nullable Path parent;

    @Override
    public Integer call() throws Exception {
        Path data = parent == null
                ? Files.createTempDirectory("grape-train")
                : Files.createTempDirectory(parent, "grape-train");
        try {
            NodeConfig config =
                    NodeConfig.single(data.resolve("node"), FreePorts.find(1).getFirst());
            run(config, true);
            run(config, false);
        } finally {
            delete(data);
        }
        return ExitCode.OK;
    }

    private static void run(NodeConfig config, boolean create) throws InterruptedException {
        try (GrapeNode node = GrapeNode.launch(config);
                GrapeClient client = GrapeClient.connect(ClientConfig.builder()
                        .endpoints(List.of(node.config().endpoint()))
                        .connectTimeout(PATIENCE)
                        .requestTimeout(PATIENCE)
                        .build())) {
            if (create) {
                client.createCollection("points", DIMENSION, Metric.EUCLIDEAN);
            }
            CollectionInfo collection = client.collection("points");
            float[] vector = new float[DIMENSION];
            for (int first = 0; create && first < POINTS; first += BATCH) {
                PointBatch batch = new PointBatch(DIMENSION);
                for (int i = first; i < first + BATCH; i++) {
                    vector[i % DIMENSION] = i;
                    batch.add(i, vector);
                }
                client.upsert(collection, batch);
            }
            for (int i = 0; i < SEARCHES; i++) {
                client.search(collection, vector, 10, Consistency.LOCAL);
            }
            client.upsert(collection, new PointBatch(DIMENSION).add(1, vector));
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
