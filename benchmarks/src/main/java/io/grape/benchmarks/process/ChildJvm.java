package io.grape.benchmarks.process;

import io.grape.node.demo.cluster.ShutdownHook;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the flags and the class path of this one, another main class, and a file for what it prints. It is ended when this
 * is closed, and when this process is told to end.
 */
public final class ChildJvm implements AutoCloseable {
    private static final List<String> NOT_INHERITED = List.of("-javaagent:", "-agentlib:", "-agentpath:", "-Xm");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final Path log;
    private final ShutdownHook hook;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.hook = ShutdownHook.add("end-child", process::destroyForcibly);
    }

    /**
     * Starts one.
     *
     * @param main    its main class
     * @param options of the JVM, after the inherited flags
     * @param log     gets what it prints
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(Class<?> main, List<String> options, Path log, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(flag::startsWith)) {
                command.add(flag);
            }
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        return new ChildJvm(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns whether it is still there. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Returns what it has printed so far. */
    public List<String> printed() throws IOException {
        return Files.readAllLines(log);
    }

    /**
     * Waits until it ends by itself.
     *
     * @throws IOException if it does not end in time, or with another code than zero; with the end of what it printed
     */
    public void await(Duration timeout) throws IOException {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException wakeUp) {
            Thread.currentThread().interrupt();
        }
        List<String> lines = printed();
        throw new IOException((isRunning() ? "still running after " + timeout : "exit code " + process.exitValue())
                + "; " + log + " ends with:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
    }

    /** Ends it: SIGTERM, then SIGKILL if it is slow. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException wakeUp) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        hook.close();
    }
}
