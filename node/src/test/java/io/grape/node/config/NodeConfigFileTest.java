package io.grape.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.SyncPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigFileTest {
    private static final Path BASE = Path.of("/base");

    @TempDir
    Path directory;

    @Test
    void readsEveryKey() {
        NodeConfig config = NodeConfigFile.parse("""
                node:    {id: 1}
                cluster: {members: [{id: 0, endpoint: "localhost:9410"}, {id: 1, endpoint: "localhost:9411"}]}
                data:    {directory: d1}
                sync:    {policy: async, interval-ms: 7}
                raft:    {heartbeat-ms: 20, election-timeout-ms: 300}
                journal: {segment-mib: 16, min-free-mib: 5}
                aeron:   {external: true, directory: /dev/shm/x}
                limits:  {max-batch-points: 10, max-k: 5, max-sessions: 3, budget-mib: 64}
                clients: {expiry-ms: 60000}
                """, BASE);
        assertThat(config.nodeId()).isEqualTo(1);
        assertThat(config.endpoint()).isEqualTo("localhost:9411");
        assertThat(config.memberIds()).containsExactly(0, 1);
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/base/d1"));
        assertThat(config.syncPolicy()).isEqualTo(SyncPolicy.ASYNC);
        assertThat(config.timing()).isEqualTo(new NodeTiming(20, 300, 7, 60_000));
        assertThat(config.journal()).isEqualTo(new JournalSettings(16, 5));
        assertThat(config.aeron()).isEqualTo(new AeronSettings(true, "/dev/shm/x"));
        assertThat(config.limits().maxBatchPoints()).isEqualTo(10);
        assertThat(config.limits().maxK()).isEqualTo(5);
        assertThat(config.limits().maxSessions()).isEqualTo(3);
        assertThat(config.limits().budgetBytes()).isEqualTo(64L << 20);
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        NodeConfig config = NodeConfigFile.parse("node: {id: 3}", BASE);
        assertThat(config.members()).containsExactly(new MemberConfig(3, "localhost:9410"));
        assertThat(config.syncPolicy()).isEqualTo(SyncPolicy.FORCE);
        assertThat(config.timing()).isEqualTo(NodeTiming.defaults());
        assertThat(config.limits()).isEqualTo(NodeLimits.defaults());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    nod: {id: 1}                                             | nod: unknown key; did you mean node?
                    node: {idd: 1}                                           | node.idd: unknown key; did you mean node.id?
                    clients: {expiry-ms: 9999}                               | clients.expiry-ms must be at least 10000
                    node: 1                                                  | node: is not a map
                    [1, 2]                                                   | is not a map
                    node: {id: one}                                          | node.id: 'one' is not a whole number
                    node: {id: 40000}                                        | not between 0 and 32767
                    cluster: {members: 7}                                    | cluster.members: is not a list
                    cluster: {members: [{id: 0}]}                            | each member is
                    cluster: {members: [{id: 1, endpoint: "h:1"}]}           | node.id: 0 is not among
                    cluster: {members: [{id: 0, endpoint: "h"}]}             | is not host:port
                    cluster: {members: [{id: 0, endpoint: "h:70000"}]}       | is not host:port
                    cluster: {members: [{id: 0, endpoint: "h:1"}, {id: 0, endpoint: "h:2"}]} | same id
                    sync: {policy: sometimes}                                | sync.policy
                    raft: {heartbeat-ms: 200}                                | election-timeout-ms
                    raft: {heartbeat-ms: 0}                                  | heartbeat-ms
                    journal: {segment-mib: 1}                                | journal.segment-mib
                    aeron: {external: true}                                  | aeron.external
                    limits: {max-k: 0}                                       | limits
                    http: {enabled: maybe}                                   | http.enabled: 'maybe' is not true or false
                    http: {port: 70000}                                      | http.port
                    http: {tls-keystore: x}                                  | belong together
                    limits: {max-dimension: 5000}                            | limits
                    limits: {max-points: 3}                                  | did you mean limits.max-
                    security: {failures-per-s: 0}                            | security.failures-per-s
                    node: {id: 1, id: 2}                                     | not valid YAML
                    """)
    void refusesWithTheNameOfTheKey(String yaml, String text) {
        assertThatThrownBy(() -> NodeConfigFile.parse(yaml, BASE))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(text);
    }

    @Test
    void takesARelativeDirectoryFromWhereTheFileLies() throws Exception {
        Path file = Files.writeString(directory.resolve("node.yaml"), "data: {directory: mine}");
        assertThat(NodeConfigFile.load(file).dataDirectory()).isEqualTo(directory.resolve("mine"));
        assertThatThrownBy(() -> NodeConfigFile.load(directory.resolve("absent.yaml")))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("absent.yaml");
    }

    @Test
    void theEnvironmentOverridesTheFile() {
        Map<String, String> environment = Map.of(
                "GRAPE_RAFT_HEARTBEAT_MS", "25",
                "GRAPE_HTTP_ENABLED", "false",
                "GRAPE_CLUSTER_MEMBERS", "[{id: 4, endpoint: 'a:1'}, {id: 5, endpoint: 'b:1'}]",
                "GRAPE_NODE_ID", "5",
                "GRAPE_LOG_LEVEL", "DEBUG",
                "PATH", "/bin");
        NodeConfig config = NodeConfigFile.parse("raft: {heartbeat-ms: 30}", BASE, environment);
        assertThat(config.timing().heartbeatMs()).isEqualTo(25);
        assertThat(config.operation().http().enabled()).isFalse();
        assertThat(config.memberIds()).containsExactly(4, 5);
        assertThat(config.nodeId()).isEqualTo(5);
    }

    @Test
    void aVariableThatIsAlmostAKeyIsRefused() {
        assertThatThrownBy(() -> NodeConfigFile.parse("{}", BASE, Map.of("GRAPE_RAFT_HEARTBEAT", "25")))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("did you mean GRAPE_RAFT_HEARTBEAT_MS?");
    }

    @Test
    void whatIsPrintedReadsBackAsTheSame() {
        NodeConfig config = NodeConfigFile.parse("""
                node:    {id: 1}
                cluster: {members: [{id: 0, endpoint: "localhost:9410"}, {id: 1, endpoint: "[::1]:9411"}]}
                data:    {directory: "d: #1"}
                aeron:   {external: true, directory: "/dev/shm/it's"}
                limits:  {max-dimension: 512, in-flight-mib: 8, node-budget-mib: 100}
                http:    {port: 0, tls-keystore: a.p12, tls-password-file: b}
                security: {keys-file: keys, failures-per-s: 3}
                """, BASE);
        assertThat(NodeConfigFile.parse(ConfigPrinter.print(config), BASE)).isEqualTo(config);
        NodeConfig usual = NodeConfigFile.parse("{}", BASE);
        assertThat(NodeConfigFile.parse(ConfigPrinter.print(usual), BASE)).isEqualTo(usual);
    }

    @Test
    void aSingleNodeHearsTheEnvironmentToo() {
        NodeConfig config = NodeConfigFile.single(directory, 9999, Map.of("GRAPE_LIMITS_MAX_K", "7"));
        assertThat(config.endpoint()).isEqualTo("localhost:9999");
        assertThat(config.dataDirectory()).isEqualTo(directory);
        assertThat(config.limits().maxK()).isEqualTo(7);
    }

    @Test
    void aSingleNodeNeedsNothing() {
        NodeConfig config = NodeConfig.single(directory, NodeConfig.DEFAULT_PORT);
        assertThat(config.endpoint()).isEqualTo("localhost:9410");
        assertThat(config.memberIds()).containsExactly(0);
    }
}
