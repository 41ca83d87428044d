package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.HttpSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.OperationSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeMetricsSystemTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void whatANodeDoesIsInItsMetrics() throws Exception {
        int port = TestPorts.free();
        NodeConfig config = NodeConfig.single(directory, port)
                .with(new OperationSettings(new HttpSettings(true, HttpSettings.LOOPBACK, 0, null, null)));
        try (GrapeNode node = GrapeNode.launch(config);
                GrapeClient client = GrapeClient.connect(ClientConfig.of("localhost:" + port))) {
            CollectionInfo points = client.createCollection("points", 2, Metric.EUCLIDEAN);
            client.upsert(points, new PointBatch(2).add(1, new float[] {1, 2}, new byte[0]));
            client.search(points, new float[] {1, 2}, 1, Consistency.LINEARIZABLE);
            assertThat(get(node, "/metrics"))
                    .contains("grape_node_info{node=\"0\",version=")
                    .contains("grape_ready 1.0")
                    .contains("grape_groups{role=\"leader\"} 2.0")
                    .contains("grape_points{group=\"1\"} 1.0")
                    .contains("grape_collections 1.0")
                    .contains("grape_sessions 1.0")
                    .contains("grape_sync_policy{policy=\"force\"} 1.0")
                    .contains("grape_raft_elections_won_total 2.0")
                    .contains("grape_request_seconds_count{kind=\"upsert\",outcome=\"ok\"} 1")
                    .contains("grape_request_seconds_count{kind=\"search\",outcome=\"ok\"} 1")
                    .contains("grape_shards{state=\"ok\"} 1024.0")
                    .containsPattern("grape_commit_seconds_count [1-9]")
                    .containsPattern("grape_journal_sync_seconds_count\\{pipeline=\"0\"} [1-9]")
                    .containsPattern("grape_store_bytes [1-9]")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(node, "/readyz")).contains("\"status\":\"ok\"");
            assertThat(get(node, "/cluster/health")).contains("\"health\":\"green\"", "\"points\":1");
        }
    }

    private String get(GrapeNode node, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(node.httpUrl() + path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
