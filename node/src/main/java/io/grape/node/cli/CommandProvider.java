package io.grape.node.cli;

import java.util.List;

/**
 * A module above this one that brings commands of its own, found by {@link java.util.ServiceLoader}: the simulator and
 * the benchmarks know the node, and the node must not know them.
 */
public interface CommandProvider {
    /** Returns new picocli commands, each a class annotated with its name. */
    List<Object> commands();
}
