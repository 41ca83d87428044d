package io.grape.node.demo.cluster;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM like this one: same binary, flags and class path. */
public final class JavaCommand {
    /** Agents (coverage, debuggers) serve this process only, and the heap is for the caller to say. */
    private static final List<String> NOT_INHERITED = List.of("-javaagent:", "-agentlib:", "-agentpath:", "-Xm");

    private JavaCommand() {}

    /**
     * Returns the command up to and including the main class.
     *
     * @param mainClass  what runs
     * @param jvmOptions after those of this process
     */
    public static List<String> of(String mainClass, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() ->
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(flag::startsWith)) {
                command.add(flag);
            }
        }
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        return command;
    }
}
