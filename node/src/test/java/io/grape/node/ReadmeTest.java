package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.config.NodeConfig;
import io.grape.node.demo.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final String SOURCE = "node/src/test/java/io/grape/node/FiveMinuteExample.java";

    @TempDir
    private Path directory;

    @Test
    void theExampleIsTheOneThatIsCompiled() throws IOException {
        String source = Files.readString(Repository.root().resolve(SOURCE));
        String begin = "// README begins\n";
        String end = "\n        // README ends";
        // Without the last line break, because stripIndent would count the empty line after it.
        String compiled = source.substring(source.indexOf(begin) + begin.length(), source.indexOf(end))
                        .stripIndent()
                        .replace("(endpoint)", "(\"localhost:" + NodeConfig.DEFAULT_PORT + "\")")
                + "\n";

        assertThat(Files.readString(Repository.root().resolve("README.md"))).contains("```java\n" + compiled + "```");
    }

    @Test
    void theExampleDoesWhatItSays() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (GrapeNode node = GrapeNode.launch(NodeConfig.single(directory, TestPorts.free()))) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            FiveMinuteExample.run(node.config().endpoint());
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("0\\.9\\d+ (Alien|Blade Runner)"));
    }

    @Test
    void everyFileThatTheReadmePointsToIsThere() throws IOException {
        String readme = Files.readString(Repository.root().resolve("README.md"));
        Stream<String> links = java.util.regex.Pattern.compile("]\\((?!http|#)([^)#]+)")
                .matcher(readme)
                .results()
                .map(link -> link.group(1));
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Repository.root().resolve(link)).exists());
    }
}
