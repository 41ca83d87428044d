package io.grape.node.cli;

import io.grape.client.ClientConfig;
import io.grape.client.GrapeClient;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a cluster. */
final class ClientOptions {
    private static final String KEY_VARIABLE = "GRAPE_API_KEY";

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

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "Holds the API key in its first line. Default: the key in the variable " + KEY_VARIABLE)
    private @Nullable Path keyFile;

    private byte[] credentials() {
        String key = System.getenv(KEY_VARIABLE);
        if (keyFile != null) {
            try {
                key = Files.readString(keyFile).lines().findFirst().orElse("");
            } catch (IOException ex) {
                throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "cannot read " + keyFile + ": " + ex, ex);
            }
        }
        return key == null ? new byte[0] : key.strip().getBytes(StandardCharsets.US_ASCII);
    }

    GrapeClient connect() {
        return GrapeClient.connect(config().build());
    }

    /** Returns a builder with what the options say. */
    ClientConfig.Builder config() {
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        return ClientConfig.builder()
                .endpoints(endpoints)
                .connectTimeout(timeout)
                .requestTimeout(timeout)
                .credentials(credentials());
    }
}
