package io.grape.benchmarks.chaos;

import io.grape.node.GrapeNode;
import io.grape.node.NodeSeams;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeConfigFile;
import io.grape.raft.core.Formation;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A node process whose links and disk are at the conductor's mercy. Takes the arguments of {@code grape serve}; the system property
 * {@code grape.chaos.defect} names a {@link BrokenBuild}.
 */
final class ChaosNode {
    static final String DEFECT = "grape.chaos.defect";
    static final String UNFORCED = "unforced";
    private static final int FAILED = 74;

    private ChaosNode() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String defect = System.getProperty(DEFECT);
        if (defect != null) {
            BrokenBuild.of(defect).apply();
        }
        Path file = Path.of(valueOf("--config", arguments)).toAbsolutePath();
        stopWith(Long.parseLong(valueOf("--stop-with", arguments)));
        NodeConfig config = NodeConfigFile.load(file);
        Path directory = file.resolveSibling("");
        NodeFaults faults = NodeFaults.open(directory);
        NodeSeams seams = new NodeSeams(
                new FaultyLinks(faults, ProcessHandle.current().pid()),
                new FaultyFiles(faults, directory.resolve(UNFORCED)));
        try (GrapeNode node = GrapeNode.launch(config, Formation.ALL_MEMBERS, seams)) {
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-node"));
            System.out.println("serves as node " + config.nodeId());
            node.awaitShutdown();
        }
    }

    private static String valueOf(String option, String[] arguments) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(option)) {
                return arguments[i + 1];
            }
        }
        throw new IllegalArgumentException(option + " is missing");
    }

    private static void stopWith(long pid) {
        ProcessHandle.of(pid).ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(FAILED));
        });
    }
}
