package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrapeCliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void helpNamesEveryCommandAndEveryExitCode() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("serve", "demo", "status", "collections", "search", "get", "journal", "convert")
                .contains("Exit codes:", "69", "70", "74", "78");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "demo",
                "status",
                "collections",
                "search",
                "get",
                "journal",
                "journal inspect",
                "journal verify",
                "convert",
                "convert words",
                "convert images"
            })
    void everyCommandExplainsItselfAndRefusesAnUnknownOption(String command) {
        assertThat(run((command + " --help").split(" "))).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: grape " + command);

        assertThat(run((command + " --no-such-option").split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).containsAnyOf("--no-such-option", "Usage: grape " + command);
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).matches("grape \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "xyzzy",
                "convert",
                "convert words",
                "search",
                "search --collection x",
                "search --collection x --id 1 --vector 1,2",
                "search --collection x --id 1 --consistency sometimes",
                "get --collection x",
                "get --collection x one",
                "demo --nodes three",
                "status --timeout soon"
            })
    void aWrongCommandLineIsExplainedWithExitCodeTwo(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Usage: grape");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void convertingWritesAFile() throws IOException {
        Path source = Files.writeString(
                directory.resolve("words.json"),
                "{\"dimensions\":2,\"words\":[\"the\"],\"vectors\":{\"the\":[1,2,2.2,0]}}");
        Path target = directory.resolve("words.gvec");

        assertThat(run("convert", "words", source.toString(), target.toString(), "--encoding", "int16_scaled"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("1 vectors of 2 components");
        assertThat(target).exists();
    }

    @Test
    void aMissingFileIsAFaultAndADamagedOneToo() throws IOException {
        String missing = directory.resolve("missing").toString();
        String target = directory.resolve("target").toString();
        assertThat(run("convert", "words", missing, target)).isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("IO_FAILURE", missing);

        String damaged =
                Files.writeString(directory.resolve("damaged"), "no JSON").toString();
        assertThat(run("convert", "words", damaged, target)).isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("DATA_CORRUPT", damaged);

        assertThat(run("convert", "images", damaged, damaged, target)).isEqualTo(ExitCode.FAULT);
    }

    @Test
    void aConfigurationThatCannotBeIsNamed() {
        assertThat(run("demo", "--nodes", "0", "--no-prompt")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("INVALID_CONFIGURATION", "nodes");
        assertThat(run("status", "--endpoints", "nowhere")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("'nowhere' is not host:port");
    }

    @ParameterizedTest
    @CsvSource({
        "OK, 0",
        "UNKNOWN_COLLECTION, 3",
        "INVALID_K, 3",
        "TIMED_OUT, 69",
        "NOT_LEADER, 69",
        "INTERNAL, 70",
        "PORT_IN_USE, 74",
        "DATA_CORRUPT, 74",
        "DATA_OWNED_BY_OTHER_NODE, 78",
        "INVALID_CONFIGURATION, 78"
    })
    void codesHaveTheirExitCodes(ErrorCode code, int exitCode) {
        assertThat(ExitCode.of(code)).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void onlyOkEndsWithZero(ErrorCode code) {
        assertThat(ExitCode.of(code) == ExitCode.OK).isEqualTo(code == ErrorCode.OK);
    }

    private int run(String... arguments) {
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
