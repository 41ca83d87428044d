package io.grape.node.demo.cluster;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Node processes on loopback, numbered from 1, each with its own directory, configuration, data and log.
 *
 * <p>Whatever ends this process also ends them: {@link #close}, a shutdown hook for Ctrl-C, and for SIGKILL each node
 * itself, which is told to stop with its parent. {@link #leaveRunning} lifts this for good. One thread; {@link #close} may
 * also be called by a shutdown hook.
 */
public final class LocalCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final ClusterSpec spec;
    private final List<Integer> ports;
    private final boolean keepable;
    private final List<NodeProcess> processes = new CopyOnWriteArrayList<>();
    private final ShutdownHook endOnShutdown = ShutdownHook.add("end-local-cluster", this::endAll);
    private boolean left;

    private LocalCluster(ClusterSpec spec, List<Integer> ports, boolean keepable) {
        this.spec = spec;
        this.ports = ports;
        this.keepable = keepable;
    }

    /**
     * Chooses ports and writes the configuration of each node; starts nothing.
     *
     * @param keepable {@link #leaveRunning} may be called; the nodes are not told to stop with this process
     * @throws IOException if the directory cannot be written or no port is free
     */
    public static LocalCluster create(ClusterSpec spec, boolean keepable) throws IOException {
        LocalCluster cluster = new LocalCluster(spec, FreePorts.find(spec.nodes()), keepable);
        for (int nodeId = 1; nodeId <= spec.nodes(); nodeId++) {
            cluster.processes.add(cluster.prepare(nodeId));
        }
        return cluster;
    }

    private NodeProcess prepare(int nodeId) throws IOException {
        Path directory = Files.createDirectories(spec.directory().resolve("node-" + nodeId));
        List<String> command = new ArrayList<>(JavaCommand.of(spec.mainClass(), spec.jvmOptions()));
        command.addAll(List.of(
                "serve", "--config", NodeProcess.configuration(directory).toString()));
        if (!keepable) {
            command.addAll(
                    List.of("--stop-with", Long.toString(ProcessHandle.current().pid())));
        }
        NodeProcess process = new NodeProcess(nodeId, directory, command);
        Files.writeString(NodeProcess.configuration(directory), configuration(nodeId, process.dataDirectory()));
        return process;
    }

    private String configuration(int nodeId, Path dataDirectory) {
        String members = IntStream.rangeClosed(1, spec.nodes())
                .mapToObj(id -> "    - { id: " + id + ", endpoint: \"" + endpoint(id) + "\" }\n")
                .collect(Collectors.joining());
        return """
                node:
                  id: %d
                cluster:
                  members:
                %sdata:
                  directory: '%s'
                sync:
                  policy: %s
                """.formatted(nodeId, members, dataDirectory.toString().replace("'", "''"), spec.syncPolicy());
    }

    /** Returns the number of nodes, running or not. */
    public int size() {
        return spec.nodes();
    }

    /** Returns where a node listens, as host:port. */
    public String endpoint(int nodeId) {
        return LOOPBACK + ":" + ports.get(nodeId - 1);
    }

    /** Returns where all nodes listen, by ascending id. */
    public List<String> endpoints() {
        return IntStream.rangeClosed(1, spec.nodes()).mapToObj(this::endpoint).toList();
    }

    /** Returns where a node's data lies. */
    public Path dataDirectory(int nodeId) {
        return node(nodeId).dataDirectory();
    }

    /** Returns the file that holds what a node printed. */
    public Path log(int nodeId) {
        return node(nodeId).log();
    }

    /** Returns the process id of a node, or -1 if it was never started. */
    public long pid(int nodeId) {
        return node(nodeId).pid();
    }

    /** Returns whether a node's process is there. */
    public boolean isRunning(int nodeId) {
        return node(nodeId).isRunning();
    }

    /** Starts every node that does not run. */
    public void startAll() throws IOException {
        for (int nodeId = 1; nodeId <= size(); nodeId++) {
            if (!isRunning(nodeId)) {
                start(nodeId);
            }
        }
    }

    /** Starts a node that does not run, on the data that it left. */
    public void start(int nodeId) throws IOException {
        node(nodeId).start();
    }

    /** Sends SIGKILL to a node and waits until it is gone. */
    public void kill(int nodeId) {
        node(nodeId).kill();
    }

    /** Sends SIGTERM to a node and waits; returns its exit code, or -1 if it is still there after the timeout. */
    public int stop(int nodeId, Duration timeout) {
        return node(nodeId).stop(timeout);
    }

    /**
     * Checks that every node that was started is still there.
     *
     * @throws GrapeException IO_FAILURE with the end of the log of the one that is not
     */
    public void requireRunning() {
        for (int nodeId = 1; nodeId <= size(); nodeId++) {
            if (!isRunning(nodeId)) {
                throw new GrapeException(
                        ErrorCode.IO_FAILURE,
                        "node " + nodeId + " ended; the last lines of " + log(nodeId) + ":\n"
                                + node(nodeId).logTail());
            }
        }
    }

    /** Decides that the processes stay when this is closed and when this process ends. */
    public void leaveRunning() {
        if (!keepable) {
            throw new IllegalStateException("the nodes were told to stop with this process");
        }
        left = true;
        endOnShutdown.close();
    }

    /** Ends what runs, unless it is to be left running: SIGTERM to all, then SIGKILL to whoever is slow. */
    @Override
    public void close() {
        if (!left) {
            endAll();
            endOnShutdown.close();
        }
    }

    /** A node that may finish also removes its media driver's files, of which memory-backed file systems hold few. */
    private void endAll() {
        processes.forEach(NodeProcess::terminate);
        processes.forEach(process -> process.stop(STOP_TIMEOUT));
        processes.forEach(NodeProcess::kill);
    }

    private NodeProcess node(int nodeId) {
        if (nodeId < 1 || nodeId > processes.size()) {
            throw new IllegalArgumentException("no node " + nodeId + " in 1 to " + processes.size());
        }
        return processes.get(nodeId - 1);
    }
}
