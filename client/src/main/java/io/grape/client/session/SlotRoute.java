package io.grape.client.session;

import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.shards.ShardTable;

/**
 * Finds the group of a request anew after a node said that the shard has another owner. Polling thread; not a hot path.
 */
final class SlotRoute {
    /** The request's points belong to several groups now: it cannot be sent as it is. */
    static final int SEVERAL = -1;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertDecoder upsert = new UpsertDecoder();
    private final DeleteDecoder delete = new DeleteDecoder();
    private final GetDecoder get = new GetDecoder();

    /** Returns the group that owns the slot's points by a table; a request without points stays with its group. */
    int groupOf(RequestSlot slot, ShardTable table) {
        return switch (header.wrap(slot.buffer, 0).templateId()) {
            case UpsertDecoder.TEMPLATE_ID -> {
                upsert.wrapAndApplyHeader(slot.buffer, 0, header);
                int collectionId = upsert.collectionId();
                int owner = slot.groupId;
                boolean isFirst = true;
                for (UpsertDecoder.PointsDecoder point : upsert.points()) {
                    int group = groupOf(table, collectionId, point.id());
                    if (!isFirst && group != owner) {
                        yield SEVERAL;
                    }
                    owner = group;
                    isFirst = false;
                }
                yield owner;
            }
            case DeleteDecoder.TEMPLATE_ID -> {
                delete.wrapAndApplyHeader(slot.buffer, 0, header);
                int collectionId = delete.collectionId();
                int owner = slot.groupId;
                boolean isFirst = true;
                for (DeleteDecoder.PointsDecoder point : delete.points()) {
                    int group = groupOf(table, collectionId, point.id());
                    if (!isFirst && group != owner) {
                        yield SEVERAL;
                    }
                    owner = group;
                    isFirst = false;
                }
                yield owner;
            }
            case GetDecoder.TEMPLATE_ID -> {
                get.wrapAndApplyHeader(slot.buffer, 0, header);
                int collectionId = get.collectionId();
                int owner = slot.groupId;
                boolean isFirst = true;
                for (GetDecoder.PointsDecoder point : get.points()) {
                    int group = groupOf(table, collectionId, point.id());
                    if (!isFirst && group != owner) {
                        yield SEVERAL;
                    }
                    owner = group;
                    isFirst = false;
                }
                yield owner;
            }
            default -> slot.groupId;
        };
    }

    private static int groupOf(ShardTable table, int collectionId, PointIdDecoder id) {
        return table.groupOf(table.shardOf(collectionId, id.most(), id.least()));
    }
}
