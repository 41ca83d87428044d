package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.data.VectorSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An index to be built and searched.
 *
 * @param label   in the tables
 * @param engine  names its directory
 * @param threads that build it
 * @param driver  the command that starts its driver, without the driver's arguments
 */
record Contender(String label, String engine, int threads, List<String> driver) {
    /** Ours is told apart from peers by this. */
    static final String OURS = "grape";

    boolean isOurs() {
        return engine.equals(OURS);
    }

    /** Where its index lies. */
    Path directory(VectorSet set) {
        return set.directory().resolve(threads == 1 ? engine : engine + "-" + threads);
    }

    /** The whole command line. */
    List<String> command(String mode, VectorSet set) {
        List<String> command = new ArrayList<>(driver);
        command.addAll(List.of(
                mode,
                set.baseFile().toString(),
                set.queryFile().toString(),
                Integer.toString(set.rows()),
                Integer.toString(set.queries()),
                Integer.toString(set.dimension()),
                set.angular() ? "angular" : "euclidean",
                directory(set).toString(),
                Integer.toString(threads)));
        return command;
    }
}
