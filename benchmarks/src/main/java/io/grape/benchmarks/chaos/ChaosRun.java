package io.grape.benchmarks.chaos;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.StoredPoint;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.Metric;
import io.grape.node.demo.ClusterWatch;
import io.grape.simulation.linearizability.CheckReport;
import io.grape.simulation.linearizability.LinearizabilityChecker;
import io.grape.simulation.linearizability.history.History.Positions;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** One run: starts the nodes, hurts them on schedule while clients work, heals them, and judges. One thread. */
public final class ChaosRun {
    private static final String COLLECTION = "chaos";
    private static final Duration FORMING = Duration.ofMinutes(5);
    private static final Duration HEALING = Duration.ofMinutes(5);
    private static final int CLIENTS = 4;
    private static final int OPERATIONS_PER_SECOND = 60;
    private static final int READ_BACK = 256;
    private static final int SLOW_FORCE_US = 50_000;
    private static final Duration UNFORCED = Duration.ofMillis(500);
    private static final Duration WRITES_AGAIN = Duration.ofSeconds(20);

    private final Settings settings;
    private final RandomGenerator random;
    private final PrintWriter progress;
    private final ChaosCluster cluster;
    private final GrapeClient watchClient;
    private final ClusterWatch watch;
    private final List<ChaosClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> did = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final ChaosClient.Shared shared = new ChaosClient.Shared();
    private final long beginNs = System.nanoTime();

    /**
     * What is wanted.
     *
     * @param seed      of schedule and clients
     * @param nodes     processes
     * @param duration  of the schedule
     * @param directory for data and logs; what is made there is removed unless something was violated
     * @param defect    a {@link BrokenBuild}, or null for the real one
     */
    public record Settings(
            long seed,
            int nodes,
            Duration duration,
            Path directory,
            @Nullable String defect) {}

