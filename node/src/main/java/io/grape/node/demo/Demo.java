package io.grape.node.demo;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.client.SearchHit;
import io.grape.client.SearchOptions;
import io.grape.codecs.sbe.Metric;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import io.grape.node.demo.cluster.ShutdownHook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Conducts the demo: start, load, search, kill the leader, read back, figures.
 *
 * <p>One thread, once. Every step that proves something says so or names what does not hold; {@link #run} returns
 * whether all held.
 */
public final class Demo {
    private static final String WORDS = "words";
    private static final String FAILOVER = "failover";
    private static final List<String> SHOWN = List.of("king", "paris", "guitar", "seven", "quickly", "grape");
    private static final int K = 10;
    private static final int CHECKED_SEARCHES = 200;
    private static final long CHECK_SEED = 42;
    private static final int TIMED_SEARCHES = 2000;
    private static final int WRITES_PER_SECOND = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> NODE_JVM = List.of("-Xms64m", "-Xmx512m");

    private final DemoSettings settings;
    private final DemoOutput out;
    private boolean allHeld = true;

    /** @param writer where everything is printed */
    public Demo(DemoSettings settings, PrintWriter writer) {
        this.settings = settings;
        this.out = new DemoOutput(writer, settings.terminal());
    }

    /**
     * Runs all steps.
     *
     * @return whether everything that was to be proved holds
     * @throws IOException if a file cannot be read or written, or a process cannot be started
     */
    public boolean run() throws IOException {
        ClusterSpec spec = new ClusterSpec(
                settings.nodes(), settings.directory(), settings.mainClass(), settings.syncPolicy(), NODE_JVM);
        WordVectors words = WordVectors.load(settings.wordFile(), Integer.MAX_VALUE);
        boolean removable = false;
        try (LocalCluster cluster = LocalCluster.create(spec, settings.keep());
                ShutdownHook _ = ShutdownHook.add("abandon-demo", () -> abandon(cluster))) {
            start(cluster, words);
            removable = allHeld && !settings.keep();
        } finally {
            if (removable) {
                remove(settings.directory());
            } else {
                out.line("");
                out.line("data and logs of the nodes: %s", settings.directory());
            }
        }
        return allHeld;
    }

    private void start(LocalCluster cluster, WordVectors words) throws IOException {
        out.step(1, "Start " + settings.nodes() + (settings.nodes() == 1 ? " node" : " nodes"));
        long startNs = System.nanoTime();
        cluster.startAll();
        try (GrapeClient client = ClusterWatch.connect(cluster, PATIENCE, REQUEST_TIMEOUT)) {
            ClusterWatch watch = new ClusterWatch(cluster, client);
            showStart(cluster, watch, startNs);
            steps(cluster, watch, client, words);
        }
        if (settings.keep()) {
            cluster.leaveRunning();
            sayHowToTalkTo(cluster);
        }
    }

    /** Runs when the process is told to end in the middle: whoever interrupts a demo does not want its files. */
    private void abandon(LocalCluster cluster) {
        cluster.close();
        try {
            remove(settings.directory());
        } catch (IOException | UncheckedIOException left) {
            out.line("could not remove %s: %s", settings.directory(), left);
        }
    }

    private void showStart(LocalCluster cluster, ClusterWatch watch, long startNs) {
        for (int nodeId = 1; nodeId <= cluster.size(); nodeId++) {
            out.line(
                    "node %d  %-15s  process %d  data %s",
                    nodeId, cluster.endpoint(nodeId), cluster.pid(nodeId), cluster.dataDirectory(nodeId));
        }
        NodeStatus leader = watch.awaitLeader(PATIENCE);
        out.line(
                "node %d leads in term %d, %,d ms after the start",
                leader.nodeId(), leader.term(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
    }

    private void steps(LocalCluster cluster, ClusterWatch watch, GrapeClient client, WordVectors words)
            throws IOException {
        out.step(2, "Load word vectors through the cluster");
        CollectionInfo collection = client.createCollection(WORDS, words.dimension(), Metric.COSINE);
        Ingest.Result ingest = new Ingest(client, words).load(collection, out.progress("loaded", words.count()));
        out.line(
                "%,d points acknowledged, %,.0f points/s",
                ingest.acknowledged().cardinality(), ingest.pointsPerSecond());

        out.step(3, "Search");
        search(client, collection, words);
        SearchTiming timing = new SearchTiming(client, collection, words);
        Histogram linearizable = timing.measure(TIMED_SEARCHES, K, Consistency.LINEARIZABLE);
        Histogram local = timing.measure(TIMED_SEARCHES, K, Consistency.LOCAL);

        out.step(4, "Kill the leader while writes are going on");
        CollectionInfo failover = client.createCollection(FAILOVER, words.dimension(), Metric.COSINE);
        FailoverShow.Result survived;
        try (WriteStream stream = new WriteStream(client, failover, words, WRITES_PER_SECOND)) {
            survived = new FailoverShow(cluster, watch, out).run(stream, failover);
        }

        out.step(5, "Read every acknowledged write back from each node");
        readBack(cluster, client, words, collection, ingest.acknowledged());
        readBack(cluster, client, words, failover, survived.acknowledged());
        if (allHeld) {
            out.line("No acknowledged write is lost.");
        }

        out.step(6, "Figures");
        String syncPolicy = watch.awaitLeader(PATIENCE).syncPolicy();
        new Report(cluster.size(), syncPolicy, ingest, words.dimension(), linearizable, local, survived).print(out);
    }

    private void search(GrapeClient client, CollectionInfo collection, WordVectors words) throws IOException {
        for (String word : SHOWN) {
            words.id(word).ifPresent(id -> show(client, collection, words, id));
        }
        NeighbourCheck check = new NeighbourCheck(words);
        SplittableRandom random = new SplittableRandom(CHECK_SEED);
        int foundByDefault = 0;
        for (int i = 0; i < CHECKED_SEARCHES; i++) {
            int id = random.nextInt(words.count());
            List<SearchHit> nearest = client.search(
                            collection, words.vector(id), K, Consistency.LINEARIZABLE, SearchOptions.EXACT)
                    .hits();
            check.compare(id, K, nearest);
            foundByDefault += NeighbourCheck.common(
                    nearest,
                    client.search(collection, words.vector(id), K, Consistency.LINEARIZABLE)
                            .hits());
        }
        if (check.differences().isEmpty()) {
            out.line(
                    "%d exact searches for the %d nearest equal a float64 computation over the same vectors (%d near-ties)",
                    check.queries(), K, check.ties());
            out.line(
                    "the same searches through the graph, as they are by default, find %,d of these %,d neighbours",
                    foundByDefault, CHECKED_SEARCHES * K);
        } else {
            allHeld = false;
            out.line("NEIGHBOURS DIFFER from an exact float64 computation over the same vectors:");
            check.differences().forEach(difference -> out.line("  %s", difference));
        }
        BufferedReader typed = settings.promptFrom();
        if (typed != null) {
            new Prompt(typed, out).run(words, id -> show(client, collection, words, id));
        }
    }

    private void show(GrapeClient client, CollectionInfo collection, WordVectors words, int id) {
        List<SearchHit> hits = client.search(
                        collection, words.vector(id), 6, Consistency.LINEARIZABLE, SearchOptions.EXACT)
                .hits();
        out.line(
                "%-8s %s",
                words.word(id),
                hits.stream()
                        .filter(hit -> hit.id() != id)
                        .map(hit -> String.format(Locale.ROOT, "%s %.3f", words.word((int) hit.id()), hit.score()))
                        .collect(Collectors.joining(", ")));
    }

    private void readBack(
            LocalCluster cluster, GrapeClient client, WordVectors words, CollectionInfo collection, BitSet ids) {
        for (int nodeId = 1; nodeId <= cluster.size(); nodeId++) {
            ReadBack.Result result = new ReadBack(words).check(client.node(nodeId), collection, ids);
            if (result.isComplete()) {
                out.line(
                        "node %d, '%s': %,d acknowledged ids, all there, vectors and payloads equal",
                        nodeId, collection.name(), result.checked());
            } else {
                allHeld = false;
                out.line(
                        "node %d, '%s': LOST %s; DIFFERENT %s",
                        nodeId, collection.name(), result.absent(), result.wrong());
            }
        }
    }

    private void sayHowToTalkTo(LocalCluster cluster) {
        String endpoints = String.join(",", cluster.endpoints());
        out.line("");
        out.line("The cluster is left running:");
        out.line("  ./grape status --endpoints %s", endpoints);
        out.line("  ./grape search --endpoints %s --collection %s --id 42", endpoints, WORDS);
        StringBuilder pids = new StringBuilder();
        for (int nodeId = 1; nodeId <= cluster.size(); nodeId++) {
            pids.append(' ').append(cluster.pid(nodeId));
        }
        out.line("  kill%s      ends it", pids);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Demo::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }
}
