package io.grape.simulation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void seedsRunOneAfterTheOtherAndTheSpeedIsTold() {
        assertThat(run("--seeds", "2", "--from", "5", "--fault-ms", "500")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("seeds 2 of 2, ", "simulated hours, ", " a minute, ", " steps")
                .contains("every rule held: ");
    }

    @Test
    void aFailureTellsTheFaultsThatItTakesAndTheCommandThatRepeatsIt() throws IOException {
        assertThat(run("--defect", "DISK_FORGETS_FORCES", "--seeds", "10")).isEqualTo(ExitCode.CHECK_FAILED);
        String text = out.toString();
        assertThat(text)
                .contains(
                        "broke a rule: FORCED_IS_KEPT", "faults are enough:", " Crash ", "the last of what happened:");
        String again = text.lines()
                .filter(line -> line.startsWith("again: "))
                .findFirst()
                .orElseThrow();
        String script = text.substring(text.indexOf("enough:\n") + 8, text.indexOf("the last of what"));
        Path file = Files.writeString(directory.resolve("faults"), script);
        String[] words = (again.substring("again: ./grape simulate ".length()) + " --script " + file).split(" ", -1);
        assertThat(run(words)).isEqualTo(ExitCode.CHECK_FAILED);
        String hash = hash(text);
        assertThat(hash(out.toString())).as("the same run again").isEqualTo(hash);
    }

    @Test
    void oneSeedIsTold() {
        assertThat(run("--seed", "3", "--fault-ms", "300")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("every rule held", "seed 3, hash of all events ");
    }

    @Test
    void whatCannotBeRunIsRefused() throws IOException {
        assertThat(run("--nodes", "1")).isEqualTo(ExitCode.USAGE);
        Path file = Files.writeString(directory.resolve("faults"), "10 Melt 1");
        assertThat(run("--seed", "1", "--script", file.toString())).isEqualTo(ExitCode.USAGE);
    }

    private static String hash(String text) {
        int at = text.lastIndexOf("hash of all events");
        return text.substring(at, text.indexOf(',', at));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }
}
