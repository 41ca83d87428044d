/**
 * The rows of a shard on their way from one group to another: read from a store, packed into chunks, staged, and made part of
 * another store.
 *
 * <p>{@link io.grape.node.handoff.ShardRows} and {@link io.grape.node.handoff.StagedShards} belong to the apply agent of their group, {@link
 * io.grape.node.handoff.RoundSender} to the thread that proposes. Which command may be applied when is not decided here but in
 * {@code io.grape.shards.handoff}.
 */
@NullMarked
package io.grape.node.handoff;

import org.jspecify.annotations.NullMarked;
