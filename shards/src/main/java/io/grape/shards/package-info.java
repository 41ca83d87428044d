/**
 * Which shard a point belongs to, which group owns the shard, and how that table is read, sent and replaced.
 *
 * <pre>
 *   (collection, point id) --ShardHash--> shard --ShardTable--> group --> leader, members
 *                                                   ^
 *                            ShardRouter: one volatile read of the newest table
 * </pre>
 *
 * <p>Nodes and clients route on any thread; tables are immutable and replaced as a whole. This module does no I/O and
 * knows neither the network nor Raft: the owner of the table is group 0, and who asks it is the caller's part.
 */
@NullMarked
package io.grape.shards;

import org.jspecify.annotations.NullMarked;
