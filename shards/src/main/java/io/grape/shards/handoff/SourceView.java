package io.grape.shards.handoff;

/**
 * What a source group durably says of a shard, as far as a coordinator needs it.
 *
 * @param holding      ownership, export and seal
 * @param isOverfull   more changed during the export than is remembered: this export cannot be completed
 * @param sealed       what the shard's rows came to when it was sealed; meaningful while it is sealed
 * @param awaitsPurge  the shard was handed over and its rows are still there
 */
public record SourceView(ShardHolding holding, boolean isOverfull, ContentDigest sealed, boolean awaitsPurge) {}
