package io.grape.node.cli;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grape collections}: one line for each. */
@Command(
        name = "collections",
        mixinStandardHelpOptions = true,
        description = "Lists the collections, as grape collection list does.")
final class CollectionsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (GrapeClient client = options.connect()) {
            List<CollectionInfo> collections = client.listCollections();
            if (output.isJson()) {
                OutputOptions.print(out, json -> CollectionCommand.write(json, collections, true));
            } else {
                collections.forEach(collection -> out.println(CollectionCommand.line(collection)));
            }
        }
        out.flush();
        return ExitCode.OK;
    }
}
