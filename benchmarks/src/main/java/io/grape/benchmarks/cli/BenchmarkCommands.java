package io.grape.benchmarks.cli;

import io.grape.node.cli.CommandProvider;
import java.util.List;

/** Brings {@code grape bench} and {@code grape chaos}. */
public final class BenchmarkCommands implements CommandProvider {
    @Override
    public List<Object> commands() {
        return List.of(new BenchCommand(), new ChaosCommand());
    }
}
