package io.grape.node.cli;

import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.StoredPoint;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code grape get}: points by id; exits with 1 if one is absent. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Reads points by id.")
final class GetCommand implements Callable<Integer> {
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
            description = "Where to look")
    private String collectionName = "";

    @Option(names = "--vectors", description = "Show the components too")
    private boolean withVectors;

    @Option(
            names = "--consistency",
            defaultValue = "linearizable",
            converter = ConsistencyConverter.class,
            description = "linearizable, local or at-least:INDEX. Default: ${DEFAULT-VALUE}")
    private Consistency consistency = Consistency.LINEARIZABLE;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Numeric ids")
    private long[] ids = {};

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean allPresent = true;
        try (GrapeClient client = options.connect()) {
            CollectionInfo collection = client.collection(collectionName);
            List<StoredPoint> points =
                    client.get(collection, ids, true, consistency).points();
            allPresent = points.stream().allMatch(StoredPoint::isPresent);
            if (output.isJson()) {
                OutputOptions.print(out, json -> write(json, points));
            } else {
                points.forEach(point -> out.println(describe(point)));
            }
        }
        return allPresent ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private void write(JsonGenerator json, List<StoredPoint> points) {
        json.writeStartArray();
        for (StoredPoint point : points) {
            json.writeStartObject();
            json.writeStringProperty("id", Long.toUnsignedString(point.id()));
            json.writeBooleanProperty("present", point.isPresent());
            float[] vector = point.vector();
            if (point.isPresent()) {
                json.writeNumberProperty("version", point.version());
                json.writeStringProperty("payload", Payloads.text(point.payload()));
            }
            if (withVectors && vector != null) {
                json.writeArrayPropertyStart("vector");
                for (float component : vector) {
                    json.writeNumber(component);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private String describe(StoredPoint point) {
        String id = Long.toUnsignedString(point.id());
        if (!point.isPresent()) {
            return id + "  absent";
        }
        String vector = withVectors ? "  " + Arrays.toString(point.vector()) : "";
        return id + "  version " + point.version() + "  " + Payloads.text(point.payload()) + vector;
    }
}
