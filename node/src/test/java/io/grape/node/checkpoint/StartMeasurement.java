package io.grape.node.checkpoint;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.SearchResult;
import io.grape.client.WriteResult;
import io.grape.codecs.sbe.Metric;
import io.grape.node.GrapeNode;
import io.grape.node.cli.GrapeCli;
import io.grape.node.config.NodeConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Not a test: how long after the start of its JVM a node answers its first search.
 *
 * <p>{@code main DIRECTORY POINTS DIMENSION ROUNDS}: makes a data directory that holds a checkpoint, then starts node
 * processes on it and asks each from outside, with a client of a process that is warm. Every other round first drops the
 * files from the page cache (with {@code dd oflag=nocache}, which needs no rights).
 */
public final class StartMeasurement {
    private static final int PORT = 9510;
    private static final int BATCH = 100;
    private static final int IN_FLIGHT = 16;

    private StartMeasurement() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            launch(Path.of(arguments[1]));
            return;
        }
        Path home = Path.of(arguments[0]);
        int points = Integer.parseInt(arguments[1]);
        int dimension = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Path data = home.resolve("data");
        if (!Files.exists(data)) {
            prepare(data, points, dimension);
        }
        Path config = Files.writeString(
                home.resolve("grape.yaml"),
                "node:\n  id: 0\ncluster:\n  members:\n    - { id: 0, endpoint: \"localhost:" + PORT
                        + "\" }\ndata:\n  directory: '" + data + "'\n");
        float[] query = new float[dimension];
        query[0] = 1;
        for (int round = 0; round < rounds; round++) {
            boolean cold = round % 2 == 0;
            if (cold) {
                dropFromCache(data);
            }
            round(cold, config, query);
        }
    }

    /** {@code main launch DIRECTORY}: what a start costs the thread that does it, whatever else the machine does. */
    private static void launch(Path data) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long beforeNs = threads.getCurrentThreadCpuTime();
        long wallNs = System.nanoTime();
        try (GrapeNode node = GrapeNode.launch(NodeConfig.single(data, PORT))) {
            System.out.printf(
                    "node %d launched: main thread %d ms of CPU before, %d ms in the launch, wall %d ms%n",
                    node.config().nodeId(),
                    beforeNs / 1_000_000,
                    (threads.getCurrentThreadCpuTime() - beforeNs) / 1_000_000,
                    (System.nanoTime() - wallNs) / 1_000_000);
        }
    }

    private static void round(boolean cold, Path config, float[] query) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Xmx") && !flag.startsWith("-Dgrape.start"))
                .forEach(command::add);
        command.addAll(
                List.of(System.getProperty("grape.start.flags", "-Dnone=1").split(" ")));
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), GrapeCli.class.getName()));
        command.addAll(List.of("serve", "--config", config.toString()));
        long begunNs = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(config.resolveSibling("node.log").toFile())
                .start();
        try (GrapeClient client = GrapeClient.connect(ClientConfig.builder()
                .endpoints(List.of("localhost:" + PORT))
                .connectTimeout(Duration.ofSeconds(60))
                .requestTimeout(Duration.ofSeconds(60))
                .build())) {
            long connectedNs = System.nanoTime();
            long connectedCpuMs = cpuMs(process);
            CollectionInfo collection = client.node(0).listCollections().get(0);
            SearchResult first = client.node(0).search(collection, query, 10);
            long firstNs = System.nanoTime();
            long firstCpuMs = cpuMs(process);
            String threads = busiestThreads(process.pid());
            client.upsert(client.collection("points"), new PointBatch(query.length).add(Long.MAX_VALUE - 7, query));
            long writtenNs = System.nanoTime();
            System.out.printf(
                    "%s: from the start of the process: connected %d ms (CPU of the node %d ms), first search %d ms (CPU %d ms,"
                            + " %d hits), first write %d ms (CPU %d ms)%n",
                    cold ? "cold" : "warm",
                    (connectedNs - begunNs) / 1_000_000,
                    connectedCpuMs,
                    (firstNs - begunNs) / 1_000_000,
                    firstCpuMs,
                    first.hits().size(),
                    (writtenNs - begunNs) / 1_000_000,
                    cpuMs(process));
            System.out.println("  CPU ms by thread until the first search: " + threads);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static long cpuMs(Process process) {
        return process.info().totalCpuDuration().map(Duration::toMillis).orElse(-1L);
    }

    /** Linux only; elsewhere empty. */
    private static String busiestThreads(long pid) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(tasks)) {
            return "";
        }
        List<Map.Entry<String, Long>> found = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                found.add(Map.entry(name, 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]))));
            }
        }
        found.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        return found.stream().limit(10).map(Map.Entry::toString).collect(Collectors.joining(", "));
    }

    /** Writes the points through a node of this process; its clean stop takes a checkpoint. */
    private static void prepare(Path data, int points, int dimension) {
        Random random = new Random(1);
        float[] vector = new float[dimension];
        List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
        try (GrapeNode node = GrapeNode.launch(NodeConfig.single(data, PORT));
                GrapeClient client = GrapeClient.connect(ClientConfig.builder()
                        .endpoints(List.of(node.config().endpoint()))
                        .requestTimeout(Duration.ofSeconds(60))
                        .build())) {
            CollectionInfo collection = client.createCollection("points", dimension, Metric.EUCLIDEAN);
            for (int first = 0; first < points; first += BATCH) {
                PointBatch batch = new PointBatch(dimension);
                for (int id = first; id < first + BATCH; id++) {
                    for (int i = 0; i < dimension; i++) {
                        vector[i] = (float) random.nextGaussian();
                    }
                    batch.add(id, vector);
                }
                answers.add(client.upsertAsync(collection, batch));
                if (answers.size() == IN_FLIGHT || first + BATCH >= points) {
                    answers.forEach(CompletableFuture::join);
                    answers.clear();
                }
            }
        }
        System.out.printf("prepared %d points%n", points);
    }

    private static void dropFromCache(Path data) throws Exception {
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "sync; find '" + data
                                + "' -type f | while read f; do dd if=\"$f\" iflag=nocache count=0 2>/dev/null; done")
                .inheritIO()
                .start()
                .waitFor();
    }
}
