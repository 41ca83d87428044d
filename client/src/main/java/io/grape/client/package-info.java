/**
 * The Java client: collections, writes that are applied exactly once, and reads at a stated consistency.
 *
 * <p>{@link io.grape.client.GrapeClient} may be called from any thread. One polling thread of its own sends, receives
 * and completes futures; work chained to a future without an executor runs on that thread and must not block. The
 * package knows the wire contract and nothing of Raft, journals or segments.
 */
@NullMarked
package io.grape.client;

import org.jspecify.annotations.NullMarked;
