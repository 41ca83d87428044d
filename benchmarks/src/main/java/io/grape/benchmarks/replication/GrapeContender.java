package io.grape.benchmarks.replication;

import io.grape.node.cli.GrapeCli;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Three node processes of ours. */
final class GrapeContender implements Contender {
    static final String NAME = "grape";

    private final LocalCluster cluster;

    private GrapeContender(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** Ours at a sync policy. */
    record Ours(String policy, String idle) implements Launch {
        @Override
        public String name() {
            return "Grape, " + policy;
        }

        @Override
        public String kind() {
            return NAME;
        }

        @Override
        public Contender start(Path directory) throws IOException {
            ClusterSpec spec = new ClusterSpec(
                    ReplicationBenchmark.MEMBERS,
                    directory,
                    GrapeCli.class.getName(),
                    policy,
                    ReplicationBenchmark.HEAP);
            LocalCluster cluster = LocalCluster.create(spec, false);
            for (int node = 1; node <= ReplicationBenchmark.MEMBERS; node++) {
                Files.writeString(
                        directory.resolve("node-" + node).resolve("node.yaml"),
                        "aeron:\n  idle: " + idle + "\n",
                        StandardOpenOption.APPEND);
            }
            cluster.startAll();
            return new GrapeContender(cluster);
        }
    }

    @Override
    public String address() {
        return String.join(",", List.copyOf(cluster.endpoints()));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
