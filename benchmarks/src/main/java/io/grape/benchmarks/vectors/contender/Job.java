package io.grape.benchmarks.vectors.contender;

import java.nio.file.Path;
import java.util.List;

/** What a driver is told on its command line. */
record Job(
        String mode,
        Path base,
        Path queryFile,
        int rows,
        int queries,
        int dimension,
        boolean angular,
        Path directory,
        int threads) {
    static final String ANGULAR = "angular";

    static Job parse(List<String> arguments) {
        return new Job(
                arguments.get(0),
                Path.of(arguments.get(1)),
                Path.of(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)),
                arguments.get(6).equals(ANGULAR),
                Path.of(arguments.get(7)),
                Integer.parseInt(arguments.get(8)));
    }
}
