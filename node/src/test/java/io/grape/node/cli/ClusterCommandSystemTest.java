package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of one real process that is started, shown, stopped and started again. */
class ClusterCommandSystemTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        run("cluster", "stop", "--directory", directory.toString());
    }

    @Test
    void aLocalClusterIsStartedShownAndStopped() {
        assertThat(run("cluster", "status", "--directory", directory.toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run("cluster", "start", "--nodes", "1", "--directory", directory.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("node 1  127.0.0.1:", "grape status --endpoints");
        assertThat(run("cluster", "status", "--directory", directory.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("green");
        assertThat(run("cluster", "start", "--nodes", "1", "--directory", directory.toString()))
                .isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("runs already");
        assertThat(run("cluster", "stop", "--directory", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("1 nodes stopped");
        assertThat(run("cluster", "status", "--directory", directory.toString()))
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run("cluster", "start", "--nodes", "2", "--directory", directory.toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
