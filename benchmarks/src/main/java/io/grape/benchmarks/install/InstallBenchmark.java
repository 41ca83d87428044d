package io.grape.benchmarks.install;

import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.client.PointBatch;
import io.grape.client.WriteResult;
import io.grape.codecs.sbe.Metric;
import io.grape.node.cli.GrapeCli;
import io.grape.node.demo.cluster.Await;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A follower stops, points are written until the others' logs begin after its last entry, and it comes back: it needs a snapshot.
 * Writes arrive on a schedule before, while it is sent and after.
 *
 * <p>Checkpoints are taken all the time, so what taking one costs is part of every row.
 */
public final class InstallBenchmark {
    private static final int NODES = 3;

    /** The only group of points. */
    private static final int GROUP = 1;

    private static final int DIMENSION = 100;
    private static final int BATCH_POINTS = 100;
    private static final int BYTES_A_POINT = 500;
    private static final int IN_FLIGHT = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern ARRIVING =
            Pattern.compile("(\\S+) INFO +SnapshotReceiver snapshot arriving .*bytes=(\\d+)");
    private static final Pattern INSTALLED = Pattern.compile("(\\S+) INFO +SnapshotReceiver snapshot installed .*");
    private static final List<Column> COLUMNS = List.of(
            Column.higher("writes/s", 0),
            Column.lower("p50 ms", 2),
            Column.lower("p99 ms", 2),
            Column.lower("p99.9 ms", 2),
            Column.lower("max ms", 1),
            Column.lower("not acknowledged", 0),
            new Column("checkpoints", 0),
            new Column("seconds", 1));

    private final LocalCluster cluster;
    private final GrapeClient client;
    private final Settings settings;

    /**
     * How large and how long.
     *
     * @param sizeMib         of the points that the follower misses
     * @param perSecond       writes that arrive
     * @param seconds         of the rows before and after
     * @param sendMibPerSecond most that a leader sends of a snapshot
     */
    public record Settings(int sizeMib, int perSecond, double seconds, int sendMibPerSecond) {
        int batches() {
            return Math.max(100, (int) ((long) sizeMib * (1 << 20) / (BATCH_POINTS * BYTES_A_POINT)));
        }

        /** A checkpoint often enough that some are taken in each row. */
        int checkpointEntries() {
            return (int) Math.max(200, Math.min(batches() / 2.0, perSecond * seconds / 3.0));
        }
    }

    private InstallBenchmark(LocalCluster cluster, GrapeClient client, Settings settings) {
        this.cluster = cluster;
        this.client = client;
        this.settings = settings;
    }

