package io.grape.codecs;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GroupSizeEncodingDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.VarDataEncodingDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decides whether a received frame may be given to a generated decoder at all.
 *
 * <p>The generated decoders trust the lengths that they read and throw, or read what stands beyond the frame, when those
 * lie. This check walks a frame by the shape of its template and accepts it only when the fixed block, every element of
 * every group and all variable data lie inside the given length and every enum has a meaning. What is accepted decodes
 * without an exception. It says nothing of whether the values make sense together; that is the receiver's part.
 *
 * <p>Whoever takes bytes from outside the process (the network, or a log entry that came over it) calls this first,
 * once a frame, on the thread that received them. No state, no allocation, no exceptions; about one comparison for each
 * group element.
 *
 * <p>Versions: a frame of a newer schema is accepted as long as the part that this version knows is sound; bytes after
 * that part are what the newer version added, and an enum value that has no meaning here decodes to {@code SBE_UNKNOWN}.
 * A frame of this version or an older one must end where its last field does, and hold only values that have a meaning.
 * A block is at least as long as it was in the version that the frame names: a field that this version has is there.
 */
public final class FrameCheck {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int BLOCK_LENGTH_OFFSET = MessageHeaderDecoder.blockLengthEncodingOffset();
    private static final int TEMPLATE_ID_OFFSET = MessageHeaderDecoder.templateIdEncodingOffset();
    private static final int SCHEMA_ID_OFFSET = MessageHeaderDecoder.schemaIdEncodingOffset();
    private static final int VERSION_OFFSET = MessageHeaderDecoder.versionEncodingOffset();
    private static final int GROUP_HEADER_LENGTH = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    private static final int GROUP_COUNT_OFFSET = GroupSizeEncodingDecoder.numInGroupEncodingOffset();
    private static final int GROUP_COUNT_NULL = GroupSizeEncodingDecoder.numInGroupNullValue();
    private static final int DATA_HEADER_LENGTH = VarDataEncodingDecoder.varDataEncodingOffset();
    /** No position: something does not lie inside the frame, or an enum has a value without a meaning. */
    private static final long MALFORMED = -1;

    private FrameCheck() {}

    /**
     * Checks one frame.
     *
     * @param buffer holds the frame; bounds are those of {@code length}, not of the buffer
     * @param offset of the message header, bytes
     * @param length of the frame, header included, bytes
     * @return {@code OK}; {@code UNSUPPORTED_VERSION} when schema, version or a newer sender's template cannot be read
     *     here; {@code MALFORMED_MESSAGE} otherwise
     */
    @HotPath
    public static ErrorCode check(DirectBuffer buffer, int offset, int length) {
        if (length < HEADER_LENGTH || offset < 0 || length > buffer.capacity() - offset) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        int schemaId = uint16(buffer, offset + SCHEMA_ID_OFFSET);
        int version = uint16(buffer, offset + VERSION_OFFSET);
        if (schemaId != MessageHeaderDecoder.SCHEMA_ID || version == 0) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        boolean newer = version > MessageHeaderDecoder.SCHEMA_VERSION;
        BlockShape shape = FrameShapes.of(uint16(buffer, offset + TEMPLATE_ID_OFFSET));
        if (shape == null) {
            return newer ? ErrorCode.UNSUPPORTED_VERSION : ErrorCode.MALFORMED_MESSAGE;
        }
        int blockLength = uint16(buffer, offset + BLOCK_LENGTH_OFFSET);
        long limit = (long) offset + length;
        long end = walk(buffer, shape, (long) offset + HEADER_LENGTH, blockLength, limit, version);
        boolean complete = newer ? end != MALFORMED : end == limit;
        return complete ? ErrorCode.OK : ErrorCode.MALFORMED_MESSAGE;
    }

    /** Returns where a block and its tail end, or {@link #MALFORMED}. */
    @HotPath
    private static long walk(
            DirectBuffer buffer, BlockShape shape, long offset, int blockLength, long limit, int version) {
        boolean newer = version > MessageHeaderDecoder.SCHEMA_VERSION;
        if (blockLength < shape.blockLength(version) || offset + blockLength > limit) {
            return MALFORMED;
        }
        if (!newer && !shape.enumsHaveMeaning(buffer, (int) offset, 1, blockLength)) {
            return MALFORMED;
        }
        long position = offset + blockLength;
        BlockShape[] groups = shape.groups();
        for (int i = 0; i < groups.length && position >= 0; i++) {
            position = walkGroup(buffer, groups[i], position, limit, version);
        }
        for (int i = 0; i < shape.dataCount(version) && position >= 0; i++) {
            position = walkData(buffer, position, limit);
        }
        return position;
    }

    @HotPath
    private static long walkGroup(DirectBuffer buffer, BlockShape element, long offset, long limit, int version) {
        if (offset + GROUP_HEADER_LENGTH > limit) {
            return MALFORMED;
        }
        boolean newer = version > MessageHeaderDecoder.SCHEMA_VERSION;
        int blockLength = uint16(buffer, (int) offset);
        int count = uint16(buffer, (int) offset + GROUP_COUNT_OFFSET);
        long position = offset + GROUP_HEADER_LENGTH;
        // 65,534 x 65,535 bytes do not fit an int: the sum is taken in 64 bits.
        if (count == GROUP_COUNT_NULL
                || blockLength < element.blockLength(version)
                || position + (long) count * blockLength > limit) {
            return MALFORMED;
        }
        if (element.isFixed()) {
            boolean sound = newer || element.enumsHaveMeaning(buffer, (int) position, count, blockLength);
            return sound ? position + (long) count * blockLength : MALFORMED;
        }
        for (int i = 0; i < count && position >= 0; i++) {
            position = walk(buffer, element, position, blockLength, limit, version);
        }
        return position;
    }

    @HotPath
    private static long walkData(DirectBuffer buffer, long offset, long limit) {
        if (offset + DATA_HEADER_LENGTH > limit) {
            return MALFORMED;
        }
        long length = buffer.getInt((int) offset, ORDER) & 0xFFFF_FFFFL;
        long end = offset + DATA_HEADER_LENGTH + length;
        return end > limit ? MALFORMED : end;
    }

    @HotPath
    private static int uint16(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, ORDER) & 0xFFFF;
    }
}
