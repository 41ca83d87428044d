package io.grape.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOutputTest {
    private final StringWriter printed = new StringWriter();

    @Test
    void withoutATerminalProgressIsALineAtEachQuarter() {
        Progress progress = new DemoOutput(new PrintWriter(printed), false).progress("loaded", 20_000);
        for (int done = 0; done <= 20_000; done += 100) {
            progress.update(done);
        }
        assertThat(printed.toString().lines())
                .containsExactly(
                        "   loaded: 5,000 of 20,000",
                        "   loaded: 10,000 of 20,000",
                        "   loaded: 15,000 of 20,000",
                        "   loaded: 20,000 of 20,000");
    }

    @Test
    void onATerminalProgressIsABarThatEndsItsLineOnce() {
        Progress progress = new DemoOutput(new PrintWriter(printed), true).progress("loaded", 200);
        progress.update(0);
        progress.update(100);
        progress.update(100);
        progress.update(200);
        progress.update(200);
        assertThat(printed.toString().split("\r"))
                .containsExactly(
                        "",
                        "   loaded [" + ".".repeat(40) + "] 0 of 200",
                        "   loaded [" + "#".repeat(20) + ".".repeat(20) + "] 100 of 200",
                        "   loaded [" + "#".repeat(40) + "] 200 of 200\n");
    }

    @Test
    void thePromptAsksUntilAnEmptyLine() throws IOException {
        WordVectors words = Repository.words(1000);
        List<String> searched = new ArrayList<>();
        BufferedReader typed = new BufferedReader(new StringReader("king\nxyzzy\n city \n\nthe\n"));

        new Prompt(typed, new DemoOutput(new PrintWriter(printed), true))
                .run(words, id -> searched.add(words.word(id)));

        assertThat(searched).containsExactly("king", "city");
        assertThat(printed.toString()).contains("'xyzzy' is not among the 1,000 words");
    }

    @Test
    void thePromptEndsWithTheInput() throws IOException {
        WordVectors words = Repository.words(1000);
        List<Integer> searched = new ArrayList<>();
        new Prompt(new BufferedReader(new StringReader("the")), new DemoOutput(new PrintWriter(printed), true))
                .run(words, searched::add);
        assertThat(searched).containsExactly(0);
    }
}
