package io.grape.node.demo.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node of a {@link LocalCluster}: where it lives, and its process while there is one.
 *
 * <p>One thread, except that {@link #kill} may also be called by a shutdown hook.
 */
final class NodeProcess {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOG_TAIL_LINES = 12;

    private final int nodeId;
    private final Path directory;
    private final List<String> command;
    private volatile @Nullable Process process;

    NodeProcess(int nodeId, Path directory, List<String> command) {
        this.nodeId = nodeId;
        this.directory = directory;
        this.command = List.copyOf(command);
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    static Path configuration(Path directory) {
        return directory.resolve("node.yaml");
    }

    Path log() {
        return directory.resolve("node.log");
    }

    /** Starts the process; its output is appended to the log. */
    void start() throws IOException {
        if (isRunning()) {
            throw new IllegalStateException("node " + nodeId + " runs already");
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Returns the process id, or -1 if it was never started. */
    long pid() {
        Process current = process;
        return current == null ? -1 : current.pid();
    }

    /** Sends SIGKILL and waits until the process is gone. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            awaitExit(current, KILL_TIMEOUT);
        }
    }

    /** Sends SIGTERM and does not wait. */
    void terminate() {
        Process current = process;
        if (current != null) {
            current.destroy();
        }
    }

    /** Sends SIGTERM and waits; returns the exit code, or -1 if the process is still there. */
    int stop(Duration timeout) {
        Process current = process;
        if (current == null) {
            return 0;
        }
        current.destroy();
        return awaitExit(current, timeout) ? current.exitValue() : -1;
    }

    /** Returns the last lines of the log, for a message about a node that did not come up. */
    String logTail() {
        try (Stream<String> lines = Files.lines(log())) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LOG_TAIL_LINES), all.size()));
        } catch (IOException unreadable) {
            return "(" + log() + " cannot be read: " + unreadable.getMessage() + ")";
        }
    }

    private static boolean awaitExit(Process process, Duration timeout) {
        boolean interrupted = false;
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    return process.waitFor(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException wakeUp) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
