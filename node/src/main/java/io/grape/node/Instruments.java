package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.node.checkpoint.CheckpointStep;
import io.grape.node.config.HttpSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.events.CheckpointStepEvent;
import io.grape.node.events.LeadershipEvent;
import io.grape.node.events.SlowForceEvent;
import io.grape.node.http.HttpEndpoint;
import io.grape.node.http.NodeHealth;
import io.grape.node.metrics.CheckpointMetrics;
import io.grape.node.metrics.GroupMetrics;
import io.grape.node.metrics.GroupView;
import io.grape.node.metrics.IngressMetrics;
import io.grape.node.metrics.JournalMetrics;
import io.grape.node.metrics.JournalView;
import io.grape.node.metrics.LatencyRecorder;
import io.grape.node.metrics.NodeMetrics;
import io.grape.node.metrics.ProgressTimer;
import io.grape.node.metrics.Registrar;
import io.grape.node.metrics.RequestMetrics;
import io.grape.node.metrics.ShardMetrics;
import io.grape.node.metrics.ShardView;
import io.grape.node.metrics.StoreMetrics;
import io.grape.node.state.NodeBudget;
import io.grape.raft.journal.ForceAgent;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
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
    private final NodeBudget budget;
    private final LatencyRecorder forces = new LatencyRecorder();
    private final String syncPolicy;
    private final @Nullable HttpEndpoint endpoint;
    private volatile @Nullable ShardView shards;
    private volatile List<GroupView> groups = List.of();

    /**
     * Parts of a running node.
     *
     * @param journals one for each pipeline
     * @param ingress  what came in
     * @param shards   as known here
     */
    record Parts(List<JournalView> journals, IngressMetrics ingress, ShardView shards) {}

    Instruments(NodeConfig config, FatalHandler fatal, String version) {
        health = new NodeHealth(fatal::failure);
        budget = new NodeBudget(config.limits().nodeBudgetBytes());
        syncPolicy = config.syncPolicy().configName();
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

    /** Returns the budget of all stores. */
    NodeBudget budget() {
        return budget;
    }

    /** Returns what forces are timed in. */
    LatencyRecorder forces() {
        return forces;
    }

    /** Returns an agent for the pipeline that times the progress of its groups. */
    ProgressTimer progress(List<GroupView> hosted) {
        groups = List.copyOf(hosted);
        ProgressTimer timer = new ProgressTimer(groups, SystemNanoClock.INSTANCE, LeadershipEvent::record);
        timer.register(registrar);
        return timer;
    }

    /** Takes in the parts of a node that has been put together. */
    void add(Parts parts) {
        new GroupMetrics(this::groups).register(registrar);
        new CheckpointMetrics(this::groups).register(registrar);
        new StoreMetrics(this::groups, budget).register(registrar);
        new JournalMetrics(parts.journals(), syncPolicy).register(registrar);
        new ShardMetrics(parts.shards()).register(registrar);
        parts.ingress().register(registrar);
        shards = parts.shards();
        health.started(this::groups);
    }

    private List<GroupView> groups() {
        return groups;
    }

    /** Returns what hears of forces; a failed one ends the force agent with an exception, and with it the node. */
    ForceAgent.Listener forceListener() {
        return new ForceListener(forces);
    }

    private record ForceListener(LatencyRecorder forces) implements ForceAgent.Listener {
        @Override
        public void onForced(long durationNs) {
            forces.record(durationNs);
            SlowForceEvent.record(durationNs);
        }

        @Override
        public void onDurable(long position) {}

        @Override
        public void onForceFailed(FaultException fault) {
            throw fault;
        }
    }

    /** Records a step of a checkpoint; blocks of an arriving snapshot are too many to be told one by one. */
    static void record(int groupId, CheckpointStep step) {
        if (step != CheckpointStep.INCOMING_BLOCK) {
            CheckpointStepEvent.record(groupId, step.name());
        }
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
