package io.grape.node.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The option of every command that prints data: a table for people, or JSON for scripts. */
final class OutputOptions {
    private static final JsonFactory JSON = new JsonFactory();

    @Option(names = "--json", description = "Print one JSON value for scripts instead of text for people")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /** Writes one JSON value on a line of its own. */
    static void print(PrintWriter out, Consumer<JsonGenerator> value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            value.accept(generator);
        }
        out.println(text);
        out.flush();
    }
}
