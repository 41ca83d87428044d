package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.groups.HostedGroups;
import io.grape.node.request.UpsertView;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Finds out which group a request is for: the one that it names, or the owner of its first point by this node's table.
 *
 * <p>Whether that group owns all of its points is not asked here. Thread: the inbound agent's. Allocates nothing.
 */
final class RequestRoute {
    /** The request names no group, and there is more than one that it could be for. */
    static final int AMBIGUOUS = -2;

    private static final int NOT_NAMED = UpsertDecoder.groupIdNullValue();
    private static final int FIRST_DATA_GROUP = 1;
    private static final int GROUP_SINCE = UpsertDecoder.groupIdSinceVersion();

    private final ShardRouter router;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertView upsert = new UpsertView();
    private final DeleteDecoder delete = new DeleteDecoder();
    private final GetDecoder get = new GetDecoder();

    RequestRoute(ShardRouter router) {
        this.router = router;
    }

    /** Returns the group of a checked request, or {@link #AMBIGUOUS}. */
    @HotPath
    int groupOf(int templateId, DirectBuffer message, int offset) {
        return switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID -> {
                int named = named(message, offset, UpsertDecoder.groupIdEncodingOffset());
                yield named != NOT_NAMED ? named : ownerOfUpsert(message, offset);
            }
            case DeleteDecoder.TEMPLATE_ID -> {
                int named = named(message, offset, DeleteDecoder.groupIdEncodingOffset());
                yield named != NOT_NAMED ? named : ownerOfDelete(message, offset);
            }
            case GetDecoder.TEMPLATE_ID -> {
                int named = named(message, offset, GetDecoder.groupIdEncodingOffset());
                yield named != NOT_NAMED ? named : ownerOfGet(message, offset);
            }
            case SearchDecoder.TEMPLATE_ID -> {
                int named = named(message, offset, SearchDecoder.groupIdEncodingOffset());
                yield named != NOT_NAMED ? named : theOnlyOne();
            }
            case ListCollectionsDecoder.TEMPLATE_ID ->
                orMetadata(named(message, offset, ListCollectionsDecoder.groupIdEncodingOffset()));
            case StatusDecoder.TEMPLATE_ID -> orMetadata(named(message, offset, StatusDecoder.groupIdEncodingOffset()));
            default -> HostedGroups.METADATA;
        };
    }

    /** Returns the collection that a write names. */
    @HotPath
    int collectionOf(int templateId, DirectBuffer message, int offset) {
        int at = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        return switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID ->
                message.getInt(at + UpsertDecoder.collectionIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            case DeleteDecoder.TEMPLATE_ID ->
                message.getInt(at + DeleteDecoder.collectionIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            case DropCollectionDecoder.TEMPLATE_ID ->
                message.getInt(at + DropCollectionDecoder.collectionIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            default -> 0;
        };
    }

    @HotPath
    private int named(DirectBuffer message, int offset, int fieldOffset) {
        header.wrap(message, offset);
        return header.version() < GROUP_SINCE
                ? NOT_NAMED
                : message.getInt(offset + MessageHeaderDecoder.ENCODED_LENGTH + fieldOffset, ByteOrder.LITTLE_ENDIAN);
    }

    @HotPath
    private static int orMetadata(int named) {
        return named == NOT_NAMED ? HostedGroups.METADATA : named;
    }

    @HotPath
    private int theOnlyOne() {
        int owner = router.table().soleOwner();
        return owner == ShardTable.SEVERAL_OWNERS ? AMBIGUOUS : owner;
    }

    @HotPath
    private int ownerOfUpsert(DirectBuffer message, int offset) {
        upsert.wrap(message, offset);
        return upsert.count() == 0
                ? FIRST_DATA_GROUP
                : router.groupOf(upsert.fields().collectionId(), upsert.idMost(0), upsert.idLeast(0));
    }

    @HotPath
    private int ownerOfDelete(DirectBuffer message, int offset) {
        delete.wrapAndApplyHeader(message, offset, header);
        int collectionId = delete.collectionId();
        DeleteDecoder.PointsDecoder points = delete.points();
        if (!points.hasNext()) {
            return FIRST_DATA_GROUP;
        }
        PointIdDecoder id = points.next().id();
        return router.groupOf(collectionId, id.most(), id.least());
    }

    /** A read may name points of several groups only if it names none: then one group must own them all. */
    @HotPath
    private int ownerOfGet(DirectBuffer message, int offset) {
        get.wrapAndApplyHeader(message, offset, header);
        int collectionId = get.collectionId();
        ShardTable table = router.table();
        int owner = FIRST_DATA_GROUP;
        GetDecoder.PointsDecoder points = get.points();
        for (int i = 0; points.hasNext(); i++) {
            PointIdDecoder id = points.next().id();
            int group = table.groupOf(table.shardOf(collectionId, id.most(), id.least()));
            if (i > 0 && group != owner) {
                return AMBIGUOUS;
            }
            owner = group;
        }
        return owner;
    }
}
