package io.grape.node.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Who the node is and whether it is ready; and the JVM's own metrics, {@code jvm_*} and {@code process_*}, as the official
 * library names them.
 *
 * @param nodeId  this node
 * @param version of Grape
 * @param isReady whether it may be sent requests
 */
public record NodeMetrics(int nodeId, String version, BooleanSupplier isReady) {
    /** Adds these metrics to a registry. */
    public void register(Registrar registrar, PrometheusRegistry registry) {
        registrar.info(
                "grape_node_info",
                "1, with the node's number and the version of Grape.",
                List.of("node", "version"),
                Integer.toString(nodeId),
                version);
        registrar.gauge(
                "grape_ready",
                "1 if the node may be sent requests, as /readyz says, else 0.",
                () -> isReady.getAsBoolean() ? 1 : 0);
        JvmMetrics.builder().register(registry);
    }
}
