/**
 * What a node says over HTTP: metrics for Prometheus, probes for supervisors, and pages for operators.
 *
 * <p>Nothing here is on the way of a write or a search: pages read counters and snapshots that other threads publish, on the
 * server's few threads. It listens on loopback unless told otherwise, answers GET and HEAD only, and changes nothing.
 */
@NullMarked
package io.grape.node.http;

import org.jspecify.annotations.NullMarked;
