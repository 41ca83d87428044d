package io.grape.node.cli;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.codecs.sbe.Metric;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code grape collection}: makes, lists, shows and drops collections. */
@Command(
        name = "collection",
        mixinStandardHelpOptions = true,
        description = "Makes, lists, shows and drops collections.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  grape collection create words --dimension 100 --metric cosine",
            "  grape collection list --json",
            "  grape collection drop words --yes"
        })
final class CollectionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: create, list, describe or drop");
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a collection; the same again is a success.")
    int create(
            @Parameters(paramLabel = "NAME", description = "1 to 128 of a-z, 0-9, _ and -") String name,
            @Option(names = "--dimension", required = true, description = "Components of a vector") int dimension,
            @Option(names = "--metric", required = true, description = "dot, cosine or euclidean") MetricName metric,
            @Mixin ClientOptions options,
            @Mixin OutputOptions output) {
        try (GrapeClient client = options.connect()) {
            show(output, List.of(client.createCollection(name, dimension, metric.metric)), false);
        }
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the collections.")
    int list(@Mixin ClientOptions options, @Mixin OutputOptions output) {
        try (GrapeClient client = options.connect()) {
            show(output, client.listCollections(), true);
        }
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows one collection.")
    int describe(
            @Parameters(paramLabel = "NAME", description = "The collection") String name,
            @Mixin ClientOptions options,
            @Mixin OutputOptions output) {
        try (GrapeClient client = options.connect()) {
            show(output, List.of(client.collection(name)), false);
        }
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Drops a collection and all its points.")
    int drop(
            @Parameters(paramLabel = "NAME", description = "The collection") String name,
            @Option(names = "--yes", required = true, description = "It is meant: nothing brings the points back")
                    boolean isMeant,
            @Mixin ClientOptions options) {
        if (!isMeant) {
            throw new ParameterException(spec.commandLine(), "--yes says that it is meant");
        }
        try (GrapeClient client = options.connect()) {
            client.dropCollection(name);
        }
        spec.commandLine().getOut().println("dropped " + name);
        return ExitCode.OK;
    }

    /** Metrics as people type them. */
    enum MetricName {
        DOT(Metric.DOT),
        COSINE(Metric.COSINE),
        EUCLIDEAN(Metric.EUCLIDEAN);

        private final Metric metric;

        MetricName(Metric metric) {
            this.metric = metric;
        }
    }

    private void show(OutputOptions output, List<CollectionInfo> collections, boolean isList) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            OutputOptions.print(out, json -> write(json, collections, isList));
        } else {
            collections.forEach(collection -> out.println(line(collection)));
            out.flush();
        }
    }

    static void write(JsonGenerator json, List<CollectionInfo> collections, boolean isList) {
        if (isList) {
            json.writeStartArray();
        }
        for (CollectionInfo collection : collections) {
            json.writeStartObject();
            json.writeStringProperty("name", collection.name());
            json.writeNumberProperty("dimension", collection.dimension());
            json.writeStringProperty("metric", collection.metric().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty(
                    "elementType", collection.elementType().name().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("points", collection.points());
            json.writeEndObject();
        }
        if (isList) {
            json.writeEndArray();
        }
    }

    static String line(CollectionInfo collection) {
        return String.format(
                Locale.ROOT,
                "%-24s dimension %4d  %-9s %-7s  %,d points",
                collection.name(),
                collection.dimension(),
                collection.metric(),
                collection.elementType(),
                collection.points());
    }
}
