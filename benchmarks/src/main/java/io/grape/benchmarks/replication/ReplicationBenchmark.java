package io.grape.benchmarks.replication;

import io.grape.benchmarks.process.ChildJvm;
import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import io.grape.benchmarks.report.chart.Axis;
import io.grape.benchmarks.report.chart.LineChart;
import io.grape.benchmarks.report.chart.LineChart.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Runs contenders in turns, A B A B, each round with new processes on empty directories, and makes one report for each size of
 * entries. A figure is the median of the rounds; the pictures are of all rounds together.
 */
public final class ReplicationBenchmark {
    static final int MEMBERS = 3;

    /** The same small heap for every member; what is large lies outside of it. */
    static final List<String> HEAP = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");

    private static final Duration CONNECTING = Duration.ofMinutes(2);
    private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};
    private static final List<Column> COLUMNS = List.of(
            Column.higher("entries/s", 0),
            Column.lower("p50 us", 0),
            Column.lower("p99 us", 0),
            Column.lower("p99.9 us", 0),
            Column.lower("p99.99 us", 0),
            Column.lower("max ms", 1),
            Column.lower("not acknowledged", 0));

    private record Key(String contender, int size, int load, boolean isWindow) {
        String row() {
            return contender + (isWindow ? ", window " + load : ", " + load + "/s");
        }
    }

    private final Path directory;
    private final Load load;
    private final int rounds;
    private final Map<Key, List<CellLine>> cells = new LinkedHashMap<>();

    private ReplicationBenchmark(Path directory, Load load, int rounds) {
        this.directory = directory;
        this.load = load;
        this.rounds = rounds;
    }

    /**
     * Runs everything.
     *
     * @param directory  on the disk to measure; what is made there is removed
     * @param policy     force or none
     * @param peers      beside ours: aeron-cluster
     * @return a report for each size
     * @throws IOException if a process fails; with what it printed last
     */
    public static List<Report> run(Path directory, String policy, List<String> peers, Load load, int rounds)
            throws IOException {
        List<Contender.Launch> contenders = new ArrayList<>();
        contenders.add(new GrapeContender.Ours(policy, load.idle()));
        for (String peer : peers) {
            if (!peer.equals(AeronContender.NAME)) {
                throw new IOException("no peer '" + peer + "'; there is " + AeronContender.NAME);
            }
            contenders.add(new AeronContender.Theirs(policy.equals("force") ? 1 : 0, load.idle()));
        }
        ReplicationBenchmark benchmark = new ReplicationBenchmark(directory, load, rounds);
        Map<String, String> machine = machine(directory);
        for (int round = 0; round < rounds; round++) {
            for (Contender.Launch contender : contenders) {
                benchmark.round(contender, round);
            }
        }
        List<Report> reports = new ArrayList<>();
        for (int size : load.sizes()) {
            reports.add(benchmark.report(policy, size, machine));
        }
        return reports;
    }

    private static Map<String, String> machine(Path directory) throws IOException {
        Files.createDirectories(directory);
        return Machine.describe(directory);
    }

    private void round(Contender.Launch launch, int round) throws IOException {
        Path home = directory.toAbsolutePath().resolve(launch.kind() + "-" + round);
        remove(home);
        Files.createDirectories(home);
        try (Contender contender = launch.start(home)) {
            List<String> arguments = new ArrayList<>(List.of(
                    launch.kind(),
                    contender.address(),
                    home.resolve("client-driver").toString()));
            arguments.addAll(load.arguments());
            Path log = home.resolve("client.log");
            try (ChildJvm client = ChildJvm.start(ClientMain.class, HEAP, log, arguments)) {
                client.await(CONNECTING.plusMillis((long) (load.totalSeconds() * 2_000)));
                for (String line : client.printed()) {
                    CellLine.parse(line)
                            .ifPresent(cell -> cells.computeIfAbsent(
                                            new Key(launch.name(), cell.size(), cell.load(), cell.isWindow()),
                                            key -> new ArrayList<>())
                                    .add(cell));
                }
            }
        }
        remove(home);
    }

    private Report report(String policy, int size, Map<String, String> machine) {
        Report report = new Report("Replication, entries of " + size + " B, durability " + policy, COLUMNS)
                .facts(machine)
                .fact("members", MEMBERS + " processes and one client process, loopback")
                .fact("idle strategy", load.idle() + ", of members and clients alike")
                .fact("rates", "open loop; latency counts from the intended time")
                .fact("windows", "closed loop; that many entries in flight")
                .fact("rounds", rounds + " in turns, " + load.seconds() + " s a cell, new processes each")
                .fact("ours", "an upsert of one vector of that many bytes, answered after commit and apply")
                .fact("Aeron Cluster", "a message of that many bytes, echoed by the clustered service");
        List<LineChart.Series> latencies = new ArrayList<>();
        cells.forEach((key, lines) -> {
            if (key.size() == size) {
                report.rounds(
                        key.row(),
                        lines.stream().map(ReplicationBenchmark::figures).toList());
                if (!key.isWindow()) {
                    latencies.add(percentiles(key.row(), lines));
                }
            }
        });
        report.chart(new LineChart(
                "Commit round trip, " + size + " B, " + policy,
                Axis.percentiles(),
                Axis.logarithmic("us from the intended time"),
                latencies));
        return report;
    }

    private static LineChart.Series percentiles(String name, List<CellLine> lines) {
        Histogram all = lines.getFirst().latencyNs().copy();
        lines.subList(1, lines.size()).forEach(line -> all.add(line.latencyNs()));
        List<Point> points = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            points.add(new Point(Axis.percentile(percentile), all.getValueAtPercentile(percentile) / 1e3));
        }
        return new LineChart.Series(name, points);
    }

    private static double[] figures(CellLine cell) {
        Histogram latency = cell.latencyNs();
        return new double[] {
            cell.perSecond(),
            latency.getValueAtPercentile(50) / 1e3,
            latency.getValueAtPercentile(99) / 1e3,
            latency.getValueAtPercentile(99.9) / 1e3,
            latency.getValueAtPercentile(99.99) / 1e3,
            latency.getMaxValue() / 1e6,
            cell.failed()
        };
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Returns a file name for a report of a policy and a size. */
    public static String fileName(String policy, int size) {
        return String.format(Locale.ROOT, "replication-%s-%d", policy, size);
    }
}
