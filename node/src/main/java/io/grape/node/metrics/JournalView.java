package io.grape.node.metrics;

import io.grape.raft.journal.JournalCounters;
import io.grape.raft.pipeline.PipelineCounters;

/**
 * What metrics may know of a pipeline and its journal. Any thread.
 *
 * @param pipelineId number of the pipeline on this node
 * @param journal    counters of its journal
 * @param pipeline   counters of its consensus agent
 * @param forces     how long its forces took
 */
public record JournalView(int pipelineId, JournalCounters journal, PipelineCounters pipeline, LatencyRecorder forces) {}
