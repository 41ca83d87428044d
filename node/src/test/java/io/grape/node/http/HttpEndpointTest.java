package io.grape.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.config.HttpSettings;
import io.grape.node.metrics.ShardView;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointTest {
    private static final HttpSettings ANY_PORT = new HttpSettings(true, HttpSettings.LOOPBACK, 0, null, null);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final NodeHealth health = new NodeHealth(failure::get);
    private final AtomicReference<ShardView> shards = new AtomicReference<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    /** Knows two migrations and two loaded shards. */
    private static final class Known implements ShardView {
        @Override
        public ShardTable table() {
            return ShardTable.of(16, new ShardGroup(1, 2, List.of(1, 2, 3)));
        }

        @Override
        public ShardHealth health(int shard) {
            return shard == 3 ? ShardHealth.SEALED : ShardHealth.OK;
        }

        @Override
        public List<ShardLoad> busiest(int most) {
            return List.of(new ShardLoad(3, 1, 10, 20, 30, 40), new ShardLoad(4, 1, 1, 2, 3, 4))
                    .subList(0, Math.min(2, most));
        }

        @Override
        public List<Migration> migrations() {
            return List.of(new Migration(9, 3, 1, 2, "seal", "running", 100, 5_000));
        }
    }

    @Test
    void aNodeThatStartsLivesAndIsNotReady() throws Exception {
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            assertThat(get(endpoint, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/startupz").statusCode()).isEqualTo(503);
            HttpResponse<String> ready = get(endpoint, "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"reasons\":[\"the node is starting\"]");
            assertThat(get(endpoint, "/shards").statusCode()).isEqualTo(503);
            assertThat(get(endpoint, "/cluster/health").body()).contains("\"health\":\"red\"");
        }
    }

    @Test
    void probesFollowTheNodesLife() throws Exception {
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            health.started(List::of);
            assertThat(get(endpoint, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/startupz").statusCode()).isEqualTo(200);
            health.stopping();
            assertThat(get(endpoint, "/readyz").body()).contains("stopping");
            assertThat(get(endpoint, "/livez").statusCode()).isEqualTo(200);
            failure.set(new IllegalStateException("disk"));
            assertThat(get(endpoint, "/livez").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void shardsMigrationsAndLoadsAreShown() throws Exception {
        health.started(List::of);
        shards.set(new Known());
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            assertThat(get(endpoint, "/shards").body())
                    .contains(
                            "\"epoch\":1",
                            "\"members\":[1,2,3]",
                            "{\"shard\":15,\"group\":1,\"epoch\":1,\"health\":\"ok\"}");
            assertThat(get(endpoint, "/shards/3").body())
                    .isEqualTo("{\"shard\":3,\"group\":1,\"epoch\":1,\"health\":\"sealed\"}");
            assertThat(get(endpoint, "/shards/16").statusCode()).isEqualTo(404);
            assertThat(get(endpoint, "/shards/x").statusCode()).isEqualTo(404);
            assertThat(get(endpoint, "/migrations").body()).contains("\"migration\":9", "\"phase\":\"seal\"");
            assertThat(get(endpoint, "/metrics/shards?top=1").body())
                    .contains("\"shard\":3")
                    .doesNotContain("\"shard\":4");
            assertThat(get(endpoint, "/metrics/shards").body()).contains("\"shard\":4");
            assertThat(get(endpoint, "/cluster/health").body()).contains("\"health\":\"green\"");
        }
    }

    @Test
    void metricsAreServedInPrometheusFormat() throws Exception {
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            HttpResponse<String> metrics = get(endpoint, "/metrics");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez2", "/metricsx", "/metrics/other", "/favicon.ico"})
    void aPageThatIsNotThereIsExplained(String path) throws Exception {
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            HttpResponse<String> answer = get(endpoint, path);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("/cluster/health");
        }
    }

    @Test
    void nothingCanBeChanged() throws Exception {
        try (HttpEndpoint endpoint = open(ANY_PORT)) {
            HttpRequest post = HttpRequest.newBuilder(URI.create(endpoint.url() + "/shards"))
                    .POST(BodyPublishers.ofString("x"))
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void aTakenPortIsNamed() {
        try (HttpEndpoint first = open(ANY_PORT)) {
            int port = URI.create(first.url()).getPort();
            HttpSettings same = new HttpSettings(true, HttpSettings.LOOPBACK, HttpSettings.PORT_OF_NODE, null, null);
            assertThatThrownBy(() -> HttpEndpoint.open(same, port, served()))
                    .isInstanceOfSatisfying(
                            GrapeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                    .hasMessageContaining("http.port");
        }
    }

    @Test
    void withACertificateItSpeaksTls() throws Exception {
        Path keyStore = directory.resolve("node.p12");
        Path password = Files.writeString(directory.resolve("password"), "for-a-test\n");
        makeCertificate(keyStore, "for-a-test");
        try (HttpEndpoint endpoint = open(new HttpSettings(true, HttpSettings.LOOPBACK, 0, keyStore, password))) {
            assertThat(endpoint.url()).startsWith("https://127.0.0.1:");
            HttpClient trusting = HttpClient.newBuilder()
                    .sslContext(trusting(keyStore, "for-a-test"))
                    .build();
            HttpResponse<String> answer = trusting.send(
                    HttpRequest.newBuilder(URI.create(endpoint.url() + "/livez"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> get(endpoint, "/livez")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aWrongPasswordIsRefusedWithoutShowingIt() throws Exception {
        Path keyStore = directory.resolve("node.p12");
        makeCertificate(keyStore, "for-a-test");
        Path password = Files.writeString(directory.resolve("password"), "not-that-one");
        assertThatThrownBy(() -> open(new HttpSettings(true, HttpSettings.LOOPBACK, 0, keyStore, password)))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("node.p12")
                .hasMessageNotContaining("not-that-one");
    }

    private static void makeCertificate(Path keyStore, String password) throws Exception {
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "node",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes());
        assertThat(made.waitFor()).as(said).isZero();
    }

    private static SSLContext trusting(Path keyStore, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, password.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("node", store.getCertificate("node"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private HttpEndpoint open(HttpSettings settings) {
        return HttpEndpoint.open(settings, 0, served());
    }

    private HttpEndpoint.Served served() {
        return new HttpEndpoint.Served(1, health, new PrometheusRegistry(), shards::get);
    }

    private HttpResponse<String> get(HttpEndpoint endpoint, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(endpoint.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
