package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.collection.IndexBuilder;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.model.Metric;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that adds, removes, links and checkpoints is killed with SIGKILL, in the middle of a checkpoint or of linking; the
 * next one goes on from what is left. After each death the points are those of the last checkpoint, every answer through the
 * graph is right, and nearly all of the nearest are found, before anything is linked again and after.
 */
class GraphCrashScenario {
    static final int DIMENSION = 8;
    private static final int DEATHS = 2;
    private static final int K = 10;
    private static final String BEGUN = "checkpoint begins ";
    private static final String DONE = "checkpoint done ";

    @TempDir
    Path directory;

    @ParameterizedTest(name = "killed in the middle of a {0}")
    @ValueSource(strings = {"checkpoint", "turn of linking"})
    void whatADeadProcessLeftIsRightAndGoesOn(String when) throws Exception {
        long reached = 0;
        for (int death = 1; death <= DEATHS; death++) {
            reached = killWhen(when.equals("checkpoint") ? BEGUN : DONE, 2 + death, reached);
            long opened = check(death);
            assertThat(opened).isGreaterThanOrEqualTo(reached);
        }
    }

    /** Returns the last checkpoint that was said to be durable. */
    private long killWhen(String line, int times, long before) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-Xmx")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.add(store().toString());
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("child.log").toFile())
                .start();
        long done = before;
        try (BufferedReader lines = process.inputReader()) {
            int seen = 0;
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                if (text.startsWith(DONE)) {
                    done = Long.parseLong(text.substring(DONE.length()));
                }
                if (text.startsWith(line) && ++seen == times) {
                    break;
                }
            }
            assertThat(seen).as("lines of the child").isEqualTo(times);
        } finally {
            process.destroyForcibly().waitFor();
        }
        return done;
    }

    private Path store() {
        return directory.resolve("store");
    }

    /** Returns the position of the state that was found. */
    private long check(int death) {
        try (VectorCollection collection = open(store());
                Searcher near = collection.newSearcher();
                Searcher exact = collection.newSearcher()) {
            long position = collection.points().checkpointPosition();
            Map<Long, Long> model = Operations.model(position);
            assertThat(collection.points().size()).isEqualTo(model.size());
            assertThat(collection.stats().indexedRows())
                    .as("kept rows of the graph")
                    .isPositive();
            compare(near, exact, model, death);
            int turns = 0;
            while (collection.buildWork(200) > 0) {
                assertThat(++turns).isLessThan(100_000);
            }
            assertThat(collection.tailRows()).isZero();
            compare(near, exact, model, death + 100);
            return position;
        }
    }

    private static void compare(Searcher near, Searcher exact, Map<Long, Long> model, int seed) {
        Random random = new Random(seed);
        int hits = 0;
        int queries = 40;
        for (int query = 0; query < queries; query++) {
            float[] vector = TestVectors.random(random, DIMENSION);
            exact.search(buffer(vector), 0, K);
            near.search(buffer(vector), 0, K, 64);
            Set<Long> nearest = new HashSet<>();
            for (int i = 0; i < K; i++) {
                nearest.add(exact.idLeast(i));
            }
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < near.count(); i++) {
                long id = near.idLeast(i);
                assertThat(seen.add(id)).isTrue();
                assertThat(near.version(i)).isEqualTo(model.get(id));
                double own = TestVectors.score(Metric.EUCLIDEAN, vector, Operations.vector(id, near.version(i)));
                assertThat(Math.abs(near.score(i) - own)).isLessThan(1e-4);
                hits += nearest.contains(id) ? 1 : 0;
            }
        }
        assertThat(hits / (double) (queries * K)).isGreaterThan(0.9);
    }

    static VectorCollection open(Path directory) {
        return VectorCollection.open(
                config(directory, DIMENSION, Metric.EUCLIDEAN), VectorCollectionTest.index(DIMENSION, 100, 10_000));
    }

    /** Operation n does the same in every process. */
    static final class Operations {
        private static final int IDS = 900;

        private Operations() {}

        static boolean isRemoval(long n) {
            return n % 6 == 5;
        }

        static long id(long n) {
            return Math.floorMod(n * 0x9E3779B97F4A7C15L >>> 20, IDS);
        }

        static float[] vector(long id, long version) {
            return TestVectors.random(new Random(id * 1_000_003 + version), DIMENSION);
        }

        static void apply(VectorCollection collection, long n) {
            if (isRemoval(n)) {
                collection.remove(0, id(n), n);
            } else {
                collection.add(0, id(n), n, buffer(vector(id(n), n)), 0, TestVectors.NO_PAYLOAD, 0, 0);
            }
        }

        static Map<Long, Long> model(long upTo) {
            Map<Long, Long> versions = new java.util.HashMap<>();
            for (long n = 1; n <= upTo; n++) {
                if (isRemoval(n)) {
                    versions.remove(id(n));
                } else {
                    versions.put(id(n), n);
                }
            }
            return versions;
        }
    }

    /** The process that is killed. */
    static final class Child {
        private static final int OPERATIONS_A_CHECKPOINT = 400;

        private Child() {}

        public static void main(String[] arguments) {
            IndexBuilder builder = new IndexBuilder();
            VectorCollection collection = open(Path.of(arguments[0]));
            builder.add(collection);
            Thread thread = new Thread(() -> {
                for (; ; ) {
                    if (builder.doWork() == 0) {
                        Thread.yield();
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
            long n = collection.points().checkpointPosition();
            for (; ; ) {
                for (int i = 0; i < OPERATIONS_A_CHECKPOINT; i++) {
                    Operations.apply(collection, ++n);
                }
                System.out.println(BEGUN + n);
                collection.requestIndexCheckpoint();
                collection.checkpoint(n);
                System.out.println(DONE + n);
            }
        }
    }
}
