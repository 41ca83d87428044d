package io.grape.benchmarks.cli;

import io.grape.benchmarks.vectors.data.GlossEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape bench embed}. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = "Makes the set minilm-384: embeds the glosses of WordNet; goes on where it was interrupted.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EmbedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = "111000",
            description = "Rows to have in the end (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench/vectors",
            description = "Where sets are kept (default: ${DEFAULT-VALUE}).")
    private Path work;

    @Override
    public Integer call() throws IOException {
        Path home = Path.of(System.getProperty("grape.home", "."));
        Path file = GlossEmbedding.run(home, work, rows);
        spec.commandLine().getOut().println("written to " + file);
        return 0;
    }
}
