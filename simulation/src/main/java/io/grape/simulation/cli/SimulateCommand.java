package io.grape.simulation.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code grape simulate}: runs seeded schedules of a whole cluster. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Runs a whole cluster under seeded faults on a virtual network, disk and clock.")
final class SimulateCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "the simulator is not built yet");
    }
}
