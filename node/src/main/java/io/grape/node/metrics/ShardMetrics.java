package io.grape.node.metrics;

import io.grape.node.metrics.ShardView.Migration;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The shard table and hand-offs, as this node knows them. No shard is a label: see {@code /metrics/shards}. */
public final class ShardMetrics {
    private static final double NS_PER_S = 1e9;

    private final ShardView shards;

    /**
     * @param shards as known here
     */
    public ShardMetrics(ShardView shards) {
        this.shards = shards;
    }

    /** Adds the metrics of shards to a registry. */
    public void register(Registrar registrar) {
        registrar.level(
                "grape_table_epoch",
                "Epoch of the newest shard table known here.",
                () -> shards.table().epoch());
        registrar.gauges("grape_shards", "Shards of the table by health.", "state", sink -> {
            Map<ShardHealth, Integer> counts = new EnumMap<>(ShardHealth.class);
            ShardTable table = shards.table();
            for (int shard = 0; shard < table.shardCount(); shard++) {
                counts.merge(shards.health(shard), 1, Integer::sum);
            }
            for (ShardHealth health : ShardHealth.values()) {
                sink.put(health.name().toLowerCase(Locale.ROOT), (double) counts.getOrDefault(health, 0));
            }
        });
        registrar.gauges(
                "grape_migrations",
                "Hand-offs that this node knows of, by phase; closed ones by outcome.",
                "phase",
                sink -> {
                    Map<String, Integer> counts = new TreeMap<>();
                    for (Migration migration : shards.migrations()) {
                        boolean runs = migration.outcome().equals("running");
                        counts.merge(runs ? migration.phase() : migration.outcome(), 1, Integer::sum);
                    }
                    counts.forEach((phase, count) -> sink.put(phase, (double) count));
                });
        registrar.level(
                "grape_migration_bytes",
                "Bytes copied by the hand-offs that this node knows of.",
                () -> shards.migrations().stream().mapToLong(Migration::bytes).sum());
        registrar.gauge(
                "grape_migration_max_sealed_seconds",
                "Longest time that writes to a shard waited for one of them.",
                () -> (double) shards.migrations().stream()
                                .mapToLong(Migration::sealedNs)
                                .max()
                                .orElse(0)
                        / NS_PER_S);
    }
}
