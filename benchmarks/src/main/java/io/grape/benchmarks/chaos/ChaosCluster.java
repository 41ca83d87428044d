package io.grape.benchmarks.chaos;

import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Node processes on loopback that can be hurt. One thread. */
final class ChaosCluster implements AutoCloseable {
    private static final List<String> HEAP =
            List.of("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final long LOOK_NS = 1_000_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final LocalCluster cluster;
    private final Path directory;
    private final List<NodeFaults> faults = new ArrayList<>();
    private final Set<Integer> paused = new HashSet<>();

    private ChaosCluster(LocalCluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /** Starts the nodes on an empty directory. */
    static ChaosCluster start(Path directory, int nodes, @Nullable BrokenBuild defect) throws IOException {
        List<String> options = new ArrayList<>(HEAP);
        if (defect != null) {
            options.add("-D" + ChaosNode.DEFECT + "=" + defect.commandName());
        }
        LocalCluster cluster = LocalCluster.create(
                new ClusterSpec(nodes, directory, ChaosNode.class.getName(), "force", options), false);
        ChaosCluster chaos = new ChaosCluster(cluster, directory);
        for (int node = 1; node <= nodes; node++) {
            chaos.faults.add(NodeFaults.open(chaos.home(node)));
        }
        cluster.startAll();
        return chaos;
    }

    private Path home(int node) {
        return directory.resolve("node-" + node);
    }

    LocalCluster processes() {
        return cluster;
    }

    int size() {
        return cluster.size();
    }

    NodeFaults faults(int node) {
        return faults.get(node - 1);
    }

    /** Kills a node and takes away what it had not forced; returns the sectors lost. */
    int cutPower(int node, RandomGenerator random) throws IOException {
        cluster.kill(node);
        return UnforcedWrites.cutPower(home(node).resolve(ChaosNode.UNFORCED), random);
    }

    /** Waits for a moment in which a node has written what it has not forced, so that a power cut can take something. */
    void awaitUnforced(int node, Duration timeout) throws IOException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!UnforcedWrites.hasAny(home(node).resolve(ChaosNode.UNFORCED)) && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Kills a node and starts it on an empty disk; {@link #heal} puts the old one back. */
    void swapDisk(int node) throws IOException {
        cluster.kill(node);
        Files.move(cluster.dataDirectory(node), aside(node));
        remove(home(node).resolve(ChaosNode.UNFORCED));
        cluster.start(node);
    }

    private Path aside(int node) {
        return home(node).resolve("data-aside");
    }

    private void putDiskBack(int node) throws IOException {
        if (Files.exists(aside(node))) {
            cluster.kill(node);
            remove(cluster.dataDirectory(node));
            remove(home(node).resolve(ChaosNode.UNFORCED));
            Files.move(aside(node), cluster.dataDirectory(node));
        }
    }

    void start(int node) throws IOException {
        if (!cluster.isRunning(node)) {
            cluster.start(node);
        }
    }

    void pause(int node) throws IOException {
        signal(node, "STOP");
        paused.add(node);
    }

    void resume(int node) throws IOException {
        if (paused.remove(node)) {
            signal(node, "CONT");
        }
    }

    private void signal(int node, String name) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(cluster.pid(node)))
                    .start()
                    .waitFor();
        } catch (InterruptedException wakeUp) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing gets from one node to another, in one direction. */
    void cut(int from, int to, boolean isCut) {
        faults(from).cut(to, isCut);
    }

    /** Ends every fault and starts every node. */
    void heal() throws IOException {
        for (int node : Set.copyOf(paused)) {
            resume(node);
        }
        faults.forEach(NodeFaults::heal);
        for (int node = 1; node <= size(); node++) {
            putDiskBack(node);
            start(node);
        }
    }

    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Ends the processes, also paused ones. */
    @Override
    public void close() {
        for (int node : Set.copyOf(paused)) {
            try {
                resume(node);
            } catch (IOException gone) {
                cluster.kill(node);
            }
        }
        for (int node = 1; node <= size(); node++) {
            cluster.stop(node, STOP_TIMEOUT);
        }
        cluster.close();
    }
}
