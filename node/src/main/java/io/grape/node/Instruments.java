package io.grape.node;

import io.grape.node.config.HttpSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.http.HttpEndpoint;
import io.grape.node.http.NodeHealth;
import io.grape.node.metrics.CheckpointMetrics;
import io.grape.node.metrics.GroupMetrics;
import io.grape.node.metrics.GroupView;
import io.grape.node.metrics.IngressMetrics;
import io.grape.node.metrics.JournalMetrics;
import io.grape.node.metrics.JournalView;
import io.grape.node.metrics.NodeMetrics;
import io.grape.node.metrics.ProgressTimer;
import io.grape.node.metrics.Registrar;
import io.grape.node.metrics.RequestMetrics;
import io.grape.node.metrics.ShardMetrics;
import io.grape.node.metrics.ShardView;
import io.grape.node.metrics.StoreMetrics;
import io.grape.node.state.NodeBudget;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * What the node's operators see: made before anything else of the node, so that probes are answered while it starts, and
 * told of each part as it comes to be.
 *
 * <p>Thread: the one that starts the node; what it hands out says its own threads.
 */
final class Instruments implements AutoCloseable {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Registrar registrar = new Registrar(registry);
    private final RequestMetrics requests = new RequestMetrics(SystemNanoClock.INSTANCE);
    private final NodeHealth health;
    private final @Nullable HttpEndpoint endpoint;
    private volatile @Nullable ShardView shards;

    /**
     * Parts of a running node.
     *
     * @param groups   with a replica here
     * @param journals one for each pipeline
     * @param ingress  what came in
     * @param progress one for each pipeline
     * @param budget   of all stores
     * @param shards   as known here
     */
    record Parts(
            Supplier<List<GroupView>> groups,
            List<JournalView> journals,
            IngressMetrics ingress,
            ProgressTimer progress,
            NodeBudget budget,
            ShardView shards) {}

    Instruments(NodeConfig config, FatalHandler fatal, String version) {
        health = new NodeHealth(fatal::failure);
        new NodeMetrics(config.nodeId(), version, health::isReady).register(registrar, registry);
        requests.register(registrar);
        HttpSettings settings = config.operation().http();
        endpoint = settings.enabled()
                ? HttpEndpoint.open(
                        settings,
                        config.port(),
                        new HttpEndpoint.Served(config.nodeId(), health, registry, () -> shards))
                : null;
    }

    /** Returns what requests are counted in. */
    RequestMetrics requests() {
        return requests;
    }

    /** Takes in the parts of a node that has been put together. */
    void add(Parts parts, String syncPolicy) {
        new GroupMetrics(parts.groups()).register(registrar);
        new CheckpointMetrics(parts.groups()).register(registrar);
        new StoreMetrics(parts.groups(), parts.budget()).register(registrar);
        new JournalMetrics(parts.journals(), syncPolicy).register(registrar);
        new ShardMetrics(parts.shards()).register(registrar);
        parts.ingress().register(registrar);
        parts.progress().register(registrar);
        shards = parts.shards();
        health.started(parts.groups());
    }

    /** Lets probes say that the node stops. */
    void stopping() {
        health.stopping();
    }

    /** Returns where the HTTP server listens, or null without one. */
    @Nullable
    String url() {
        return endpoint == null ? null : endpoint.url();
    }

    @Override
    public void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
