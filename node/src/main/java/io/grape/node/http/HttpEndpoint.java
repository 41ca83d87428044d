package io.grape.node.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.config.HttpSettings;
import io.grape.node.metrics.ShardView;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The node's HTTP server: the JDK's, with a fixed number of threads and connections.
 *
 * <p>It is opened before the node recovers its journal, so that probes are answered from the first moment, and closed last.
 */
public final class HttpEndpoint implements AutoCloseable {
    /** What may be asked for. */
    static final String PAGES = "/metrics, /metrics/shards, /livez, /readyz, /startupz, /cluster/health, /shards, "
            + "/shards/{id} and /migrations";

    private static final int THREADS = 2;
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads;
    private final boolean isSecure;

    /**
     * What is served.
     *
     * @param nodeId   this node
     * @param health   probes
     * @param registry metrics
     * @param shards   as known here; null while the node starts
     */
    public record Served(
            int nodeId, NodeHealth health, PrometheusRegistry registry, Supplier<@Nullable ShardView> shards) {}

    private HttpEndpoint(HttpServer server, ExecutorService threads, boolean isSecure) {
        this.server = server;
        this.threads = threads;
        this.isSecure = isSecure;
    }

    /**
     * Opens the server.
     *
     * @param port     of the node, for settings that name none
     * @param served   what is served
     * @throws GrapeException PORT_IN_USE; INVALID_CONFIGURATION for a key store that cannot be used
     */
    public static HttpEndpoint open(HttpSettings settings, int port, Served served) {
        limitConnections();
        InetSocketAddress address = new InetSocketAddress(
                settings.host(), settings.port() == HttpSettings.PORT_OF_NODE ? port : settings.port());
        HttpServer server = bind(settings, address);
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "grape-" + served.nodeId() + "-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        addPages(server, served);
        server.start();
        return new HttpEndpoint(server, threads, settings.isSecure());
    }

    private static void addPages(HttpServer server, Served served) {
        Pages pages = new Pages(served.nodeId(), served.health(), served.shards());
        MetricsHandler metrics = new MetricsHandler(PrometheusProperties.get(), served.registry());
        HttpHandler noOther = new JsonPage("/metrics/shards", pages::busiest);
        server.createContext(
                "/metrics",
                exchange ->
                        (exchange.getRequestURI().getPath().equals("/metrics") ? metrics : noOther).handle(exchange));
        page(server, "/livez", pages::live);
        page(server, "/readyz", pages::ready);
        page(server, "/startupz", pages::started);
        page(server, "/cluster/health", pages::cluster);
        page(server, "/shards", pages::shards);
        page(server, "/shards/", pages::shard);
        page(server, "/migrations", pages::migrations);
        // Whatever else is asked for ends here, and is told what there is.
        page(server, "/", (rest, query, json) -> Pages.unknown(json));
    }

    private static void page(HttpServer server, String path, JsonPage.Content content) {
        server.createContext(path, new JsonPage(path, content));
    }

    private static HttpServer bind(HttpSettings settings, InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "http.host: '" + settings.host() + "' is unknown");
        }
        try {
            if (!settings.isSecure()) {
                return HttpServer.create(address, BACKLOG);
            }
            HttpsServer secure = HttpsServer.create(address, BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(KeyStores.context(settings)));
            return secure;
        } catch (BindException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.PORT_IN_USE,
                    "the HTTP server cannot listen on TCP " + address + ": " + ex.getMessage()
                            + "; set http.port, or http.enabled: false",
                    ex);
        } catch (IOException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "the HTTP server cannot listen on " + address + ": " + ex,
                    ex);
        }
    }

    /** The JDK's server reads its limits from system properties, once in a process; what an operator has set stays. */
    private static void limitConnections() {
        setUnlessSet("jdk.httpserver.maxConnections", "256");
        setUnlessSet("sun.net.httpserver.maxIdleConnections", "32");
        setUnlessSet("sun.net.httpserver.maxReqTime", "10");
        setUnlessSet("sun.net.httpserver.maxRspTime", "30");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Returns where it listens, for example {@code http://127.0.0.1:9410}. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (isSecure ? "https://" : "http://") + shown + ":" + address.getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
