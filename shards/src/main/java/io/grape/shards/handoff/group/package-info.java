/**
 * What a group holds of a hand-off besides data: the replicated state of a source and of a destination.
 *
 * <pre>
 *   GroupShards ---- for each shard: owner? sealed? moved where? closed through which migration?
 *     |  SourceShard       while a shard leaves: what was deleted since, and what was sealed
 *     |  DestinationShard  while one comes: how far its chunks are, what comparing has given
 *     '- Staging           the rows that came, hidden; the node keeps them
 * </pre>
 *
 * <p>Called by the apply agent of the group alone, one command of the log after the other, so all replicas hold the same; what
 * other threads ask is a volatile snapshot. Knows no network, no clock and no rows.
 */
@NullMarked
package io.grape.shards.handoff.group;

import org.jspecify.annotations.NullMarked;
