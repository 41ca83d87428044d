package io.grape.node.cli;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grape collections}: one line for each. */
@Command(name = "collections", mixinStandardHelpOptions = true, description = "Lists the collections.")
final class CollectionsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (GrapeClient client = options.connect()) {
            for (CollectionInfo collection : client.listCollections()) {
                out.printf(
                        Locale.ROOT,
                        "%-24s dimension %4d  %-9s %-7s  %,d points%n",
                        collection.name(),
                        collection.dimension(),
                        collection.metric(),
                        collection.elementType(),
                        collection.points());
            }
        }
        out.flush();
        return ExitCode.OK;
    }
}
