package io.grape.simulation.cli;

import io.grape.node.cli.ExitCode;
import io.grape.simulation.RunResult;
import io.grape.simulation.Simulation;
import io.grape.simulation.SimulationConfig;
import io.grape.simulation.fault.FaultScript;
import io.grape.simulation.node.Defect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape simulate}: runs seeded schedules of a whole cluster. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a whole cluster under seeded faults on a virtual network, disk and clock, and checks after every step.",
            "Exit code 1 if a rule was broken; the seed, the faults that it takes and what happened are printed then."
        })
final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--seeds", paramLabel = "N", defaultValue = "100", description = "Seeds to run (default: 100)")
    private int seeds;

    @Option(names = "--from", paramLabel = "SEED", defaultValue = "1", description = "First of them (default: 1)")
    private long from;

    @Option(names = "--seed", paramLabel = "SEED", description = "Runs one seed again, and says what happened in it")
    private @Nullable Long seed;

    @Option(names = "--script", paramLabel = "FILE", description = "Faults for --seed in place of the seed's own")
    private @Nullable Path script;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "Nodes in the cluster (default: 3)")
    private int nodes;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "1",
            description = "Data groups, beside the metadata group (default: 1)")
    private int groups;

    @Option(names = "--clients", paramLabel = "N", defaultValue = "3", description = "Clients (default: 3)")
    private int clients;

    @Option(
            names = "--fault-ms",
            paramLabel = "MS",
            defaultValue = "3000",
            description = "Virtual time in which faults happen (default: 3000)")
    private int faultsMs;

    @Option(
            names = "--defect",
            defaultValue = "NONE",
            description = "Builds a defect into every node, to see it found: ${COMPLETION-CANDIDATES}")
    private Defect defect = Defect.NONE;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SimulationConfig config = config();
        SeedRunner runner = new SeedRunner(config, spec.commandLine().getOut(), System::nanoTime);
        boolean isGood;
        if (seed == null) {
            isGood = runner.run(from, seeds);
        } else {
            Simulation simulation = new Simulation(config);
            FaultScript faults = script == null ? simulation.scriptOf(seed) : read(script);
            RunResult result = simulation.run(seed, faults, true);
            runner.tell(result);
            isGood = result.isGood();
        }
        return isGood ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private SimulationConfig config() {
        try {
            return new SimulationConfig(nodes, groups, clients, faultsMs, defect);
        } catch (IllegalArgumentException refused) {
            throw new picocli.CommandLine.ParameterException(
                    spec.commandLine(), String.valueOf(refused.getMessage()), refused);
        }
    }

    private FaultScript read(Path file) throws IOException {
        try {
            return FaultScript.parse(Files.readString(file));
        } catch (IllegalArgumentException unreadable) {
            throw new picocli.CommandLine.ParameterException(
                    spec.commandLine(), file + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
