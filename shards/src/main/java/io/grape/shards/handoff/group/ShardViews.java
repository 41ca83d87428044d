package io.grape.shards.handoff.group;

import io.grape.shards.handoff.DestinationView;
import io.grape.shards.handoff.SourceView;

/**
 * A shard on its way, as its group last knew it: for coordinators on other threads.
 *
 * @param source      of the shard as a source
 * @param destination of the shard as a destination
 * @param cursor      where its copy stands
 */
public record ShardViews(SourceView source, DestinationView destination, ChunkCursor cursor) {}
