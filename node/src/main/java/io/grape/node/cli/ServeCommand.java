package io.grape.node.cli;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code grape serve}: runs a node until SIGTERM. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs a node until it is told to stop.")
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "Configuration of a member, YAML")
    private @Nullable Path configuration;

    @Option(names = "--stop-with", paramLabel = "PID", hidden = true, description = "End when this process has ended")
    private @Nullable Long parentPid;

    @Override
    public Integer call() {
        throw new GrapeException(ErrorCode.INTERNAL, "no server yet for " + configuration + ", " + parentPid);
    }
}
