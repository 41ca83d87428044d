package io.grape.node.metrics;

import io.grape.node.metrics.LatencyFamily.Labelled;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The journals of a node, and the pipelines that write them. */
public final class JournalMetrics {
    private static final String PIPELINE = "pipeline";

    private final List<JournalView> journals;
    private final String syncPolicy;

    /**
     * @param journals   one for each pipeline
     * @param syncPolicy when a write counts as durable
     */
    public JournalMetrics(List<JournalView> journals, String syncPolicy) {
        this.journals = List.copyOf(journals);
        this.syncPolicy = syncPolicy;
    }

    /** Adds the metrics of journals to a registry. */
    public void register(Registrar registrar) {
        registrar.gauges(
                "grape_sync_policy",
                "1 for the policy in force: when a write counts as durable.",
                "policy",
                sink -> sink.put(syncPolicy, 1));
        registrar.latencies(
                "grape_journal_sync_seconds",
                "Forces of the journal to disk.",
                List.of(PIPELINE),
                () -> journals.stream()
                        .map(view -> new Labelled(label(view), view.forces()))
                        .toList());
        counter(
                registrar,
                "grape_journal_batches_total",
                "Batches written.",
                view -> view.journal().batches());
        counter(
                registrar,
                "grape_journal_written_bytes_total",
                "Bytes of those batches.",
                view -> view.journal().writtenBytes());
        counter(
                registrar,
                "grape_journal_moved_bytes_total",
                "Bytes of live entries copied forward.",
                view -> view.journal().movedBytes());
        counter(
                registrar,
                "grape_journal_recycled_segments_total",
                "Segments given back.",
                view -> view.journal().recycledSegments());
        gauge(registrar, "grape_journal_bytes", "Bytes of the segments in use.", view ->
                (double) view.journal().journalBytes());
        gauge(registrar, "grape_journal_live_bytes", "Bytes of entries that some log still needs.", view ->
                (double) view.journal().liveBytes());
        gauge(
                registrar,
                "grape_journal_space_amplification_ratio",
                "Bytes of segments for one byte that some log needs.",
                view -> view.journal().spaceAmplification());
        gauge(
                registrar,
                "grape_journal_write_amplification_ratio",
                "Bytes written for one byte that a group staged.",
                view -> view.journal().writeAmplification());
        registerPipelines(registrar);
    }

    private void registerPipelines(Registrar registrar) {
        counter(
                registrar,
                "grape_proposals_total",
                "Writes that became entries here.",
                view -> view.pipeline().proposals());
        counter(
                registrar,
                "grape_proposals_refused_total",
                "Writes that consensus refused.",
                view -> view.pipeline().refusedProposals());
        counter(
                registrar,
                "grape_reads_refused_total",
                "Reads that consensus refused.",
                view -> view.pipeline().refusedReads());
        counter(
                registrar,
                "grape_peer_unsent_total",
                "Messages that a peer's stream did not take; Raft sends again.",
                view -> view.pipeline().unsent());
        counter(
                registrar,
                "grape_peer_unknown_group_total",
                "Messages of peers for a group that is not here.",
                view -> view.pipeline().unknownGroups());
        counter(
                registrar,
                "grape_peer_malformed_total",
                "Frames of peers that could not be read.",
                view -> view.pipeline().malformedFrames());
    }

    private void counter(Registrar registrar, String name, String help, ToLongFunction<JournalView> figure) {
        registrar.counters(
                name,
                help,
                PIPELINE,
                sink -> journals.forEach(
                        view -> sink.put(Integer.toString(view.pipelineId()), (double) figure.applyAsLong(view))));
    }

    private void gauge(Registrar registrar, String name, String help, ToDoubleFunction<JournalView> figure) {
        registrar.gauges(
                name,
                help,
                PIPELINE,
                sink -> journals.forEach(
                        view -> sink.put(Integer.toString(view.pipelineId()), figure.applyAsDouble(view))));
    }

    private static Labels label(JournalView view) {
        return Labels.of(PIPELINE, Integer.toString(view.pipelineId()));
    }
}
