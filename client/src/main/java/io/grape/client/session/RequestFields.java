package io.grape.client.session;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ChangeNodeEncoder;
import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.DropCollectionEncoder;
import io.grape.codecs.sbe.GetEncoder;
import io.grape.codecs.sbe.ListCollectionsEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchEncoder;
import io.grape.codecs.sbe.StatusEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Writes over an encoded request what its caller could not know.
 *
 * <pre>
 * offset  size  field                 in
 *      8     8  sessionId             every request
 *     16     8  correlationId         every request
 *     24     8  clientId              writes
 *     32     8  sequence              writes
 *     40     8  acknowledgedThrough   writes
 *      ?     8  knownIndex            writes
 *      ?     4  groupId               what names a group: where the request's own block says
 * </pre>
 */
final class RequestFields {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int SESSION_ID = HEADER + UpsertEncoder.sessionIdEncodingOffset();
    private static final int CORRELATION_ID = HEADER + UpsertEncoder.correlationIdEncodingOffset();
    private static final int CLIENT_ID = HEADER + UpsertEncoder.clientIdEncodingOffset();
    private static final int SEQUENCE = HEADER + UpsertEncoder.sequenceEncodingOffset();
    private static final int ACKNOWLEDGED_THROUGH = HEADER + UpsertEncoder.acknowledgedThroughEncodingOffset();
    private static final int NO_FIELD = -1;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private RequestFields() {}

    @HotPath
    static void sessionId(MutableDirectBuffer buffer, long value) {
        buffer.putLong(SESSION_ID, value, ORDER);
    }

    @HotPath
    static void correlationId(MutableDirectBuffer buffer, long value) {
        buffer.putLong(CORRELATION_ID, value, ORDER);
    }

    @HotPath
    static void clientId(MutableDirectBuffer buffer, long value) {
        buffer.putLong(CLIENT_ID, value, ORDER);
    }

    @HotPath
    static void sequence(MutableDirectBuffer buffer, long value) {
        buffer.putLong(SEQUENCE, value, ORDER);
    }

    @HotPath
    static void acknowledgedThrough(MutableDirectBuffer buffer, long value) {
        buffer.putLong(ACKNOWLEDGED_THROUGH, value, ORDER);
    }

    @HotPath
    static void knownIndex(MutableDirectBuffer buffer, long value) {
        int offset = switch (templateId(buffer)) {
            case UpsertEncoder.TEMPLATE_ID -> UpsertEncoder.knownIndexEncodingOffset();
            case DeleteEncoder.TEMPLATE_ID -> DeleteEncoder.knownIndexEncodingOffset();
            case ChangeNodeEncoder.TEMPLATE_ID -> ChangeNodeEncoder.knownIndexEncodingOffset();
            case CreateCollectionEncoder.TEMPLATE_ID -> CreateCollectionEncoder.knownIndexEncodingOffset();
            default -> DropCollectionEncoder.knownIndexEncodingOffset();
        };
        buffer.putLong(HEADER + offset, value, ORDER);
    }

    /** Names the group in a request that can name one; in others nothing is written. */
    @HotPath
    static void groupId(MutableDirectBuffer buffer, int value) {
        int offset = switch (templateId(buffer)) {
            case UpsertEncoder.TEMPLATE_ID -> UpsertEncoder.groupIdEncodingOffset();
            case DeleteEncoder.TEMPLATE_ID -> DeleteEncoder.groupIdEncodingOffset();
            case GetEncoder.TEMPLATE_ID -> GetEncoder.groupIdEncodingOffset();
            case SearchEncoder.TEMPLATE_ID -> SearchEncoder.groupIdEncodingOffset();
            case ListCollectionsEncoder.TEMPLATE_ID -> ListCollectionsEncoder.groupIdEncodingOffset();
            case StatusEncoder.TEMPLATE_ID -> StatusEncoder.groupIdEncodingOffset();
            default -> NO_FIELD;
        };
        if (offset != NO_FIELD) {
            buffer.putInt(HEADER + offset, value, ORDER);
        }
    }

    /** Lets only the log judge whether the group owns the points: an earlier attempt may be in there. */
    @HotPath
    static void judgedByTheLog(MutableDirectBuffer buffer) {
        int templateId = templateId(buffer);
        if (templateId == UpsertEncoder.TEMPLATE_ID) {
            buffer.putLong(HEADER + UpsertEncoder.tableEpochEncodingOffset(), 0, ORDER);
        } else if (templateId == DeleteEncoder.TEMPLATE_ID) {
            buffer.putLong(HEADER + DeleteEncoder.tableEpochEncodingOffset(), 0, ORDER);
        }
    }

    @HotPath
    private static int templateId(MutableDirectBuffer buffer) {
        return buffer.getShort(MessageHeaderEncoder.templateIdEncodingOffset(), ORDER) & 0xFFFF;
    }
}
