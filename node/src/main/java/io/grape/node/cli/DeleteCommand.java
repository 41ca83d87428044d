package io.grape.node.cli;

import io.grape.client.GrapeClient;
import io.grape.client.WriteResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape delete}: removes points by id; an absent one is no error. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes points by id, all of them or none; an absent one is no error.",
        footerHeading = "%nExamples:%n",
        footer = "  grape delete --collection words 17 18 19")
final class DeleteCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(
            names = {"-c", "--collection"},
            required = true,
            description = "Where they are")
    private String collectionName = "";

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Numeric ids")
    private long[] ids = {};

    @Override
    public Integer call() {
        try (GrapeClient client = options.connect()) {
            WriteResult done = client.delete(client.collection(collectionName), ids);
            if (output.isJson()) {
                OutputOptions.print(spec.commandLine().getOut(), json -> {
                    json.writeStartObject();
                    json.writeNumberProperty("removed", done.changed());
                    json.writeNumberProperty("group", done.position().groupId());
                    json.writeNumberProperty("index", done.position().index());
                    json.writeEndObject();
                });
            } else {
                spec.commandLine().getOut().println(done.changed() + " of " + ids.length + " removed");
            }
        }
        return ExitCode.OK;
    }
}
