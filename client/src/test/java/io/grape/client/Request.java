package io.grape.client;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A request as a node received it: its bytes, and the fields that requests share. */
public record Request(
        int nodeId,
        int templateId,
        long sessionId,
        long correlationId,
        long clientId,
        long sequence,
        long acknowledgedThrough,
        byte[] bytes) {

    /** Copies a frame; fails if a node's check would refuse it. */
    public static Request of(int nodeId, DirectBuffer buffer, int offset, int length) {
        ErrorCode check = FrameCheck.check(buffer, offset, length);
        if (check != ErrorCode.OK) {
            throw new AssertionError("the client sent a frame that is refused with " + check);
        }
        int templateId = new MessageHeaderDecoder().wrap(buffer, offset).templateId();
        int block = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        boolean isWrite = isWrite(templateId);
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new Request(
                nodeId,
                templateId,
                buffer.getLong(block, ByteOrder.LITTLE_ENDIAN),
                length >= 24 ? buffer.getLong(block + 8, ByteOrder.LITTLE_ENDIAN) : 0,
                isWrite ? buffer.getLong(block + 16, ByteOrder.LITTLE_ENDIAN) : 0,
                isWrite ? buffer.getLong(block + 24, ByteOrder.LITTLE_ENDIAN) : 0,
                isWrite ? buffer.getLong(block + 32, ByteOrder.LITTLE_ENDIAN) : 0,
                bytes);
    }

    public boolean isWrite() {
        return isWrite(templateId);
    }

    private static boolean isWrite(int templateId) {
        return templateId == UpsertDecoder.TEMPLATE_ID
                || templateId == DeleteDecoder.TEMPLATE_ID
                || templateId == CreateCollectionDecoder.TEMPLATE_ID
                || templateId == DropCollectionDecoder.TEMPLATE_ID
                || templateId == RenameCollectionDecoder.TEMPLATE_ID
                || templateId == ChangeNodeDecoder.TEMPLATE_ID;
    }

    /** Returns the frame for a decoder. */
    public UnsafeBuffer buffer() {
        return new UnsafeBuffer(bytes);
    }
}
