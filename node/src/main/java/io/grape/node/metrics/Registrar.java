package io.grape.node.metrics;

import io.grape.node.metrics.LatencyFamily.Labelled;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adds metrics to a registry: each with a name, a sentence, and a function that a scrape calls. Thread: the one that puts
 * the node together.
 */
public final class Registrar {
    private final PrometheusRegistry registry;
    private final List<Described> described = new ArrayList<>();

    /**
     * A metric in words, for the page that lists them.
     *
     * @param name   as Prometheus shows it
     * @param type   counter, gauge, histogram or info
     * @param labels of its series
     * @param help   what it counts or measures
     */
    record Described(String name, String type, List<String> labels, String help) {}

    /** Hands a labelled value to the scrape. */
    @FunctionalInterface
    interface Sink {
        void put(String label, double value);
    }

    /**
     * @param registry that a scrape reads
     */
    public Registrar(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** Returns what was added, in that order. */
    List<Described> described() {
        return List.copyOf(described);
    }

    void counter(String name, String help, LongSupplier value) {
        described.add(new Described(name, "counter", List.of(), help));
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    void counters(String name, String help, String label, Consumer<Sink> values) {
        described.add(new Described(name, "counter", List.of(label), help));
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.accept((of, value) -> callback.call(value, of)))
                .register(registry);
    }

    void gauge(String name, String help, DoubleSupplier value) {
        described.add(new Described(name, "gauge", List.of(), help));
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** A gauge of whole numbers. */
    void level(String name, String help, LongSupplier value) {
        gauge(name, help, () -> (double) value.getAsLong());
    }

    void gauges(String name, String help, String label, Consumer<Sink> values) {
        described.add(new Described(name, "gauge", List.of(label), help));
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.accept((of, value) -> callback.call(value, of)))
                .register(registry);
    }

    void latencies(String name, String help, List<String> labels, Supplier<List<Labelled>> recorders) {
        described.add(new Described(name, "histogram", labels, help));
        registry.register(new LatencyFamily(name, help, recorders));
    }

    void info(String name, String help, List<String> labels, String... values) {
        described.add(new Described(name, "info", labels, help));
        Info.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .register(registry)
                .setLabelValues(values);
    }
}