    private ChaosRun(Settings settings, PrintWriter progress, ChaosCluster cluster) {
        this.settings = settings;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed());
        this.progress = progress;
        this.cluster = cluster;
        this.watchClient = ClusterWatch.connect(cluster.processes(), FORMING, Duration.ofSeconds(5));
        this.watch = new ClusterWatch(cluster.processes(), watchClient);
    }

    /**
     * Runs once.
     *
     * @param progress hears each fault as it happens
     * @throws IOException if processes or files fail in ways that were not asked for
     */
    public static ChaosResult run(Settings settings, PrintWriter progress) throws IOException {
        Path directory = settings.directory().toAbsolutePath().resolve("chaos-" + settings.seed());
        ChaosCluster.remove(directory);
        BrokenBuild defect = settings.defect() == null ? null : BrokenBuild.of(settings.defect());
        ChaosResult result;
        try (ChaosCluster cluster = ChaosCluster.start(directory, settings.nodes(), defect)) {
            ChaosRun run = new ChaosRun(settings, progress, cluster);
            try {
                result = run.run();
            } finally {
                run.watchClient.close();
            }
        }
        if (result.violations().isEmpty()) {
            ChaosCluster.remove(directory);
        }
        return result;
    }

    private ChaosResult run() throws IOException {
        watch.awaitLeader(FORMING);
        createCollection();
        startClients();
        long endNs = System.nanoTime() + settings.duration().toNanos();
        while (System.nanoTime() < endNs) {
            play(Episode.draw(random));
        }
        cluster.heal();
        boolean isHealed = awaitHealed();
        stopClients();
        if (isHealed) {
            readBack();
        }
        CheckReport report = check();
        return new ChaosResult(
                settings.seed(),
                settings.nodes(),
                did,
                clients.stream().mapToInt(client -> client.history().size()).sum(),
                shared.answered(),
                clients.stream().mapToInt(client -> client.ledger().size()).sum(),
                report.toString(),
                violations);
    }

    /** All groups must have a leader for it, which may take longer than one request on a busy machine. */
    private void createCollection() {
        long deadlineNs = System.nanoTime() + FORMING.toNanos();
        while (true) {
            try {
                watchClient.createCollection(COLLECTION, ChaosClient.DIMENSION, Metric.EUCLIDEAN);
                return;
            } catch (GrapeException notYet) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw notYet;
                }
            }
        }
    }

    private void startClients() {
        for (int i = 0; i < CLIENTS; i++) {
            RandomGenerator own = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed() * 31 + i);
            ChaosClient client =
                    new ChaosClient(i, cluster.processes().endpoints(), COLLECTION, shared, own, OPERATIONS_PER_SECOND);
            clients.add(client);
            Thread thread = new Thread(client, "chaos-client-" + i);
            thread.start();
            threads.add(thread);
        }
    }

    private void stopClients() {
        clients.forEach(ChaosClient::stop);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException wakeUp) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void play(Episode episode) throws IOException {
        int victim = victim(episode);
        int other = 1 + (victim + episode.draw() % (cluster.size() - 1)) % cluster.size();
        if (episode.noisy()) {
            noise();
        }
        String what = hurt(episode.kind(), victim, other);
        String line = String.format(
                Locale.ROOT,
                "%6.1f s  %s%s, for %d ms",
                (System.nanoTime() - beginNs) / 1e9,
                what,
                episode.noisy() ? ", noisy links" : "",
                episode.lastsMs());
        did.add(line);
        progress.println(line);
        progress.flush();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(episode.lastsMs()));
        cluster.heal();
        awaitWrite(System.nanoTime());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(episode.quietMs()));
    }

    /** Most faults begin only when clients write again, so that it meets a cluster at work. */
    private void awaitWrite(long healedNs) {
        boolean waits = random.nextInt(4) > 0;
        while (waits && shared.lastWriteNs() < healedNs && System.nanoTime() - healedNs < WRITES_AGAIN.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private int victim(Episode episode) {
        int leader = watchClient.leaderNodeId();
        return episode.onLeader() && leader > 0 ? leader : 1 + episode.draw() % cluster.size();
    }

    private String hurt(Episode.Kind kind, int victim, int other) throws IOException {
        return switch (kind) {
            case KILL -> "power of node " + victim + " cut, " + cutPower(1, victim) + " sectors lost";
            case KILL_ALL -> "power of all nodes cut, " + cutPower(cluster.size(), victim) + " sectors lost";
            case KILL_MAJORITY ->
                "power of a majority cut, " + cutPower(cluster.size() / 2 + 1, victim) + " sectors lost";
            case PAUSE -> {
                cluster.pause(victim);
                yield "node " + victim + " paused";
            }
            case DEAF -> {
                cutFrom(victim, false, true);
                yield "node " + victim + " hears nobody";
            }
            case MUTE -> {
                cutFrom(victim, true, false);
                yield "nobody hears node " + victim;
            }
            case ISOLATE -> {
                cutFrom(victim, true, true);
                yield "node " + victim + " cut off";
            }
            case ONE_LINK_ONE_WAY -> {
                cluster.cut(victim, other, true);
                yield "node " + other + " does not hear node " + victim;
            }
            case NOISE -> {
                noise();
                yield "links lose, double and hold back";
            }
            case DISK_FULL -> {
                cluster.faults(victim).diskFull(true);
                yield "disk of node " + victim + " full";
            }
            case SLOW_DISK -> {
                cluster.faults(victim).forceDelayUs(SLOW_FORCE_US);
                yield "disk of node " + victim + " slow";
            }
            case SWAPPED_DISK -> {
                cluster.swapDisk(victim);
                yield "node " + victim + " on an empty disk, then on its own again";
            }
        };
    }

    /** Forces are slow just before, so that there is something that is written and not forced. */
    private int cutPower(int count, int first) throws IOException {
        for (int i = 0; i < count; i++) {
            cluster.faults(1 + (first - 1 + i) % cluster.size()).forceDelayUs(SLOW_FORCE_US);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100, 300)));
        cluster.awaitUnforced(first, UNFORCED);
        int lost = 0;
        for (int i = 0; i < count; i++) {
            lost += cluster.cutPower(1 + (first - 1 + i) % cluster.size(), random);
        }
        return lost;
    }

    private void cutFrom(int node, boolean outgoing, boolean incoming) {
        for (int peer = 1; peer <= cluster.size(); peer++) {
            if (peer != node) {
                if (outgoing) {
                    cluster.cut(node, peer, true);
                }
                if (incoming) {
                    cluster.cut(peer, node, true);
                }
            }
        }
    }

    private void noise() {
        for (int node = 1; node <= cluster.size(); node++) {
            cluster.faults(node).network(50, 50, 100, 20_000);
        }
    }

    private boolean awaitHealed() {
        try {
            watch.awaitLeader(HEALING);
            // Clients go on for a moment, so that what is read below was also written after the last fault.
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            stopClients();
            watch.awaitSameState(HEALING);
            return true;
        } catch (GrapeException never) {
            violations.add("the nodes do not come to one state: " + never.getMessage());
            return false;
        }
    }

    private void readBack() {
        Map<Long, Long> ledger = new HashMap<>();
        clients.forEach(client -> ledger.putAll(client.ledger()));
        long[] ids =
                ledger.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        CollectionInfo collection = watchClient.collection(COLLECTION);
        for (int node = 1; node <= cluster.size(); node++) {
            for (int from = 0; from < ids.length; from += READ_BACK) {
                long[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + READ_BACK));
                for (StoredPoint point :
                        watchClient.node(node).get(collection, some, true).points()) {
                    judge(node, point, ledger.getOrDefault(point.id(), StoredPoint.ABSENT));
                }
            }
        }
        ChaosClient reader = clients.getFirst();
        for (long key = 1; key <= reader.lastKey(); key++) {
            reader.read(key, Consistency.LINEARIZABLE);
        }
    }

    private void judge(int node, StoredPoint point, long version) {
        float[] vector = point.vector();
        if (vector == null) {
            violations.add("point " + point.id() + " was acknowledged and is not on node " + node);
        } else if (point.version() != version || vector[0] != point.id() - ChaosClient.LEDGER) {
            violations.add("point " + point.id() + " on node " + node + " is of version " + point.version()
                    + " and not " + version);
        }
    }

    private CheckReport check() {
        HistoryRecorder[] recorders = clients.stream().map(ChaosClient::history).toArray(HistoryRecorder[]::new);
        clients.forEach(ChaosClient::close);
        CheckReport report = new LinearizabilityChecker().check(HistoryRecorder.merge(Positions.AT_LEAST, recorders));
        for (CheckReport.Violation violation : report.violations()) {
            violations.add("not linearizable: " + violation.explanation());
        }
        if (!report.undecidedKeys().isEmpty()) {
            violations.add("the checker gave up on " + report.undecidedKeys());
        }
        return report;
    }
}
