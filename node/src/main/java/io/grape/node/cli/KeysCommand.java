package io.grape.node.cli;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.security.ApiKey;
import io.grape.node.security.KeyFile;
import io.grape.node.security.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape keys}: the file of API keys that {@code security.keys-file} names. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Adds, lists and removes API keys of clients in the file that security.keys-file names.",
            "A running node takes a changed file in within two seconds. Copy the file to every node."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  grape keys add reporting --role read --file keys.yaml",
            "  GRAPE_API_KEY=grape_reporting_... grape search --collection words --id 17",
            "  grape keys remove reporting --file keys.yaml"
        })
final class KeysCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: add, list or remove");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Makes a key and prints it, once: the file holds a hash of it only.")
    int add(
            @Parameters(paramLabel = "NAME", description = "1 to 32 of a-z, 0-9 and -") String name,
            @Option(names = "--role", required = true, description = "read, write or admin") Role role,
            @Option(names = "--file", required = true, paramLabel = "FILE", description = "Of keys") Path file)
            throws IOException {
        List<ApiKey> keys = new ArrayList<>(Files.exists(file) ? KeyFile.read(file) : List.of());
        if (!ApiKey.isName(name)) {
            throw new ParameterException(spec.commandLine(), "'" + name + "' is not 1 to 32 of a-z, 0-9 and -");
        }
        if (keys.stream().anyMatch(key -> key.name().equals(name))) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, file + " has a key '" + name + "': remove it first");
        }
        ApiKey.Made made = ApiKey.make(name, role, new SecureRandom());
        keys.add(made.key());
        KeyFile.write(file, keys);
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.text());
        out.flush();
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows names and roles.")
    int list(
            @Option(names = "--file", required = true, paramLabel = "FILE", description = "Of keys") Path file,
            @Mixin OutputOptions output) {
        List<ApiKey> keys = KeyFile.read(file);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            OutputOptions.print(out, json -> {
                json.writeStartArray();
                for (ApiKey key : keys) {
                    json.writeStartObject();
                    json.writeStringProperty("name", key.name());
                    json.writeStringProperty("role", key.role().name().toLowerCase(Locale.ROOT));
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        } else {
            keys.forEach(key ->
                    out.printf("%-32s %s%n", key.name(), key.role().name().toLowerCase(Locale.ROOT)));
            out.flush();
        }
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a key; its sessions end within two seconds.")
    int remove(
            @Parameters(paramLabel = "NAME", description = "Of the key") String name,
            @Option(names = "--file", required = true, paramLabel = "FILE", description = "Of keys") Path file)
            throws IOException {
        List<ApiKey> keys = new ArrayList<>(KeyFile.read(file));
        if (!keys.removeIf(key -> key.name().equals(name))) {
            spec.commandLine().getErr().println("grape: " + file + " has no key '" + name + "'");
            return ExitCode.CHECK_FAILED;
        }
        KeyFile.write(file, keys);
        spec.commandLine().getOut().println("removed " + name);
        return ExitCode.OK;
    }
}
