package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.GrapeNode;
import io.grape.node.TestPorts;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeConfigFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of operators against one node in this process, with keys and without. */
class OperatorCommandsSystemTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void collectionsPointsAndStatusFromTheCommandLine() {
        int port = TestPorts.free();
        String endpoint = "localhost:" + port;
        try (GrapeNode node = GrapeNode.launch(NodeConfig.single(directory.resolve("data"), port))) {
            assertThat(node.httpUrl()).isNull();
            String[] create = {
                "collection", "create", "words", "--dimension", "2", "--metric", "euclidean", "-e", endpoint
            };
            assertThat(run(create)).as(err.toString()).isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("words", "dimension    2", "EUCLIDEAN");
            assertThat(run("collection", "list", "--json", "-e", endpoint)).isEqualTo(ExitCode.OK);
            assertThat(out.toString().strip())
                    .isEqualTo(
                            "[{\"name\":\"words\",\"dimension\":2,\"metric\":\"euclidean\",\"elementType\":\"float32\",\"points\":0}]");
            assertThat(run("collection", "describe", "words", "--json", "-e", endpoint))
                    .isEqualTo(ExitCode.OK);
            assertThat(out.toString()).startsWith("{\"name\":\"words\"");
            assertThat(run("collections", "--json", "-e", endpoint)).isEqualTo(ExitCode.OK);

            assertThat(run("delete", "-c", "words", "1", "2", "-e", endpoint)).isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("0 of 2 removed");
            assertThat(run("delete", "-c", "words", "1", "--json", "-e", endpoint))
                    .isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("\"removed\":0");
            assertThat(run("get", "-c", "words", "1", "--json", "-e", endpoint)).isEqualTo(ExitCode.CHECK_FAILED);
            assertThat(out.toString()).contains("{\"id\":\"1\",\"present\":false}");
            assertThat(run("search", "-c", "words", "--vector", "1,2", "--json", "-e", endpoint))
                    .isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("\"hits\":[]");

            assertThat(run("status", "-e", endpoint)).isEqualTo(ExitCode.OK);
            assertThat(out.toString())
                    .startsWith("green  1 of 1 nodes answer, node 0 leads")
                    .doesNotContain("\u001b[");
            assertThat(run("status", "--json", "-e", endpoint)).isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("\"health\":\"green\"", "\"role\":\"leader\"");
            assertThat(run("top", "--rounds", "2", "--interval", "0.1", "-e", endpoint))
                    .isEqualTo(ExitCode.OK);
            assertThat(out.toString()).contains("entries applied a second");

            assertThat(run("collection", "drop", "words", "-e", endpoint)).isEqualTo(ExitCode.USAGE);
            assertThat(run("collection", "drop", "words", "--yes", "-e", endpoint))
                    .isEqualTo(ExitCode.OK);
            assertThat(run("collection", "describe", "words", "-e", endpoint)).isEqualTo(ExitCode.REFUSED);
        }
    }

    @Test
    void whatAKeyMayNotDoIsForbidden() throws Exception {
        int port = TestPorts.free();
        String endpoint = "localhost:" + port;
        Path keys = directory.resolve("keys.yaml");
        Path reader = addKey(keys, "reader", "read");
        Path boss = addKey(keys, "boss", "admin");
        assertThat(run("keys", "list", "--json", "--file", keys.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("[{\"name\":\"reader\",\"role\":\"read\"},{\"name\":\"boss\",\"role\":\"admin\"}]");

        NodeConfig config = NodeConfigFile.single(
                directory.resolve("data"),
                port,
                Map.of("GRAPE_SECURITY_KEYS_FILE", keys.toString(), "GRAPE_HTTP_ENABLED", "false"));
        try (GrapeNode node = GrapeNode.launch(config)) {
            assertThat(node.config().operation().security().keysFile()).isEqualTo(keys);
            assertThat(run("status", "-e", endpoint)).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains("AUTHENTICATION_FAILED");
            assertThat(run("status", "-e", endpoint, "--api-key-file", reader.toString()))
                    .isEqualTo(ExitCode.OK);
            String[] create = {"collection", "create", "words", "--dimension", "2", "--metric", "dot", "-e", endpoint};
            assertThat(run(with(create, "--api-key-file", reader.toString()))).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString()).contains("FORBIDDEN");
            assertThat(run(with(create, "--api-key-file", boss.toString()))).isEqualTo(ExitCode.OK);
            assertThat(run("collections", "-e", endpoint, "--api-key-file", reader.toString()))
                    .isEqualTo(ExitCode.OK);
            assertThat(run("delete", "-c", "words", "1", "-e", endpoint, "--api-key-file", reader.toString()))
                    .isEqualTo(ExitCode.REFUSED);
        }
    }

    @Test
    void keysAreAddedListedAndRemoved() throws Exception {
        Path keys = directory.resolve("keys.yaml");
        addKey(keys, "one", "write");
        assertThat(run("keys", "add", "one", "--role", "read", "--file", keys.toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run("keys", "add", "No Name", "--role", "read", "--file", keys.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("keys", "list", "--file", keys.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).containsPattern("one +write");
        assertThat(run("keys", "remove", "two", "--file", keys.toString())).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(run("keys", "remove", "one", "--file", keys.toString())).isEqualTo(ExitCode.OK);
        assertThat(run("keys", "list", "--file", keys.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isBlank();
    }

    @Test
    void theConfigurationIsPrintedAsAFileThatReadsBack() throws Exception {
        Path file = Files.writeString(directory.resolve("node.yaml"), "raft: {heartbeat-ms: 77}");
        assertThat(run("serve", "--config", file.toString(), "--print-config")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("heartbeat-ms: 77");
        Path printed = Files.writeString(directory.resolve("printed.yaml"), out.toString());
        assertThat(NodeConfigFile.load(printed)).isEqualTo(NodeConfigFile.load(file));
    }

    @Test
    void completionNamesEveryCommand() {
        assertThat(run("completion")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("complete -F", "collection", "cluster", "keys", "--endpoints");
    }

    private Path addKey(Path keys, String name, String role) throws Exception {
        assertThat(run("keys", "add", name, "--role", role, "--file", keys.toString()))
                .isEqualTo(ExitCode.OK);
        return Files.writeString(directory.resolve(name + ".key"), out.toString());
    }

    private static String[] with(String[] arguments, String... more) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
