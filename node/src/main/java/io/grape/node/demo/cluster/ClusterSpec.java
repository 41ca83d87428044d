package io.grape.node.demo.cluster;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.util.List;

/**
 * What cluster is wanted.
 *
 * @param nodes      number of processes, 1 to 9; an even number tolerates no more failures than the odd one below it
 * @param directory  holds everything: one folder a node with its configuration, data and log
 * @param mainClass  the program of each process; it is given {@code serve --config FILE}
 * @param syncPolicy force, async or none
 * @param jvmOptions options of each process after those of this process, for example the heap
 */
public record ClusterSpec(int nodes, Path directory, String mainClass, String syncPolicy, List<String> jvmOptions) {
    private static final int MOST_NODES = 9;

    /** Checks the number of nodes. */
    public ClusterSpec {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "nodes: must be 1 to " + MOST_NODES + ", not " + nodes);
        }
        jvmOptions = List.copyOf(jvmOptions);
    }
}
