package io.grape.benchmarks.cli;

import io.grape.benchmarks.replication.Load;
import io.grape.benchmarks.replication.ReplicationBenchmark;
import io.grape.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code grape bench replication}: the commit round trip and its throughput, beside peers. */
@Command(
        name = "replication",
        mixinStandardHelpOptions = true,
        description =
                "Three processes and a client: commit round trip at fixed rates and throughput, beside peers in turns.")
final class ReplicationCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private BenchCommand bench;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "1000,5000",
            paramLabel = "N",
            description = "Entries a second, open loop (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates;

    @Option(
            names = "--windows",
            split = ",",
            defaultValue = "1,64,256",
            paramLabel = "N",
            description = "Entries in flight, closed loop (default: ${DEFAULT-VALUE}).")
    private List<Integer> windows;

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "64,512,1024,3072",
            paramLabel = "BYTES",
            description = "Of an entry (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "force,none",
            paramLabel = "NAME",
            description = "force: a majority of disks; none: page cache (default: ${DEFAULT-VALUE}).")
    private List<String> policies;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "aeron-cluster",
            paramLabel = "NAME",
            description = "Beside ours (default: ${DEFAULT-VALUE}).")
    private List<String> peers;

    @Option(names = "--no-peers", description = "Ours alone.")
    private boolean alone;

    @Option(names = "--rounds", defaultValue = "4", description = "Of each contender (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each cell (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--idle",
            defaultValue = "backoff",
            description = "How threads wait: backoff, yield or busy-spin (default: ${DEFAULT-VALUE}).")
    private String idle;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "target/bench/replication",
            description = "On the disk to measure (default: ${DEFAULT-VALUE}); what is made there is removed.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        Load load = bench.isQuick()
                ? new Load(List.of(512), List.of(1000), List.of(64), 2, 3, idle)
                : new Load(sizes, rates, windows, seconds, 5, idle);
        for (String policy : policies) {
            List<Report> reports = ReplicationBenchmark.run(
                    directory, policy, alone ? List.of() : peers, load, bench.isQuick() ? 1 : rounds);
            for (int i = 0; i < reports.size(); i++) {
                bench.finish(
                        reports.get(i),
                        ReplicationBenchmark.fileName(policy, load.sizes().get(i)));
            }
        }
        return 0;
    }
}
