package io.grape.benchmarks.cli;

import io.grape.benchmarks.install.InstallBenchmark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code grape bench install}: what a snapshot on its way to a follower costs those who write. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = "Latency of writes while a follower takes a snapshot, and the speed of that beside a plain copy.")
final class InstallCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private BenchCommand bench;

    @Option(
            names = "--size-mib",
            defaultValue = "128",
            description = "Points that the follower misses (default: ${DEFAULT-VALUE}).")
    private int sizeMib;

    @Option(names = "--rate", defaultValue = "500", description = "Writes a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "Of the rows before and after (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--send-mib-per-s",
            defaultValue = "64",
            description = "Most that a leader sends of a snapshot (default: ${DEFAULT-VALUE}).")
    private int sendMibPerSecond;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "target/bench/install",
            description = "On the disk to measure (default: ${DEFAULT-VALUE}); what is made there is removed.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        InstallBenchmark.Settings settings = bench.isQuick()
                ? new InstallBenchmark.Settings(16, 100, 4, sendMibPerSecond)
                : new InstallBenchmark.Settings(sizeMib, rate, seconds, sendMibPerSecond);
        bench.finish(InstallBenchmark.run(directory, settings), "install");
        return 0;
    }
}
