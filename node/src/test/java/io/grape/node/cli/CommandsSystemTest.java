package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.demo.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with one real process that it leaves running, and then every command against that process. */
class CommandsSystemTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private long processId = -1;

    @TempDir
    private Path directory;

    @AfterEach
    void endTheKeptNode() {
        ProcessHandle.of(processId).ifPresent(node -> {
            node.destroy();
            node.onExit()
                    .orTimeout(Duration.ofSeconds(30).toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        });
    }

    @Test
    void theDemoWithOneNodeHoldsAndLeavesItRunningForTheOtherCommands() {
        int demo = run(
                "demo",
                "--no-prompt",
                "--keep",
                "--nodes",
                "1",
                "--words",
                Repository.wordFile().toString(),
                "--data",
                directory.toString());
        String printed = out.toString();
        processId = Long.parseLong(find(printed, "kill (\\d+) "));
        String endpoint = find(printed, "status --endpoints (\\S+)");
        assertThat(demo).as("%s%n%s", printed, err).isEqualTo(ExitCode.OK);
        assertThat(printed)
                .contains("20,000 points acknowledged")
                .contains("200 exact searches for the 10 nearest equal a float64 computation")
                .contains("SIGKILL to node 1")
                .contains("No acknowledged write is lost.")
                .contains("sync policy           force")
                .contains("p99.9");

        assertThat(run("status", "--endpoints", endpoint)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).containsPattern("1\\s+leader").contains(Long.toString(processId));

        assertThat(run("collections", "--endpoints", endpoint)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("words", "20,000 points", "failover");

        assertThat(run("get", "--endpoints", endpoint, "--collection", "words", "0", "--vectors"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("the").contains("[-0.038");
        assertThat(run("get", "--endpoints", endpoint, "--collection", "words", "0", "20000"))
                .isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(out.toString()).contains("20000  absent");

        assertThat(run("search", "--endpoints", endpoint, "--collection", "words", "--id", "0", "-k", "3"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("1.000000  the", "3 hits, ");
        assertThat(run("search", "--endpoints", endpoint, "--collection", "words", "--id", "20000"))
                .isEqualTo(ExitCode.CHECK_FAILED);

        assertThat(run("search", "--endpoints", endpoint, "--collection", "words", "--vector", "1,2"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("DIMENSION_MISMATCH");
        assertThat(run("search", "--endpoints", endpoint, "--collection", "absent", "--id", "1"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("UNKNOWN_COLLECTION");
        assertThat(run("search", "--endpoints", endpoint, "--collection", "words", "--id", "0", "-k", "0"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("INVALID_K");
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in%n%s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
