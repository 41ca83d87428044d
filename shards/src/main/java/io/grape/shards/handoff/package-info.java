/**
 * Handing a shard from one group to another while it is in use: the states and transitions, without the data.
 *
 * <pre>
 *   group 0        Start ............................ Ready -> Commit | Abort          (MigrationRecord, the only arbiter)
 *   source A       owner -> exporting -> sealed ................ -> dropped | owner again   (ShardHolding)
 *   destination B  staging, last = 1, 2, 3 ... = sealed index ... -> owner | cleaned         (ShardHolding)
 * </pre>
 *
 * <p>Values and pure functions: each group applies a transition as a command of its own replicated log, so what is drawn
 * here is durable before it is answered, and any coordinator can go on from what the three groups say. No network, no clock,
 * no data. Six guards keep it safe; {@link io.grape.shards.handoff.HandoffGuards} names them.
 */
@NullMarked
package io.grape.shards.handoff;

import org.jspecify.annotations.NullMarked;
