package io.grape.node.metrics;

import java.util.function.LongSupplier;

/**
 * What came to a node and was not a good request, and who is connected.
 *
 * @param sessions        open sessions
 * @param refusedSessions connects that did not become sessions
 * @param failedAuthentications connects without good credentials
 * @param unknownSessions frames of sessions that are not open here
 * @param malformed       frames that could not be decoded
 * @param ringFull        frames of peers that found the pipeline's ring full
 * @param oversized       messages that were longer than the node takes
 */
public record IngressMetrics(
        LongSupplier sessions,
        LongSupplier refusedSessions,
        LongSupplier failedAuthentications,
        LongSupplier unknownSessions,
        LongSupplier malformed,
        LongSupplier ringFull,
        LongSupplier oversized) {
    /** Adds these metrics to a registry. */
    public void register(Registrar registrar) {
        registrar.level("grape_sessions", "Open sessions of clients.", sessions);
        registrar.counter("grape_sessions_refused_total", "Connects that did not become sessions.", refusedSessions);
        registrar.counter(
                "grape_authentication_failures_total", "Connects without good credentials.", failedAuthentications);
        registrar.counter(
                "grape_unknown_session_frames_total", "Frames for sessions that are not open here.", unknownSessions);
        registrar.counter("grape_malformed_frames_total", "Frames that could not be decoded.", malformed);
        registrar.counter(
                "grape_inbound_ring_full_total", "Frames of peers that found the pipeline's ring full.", ringFull);
        registrar.counter("grape_oversized_messages_total", "Messages longer than this node takes.", oversized);
    }
}