    /**
     * Runs it.
     *
     * @param directory on the disk to measure; what is made there is removed
     * @throws IOException if a process or the disk fails
     */
    public static Report run(Path directory, Settings settings) throws IOException {
        Path home = directory.toAbsolutePath().resolve("install");
        remove(home);
        Files.createDirectories(home);
        ClusterSpec spec = new ClusterSpec(
                NODES, home, GrapeCli.class.getName(), "force", List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC"));
        try (LocalCluster cluster = LocalCluster.create(spec, false)) {
            for (int node = 1; node <= NODES; node++) {
                Files.writeString(
                        home.resolve("node-" + node).resolve("node.yaml"),
                        "checkpoint:\n  entries: " + settings.checkpointEntries()
                                + "\n  trailing-entries: 50\n  send-mib-per-s: " + settings.sendMibPerSecond() + "\n",
                        StandardOpenOption.APPEND);
            }
            cluster.startAll();
            try (GrapeClient client = GrapeClient.connect(ClientConfig.builder()
                    .endpoints(cluster.endpoints())
                    .connectTimeout(PATIENCE)
                    .requestTimeout(PATIENCE)
                    .build())) {
                return new InstallBenchmark(cluster, client, settings).measure(home);
            }
        } finally {
            remove(home);
        }
    }

    private Report measure(Path home) throws IOException {
        CollectionInfo collection = client.createCollection("points", DIMENSION, Metric.EUCLIDEAN);
        write(collection, 0, 20);
        int leader = status(1).leaderNodeId();
        int follower = leader % NODES + 1;
        Arrivals arrivals = new Arrivals(client, collection, DIMENSION, settings.perSecond());
        arrivals.until(after(settings.seconds() / 2)); // warms everything up
        Report report = new Report("Snapshot install under traffic", COLUMNS);
        Arrivals.Outcome before = row(report, "before", leader, () -> arrivals.until(after(settings.seconds())));

        cluster.stop(follower, PATIENCE);
        long stoppedAt = status(leader).lastIndex();
        write(collection, 1, settings.batches());
        long goneAfter = stoppedAt + 2L * settings.checkpointEntries();
        Await.until("a checkpoint past the follower", PATIENCE, () -> {
            write(collection, 0, 1);
            return newestCheckpoint(leader) > Math.min(goneAfter, stoppedAt + settings.batches() / 2);
        });
        arrivals.until(after(4)); // the log is compacted behind it
        cluster.start(follower);
        Arrivals.Outcome during =
                row(report, "while a follower takes it", leader, () -> arrivals.until(installed(follower)));
        Arrivals.Outcome later = row(report, "after", leader, () -> arrivals.until(after(settings.seconds())));

        Transfer transfer = transfer(follower);
        double copyMibPerSecond = plainCopy(cluster.dataDirectory(leader).resolve("collections"), home.resolve("copy"));
        return report.facts(Machine.describe(home))
                .fact("nodes", NODES + " processes on this machine, policy force")
                .fact("writes", settings.perSecond() + "/s, open loop, one point of " + DIMENSION + " components each")
                .fact("checkpoints", "every " + settings.checkpointEntries() + " entries")
                .fact(
                        "snapshot",
                        text(transfer.mib(), "MiB") + " in " + text(transfer.seconds(), "s") + ", limit "
                                + settings.sendMibPerSecond() + " MiB/s")
                .fact(
                        "install",
                        text(transfer.mib() / transfer.seconds(), "MiB/s") + "; a plain copy and force of the leader's "
                                + "files: " + text(copyMibPerSecond, "MiB/s"))
                .fact("p99 during / before", text(during.millis(99) / before.millis(99), "(bar: 2)"))
                .fact("p99 after / before", text(later.millis(99) / before.millis(99), ""));
    }

    private static String text(double figure, String unit) {
        return String.format(Locale.ROOT, "%.2f %s", figure, unit).trim();
    }

    private interface Stretch {
        Arrivals.Outcome run();
    }

    private Arrivals.Outcome row(Report report, String name, int leader, Stretch stretch) {
        long first = newestCheckpoint(leader);
        Arrivals.Outcome outcome = stretch.run();
        report.row(
                name,
                outcome.latencyNs().getTotalCount() / outcome.seconds(),
                outcome.millis(50),
                outcome.millis(99),
                outcome.millis(99.9),
                outcome.millis(100),
                (double) outcome.failed(),
                Math.floor((double) (newestCheckpoint(leader) - first) / settings.checkpointEntries()),
                outcome.seconds());
        return outcome;
    }

    private NodeStatus status(int node) {
        return client.node(node).statusAsync(GROUP).join();
    }

    private static BooleanSupplier after(double seconds) {
        long endNs = System.nanoTime() + (long) (seconds * 1e9);
        return () -> System.nanoTime() - endNs > 0;
    }

    /** Looks into the follower's log ten times a second. */
    private BooleanSupplier installed(int follower) {
        long giveUpNs = System.nanoTime() + PATIENCE.toNanos() + settings.sizeMib() * 1_000_000_000L;
        return new BooleanSupplier() {
            private long nextNs = System.nanoTime();
            private boolean seen;

            @Override
            public boolean getAsBoolean() {
                long nowNs = System.nanoTime();
                if (!seen && nowNs - nextNs > 0) {
                    nextNs = nowNs + 100_000_000;
                    seen = lines(cluster.log(follower)).stream()
                            .anyMatch(line -> INSTALLED.matcher(line).matches());
                    if (nowNs - giveUpNs > 0) {
                        throw new IllegalStateException("node " + follower + " took no snapshot; see its log");
                    }
                }
                return seen;
            }
        };
    }

    private record Transfer(double mib, double seconds) {}

    private Transfer transfer(int follower) {
        double mib = 0;
        OffsetDateTime begun = OffsetDateTime.MIN;
        for (String line : lines(cluster.log(follower))) {
            Matcher arriving = ARRIVING.matcher(line);
            Matcher installed = INSTALLED.matcher(line);
            if (arriving.matches()) {
                begun = OffsetDateTime.parse(arriving.group(1));
                mib = Long.parseLong(arriving.group(2)) / (double) (1 << 20);
            } else if (installed.matches()) {
                double seconds = Duration.between(begun, OffsetDateTime.parse(installed.group(1)))
                                .toMillis()
                        / 1e3;
                return new Transfer(mib, seconds);
            }
        }
        throw new IllegalStateException("no install in " + cluster.log(follower));
    }

    private static List<String> lines(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void write(CollectionInfo collection, int round, int batches) {
        Random random = new Random(round);
        List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
        float[] vector = new float[DIMENSION];
        for (int batch = 0; batch < batches; batch++) {
            PointBatch points = new PointBatch(DIMENSION);
            for (int i = 0; i < BATCH_POINTS; i++) {
                for (int component = 0; component < DIMENSION; component++) {
                    vector[component] = random.nextFloat();
                }
                points.add(((long) round << 32) + 1_000_000 + (long) batch * BATCH_POINTS + i, vector);
            }
            answers.add(client.upsertAsync(collection, points));
            if (answers.size() == IN_FLIGHT || batch == batches - 1) {
                answers.forEach(CompletableFuture::join);
                answers.clear();
            }
        }
    }

    /** Index of the newest checkpoint of the group at a node, 0 if there is none. */
    private long newestCheckpoint(int node) {
        Path checkpoints = cluster.dataDirectory(node).resolve("checkpoints").resolve(Integer.toString(GROUP));
        try (Stream<Path> files = Files.walk(checkpoints)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".checkpoint"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException ex) {
            return 0; // a file that was replaced while it was looked at; the caller asks again
        }
    }

    private static double plainCopy(Path from, Path to) throws IOException {
        long beginNs = System.nanoTime();
        long bytes = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("ids"))
                    .toList();
        }
        Files.createDirectories(to);
        for (int i = 0; i < files.size(); i++) {
            try (FileChannel source = FileChannel.open(files.get(i), StandardOpenOption.READ);
                    FileChannel target = FileChannel.open(
                            to.resolve(Integer.toString(i)), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                long length = source.size();
                for (long at = 0; at < length; ) {
                    at += source.transferTo(at, length - at, target);
                }
                target.force(true);
                bytes += length;
            }
        }
        return bytes / (double) (1 << 20) / ((System.nanoTime() - beginNs) / 1e9);
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
