/**
 * What a node counts and times, and how a scrape reads it.
 *
 * <pre>
 *  hot threads                        scrape
 *  ReplyRecorder, LatencyRecorder --> *Metrics --> PrometheusRegistry
 *  (one writer each, no locks)        (reads what others wrote, under the registry's own lock)
 * </pre>
 *
 * <p>Hot threads write counters and histograms that belong to them alone and never wait for a scrape. The number of series
 * is bounded: labels are enums of ours, error codes, pipelines, and at most {@link io.grape.node.metrics.GroupMetrics#MAX_LABELLED}
 * groups; no client, collection or shard is ever a label. What is counted elsewhere is read through small views, so that
 * this package knows neither sessions nor threads.
 */
@NullMarked
package io.grape.node.metrics;

import org.jspecify.annotations.NullMarked;
