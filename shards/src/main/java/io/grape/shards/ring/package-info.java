/**
 * The consistent-hash ring: which nodes a shard would like to live on, in which order.
 *
 * <p>Called by whoever places shards, on any thread; nothing here is on a request's path. The ring knows node ids and
 * weights, and nothing of how many shards a node may hold: the exact quotas are the table's part.
 */
@NullMarked
package io.grape.shards.ring;

import org.jspecify.annotations.NullMarked;
