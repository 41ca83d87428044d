package io.grape.simulation.cli;

import io.grape.node.cli.CommandProvider;
import java.util.List;

/** Brings {@code grape simulate}. */
public final class SimulationCommands implements CommandProvider {
    @Override
    public List<Object> commands() {
        return List.of(new SimulateCommand());
    }
}
