package io.grape.node.cli;

import io.grape.client.ClientConfig;
import io.grape.client.GrapeClient;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every command that talks to a cluster. */
final class ClientOptions {
    @Option(
            names = {"-e", "--endpoints"},
            split = ",",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9410",
            description = "One node or more; the rest is learnt from them. Default: ${DEFAULT-VALUE}")
    private List<String> endpoints = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to try. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    GrapeClient connect() {
        return GrapeClient.connect(config().build());
    }

    /** Returns a builder with what the options say. */
    ClientConfig.Builder config() {
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        return ClientConfig.builder()
                .endpoints(endpoints)
                .connectTimeout(timeout)
                .requestTimeout(timeout);
    }
}
