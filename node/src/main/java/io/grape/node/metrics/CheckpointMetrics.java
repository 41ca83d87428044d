package io.grape.node.metrics;

import io.grape.node.checkpoint.CheckpointCounters;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Checkpoints and snapshots, over all groups of the node. */
public final class CheckpointMetrics {
    private static final double NS_PER_S = 1e9;

    private final Supplier<List<GroupView>> groups;

    /**
     * @param groups of this node; any thread
     */
    public CheckpointMetrics(Supplier<List<GroupView>> groups) {
        this.groups = groups;
    }

    /** Adds the metrics of checkpoints to a registry. */
    public void register(Registrar registrar) {
        counter(registrar, "grape_checkpoints_total", "Checkpoints that became durable.", CheckpointCounters::taken);
        counter(
                registrar,
                "grape_checkpoints_failed_total",
                "Checkpoints that could not be written.",
                CheckpointCounters::failed);
        registrar.gauge(
                "grape_checkpoint_last_duration_seconds",
                "From capture to durable, for the newest checkpoint; the longest of the groups.",
                () -> greatest(CheckpointCounters::lastDurationNs) / NS_PER_S);
        registrar.gauge(
                "grape_checkpoint_max_stall_seconds",
                "Longest time that applying stood still for a checkpoint.",
                () -> greatest(CheckpointCounters::maxStallNs) / NS_PER_S);
        registrar.level(
                "grape_checkpoint_entries_behind",
                "Applied entries that no checkpoint holds: what a start would replay; the most of the groups.",
                this::entriesBehind);
        counter(
                registrar,
                "grape_snapshots_installed_total",
                "Snapshots that took the place of the state.",
                CheckpointCounters::installed);
        counter(
                registrar,
                "grape_snapshot_received_bytes_total",
                "Bytes of snapshots that arrived whole.",
                CheckpointCounters::receivedBytes);
        counter(
                registrar,
                "grape_snapshot_sent_bytes_total",
                "Bytes of snapshots sent to followers.",
                CheckpointCounters::sentBytes);
        counter(
                registrar,
                "grape_snapshot_skipped_bytes_total",
                "Bytes of snapshots that were here already.",
                CheckpointCounters::skippedBytes);
        counter(
                registrar,
                "grape_snapshot_rejected_blocks_total",
                "Blocks that arrived with a wrong checksum.",
                CheckpointCounters::rejectedBlocks);
        counter(
                registrar,
                "grape_snapshot_throttled_total",
                "Chunks that waited for the limit on the rate.",
                CheckpointCounters::throttled);
        registrar.level(
                "grape_snapshot_incoming_bytes",
                "Bytes held of snapshots that are arriving.",
                () -> groups.get().stream()
                        .mapToLong(group -> group.checkpoints().incomingBytes())
                        .sum());
    }

    private long entriesBehind() {
        return groups.get().stream()
                .mapToLong(group ->
                        group.appliedIndex().getAsLong() - group.checkpoints().lastIndex())
                .max()
                .orElse(0);
    }

    private double greatest(ToLongFunction<CheckpointCounters> figure) {
        return (double) groups.get().stream()
                .mapToLong(group -> figure.applyAsLong(group.checkpoints()))
                .max()
                .orElse(0);
    }

    private void counter(Registrar registrar, String name, String help, ToLongFunction<CheckpointCounters> figure) {
        registrar.counter(
                name,
                help,
                () -> groups.get().stream()
                        .mapToLong(group -> figure.applyAsLong(group.checkpoints()))
                        .sum());
    }
}
