package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @Test
    void aNodeIsStartedTwiceAndLeavesNothing(@TempDir Path directory) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        assertThat(GrapeCli.run(out, out, "train", "--scratch", directory.toString()))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(directory).isEmptyDirectory();
    }
}
