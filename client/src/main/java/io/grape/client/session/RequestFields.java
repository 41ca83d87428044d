package io.grape.client.session;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderEncoder;
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
 *    end     8  knownIndex            writes: the last field of the block
 * </pre>
 */
final class RequestFields {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int SESSION_ID = HEADER + UpsertEncoder.sessionIdEncodingOffset();
    private static final int CORRELATION_ID = HEADER + UpsertEncoder.correlationIdEncodingOffset();
    private static final int CLIENT_ID = HEADER + UpsertEncoder.clientIdEncodingOffset();
    private static final int SEQUENCE = HEADER + UpsertEncoder.sequenceEncodingOffset();
    private static final int ACKNOWLEDGED_THROUGH = HEADER + UpsertEncoder.acknowledgedThroughEncodingOffset();
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
        int blockLength = buffer.getShort(MessageHeaderEncoder.blockLengthEncodingOffset(), ORDER) & 0xFFFF;
        buffer.putLong(HEADER + blockLength - Long.BYTES, value, ORDER);
    }
}
