package io.grape.client;

import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.GetReplyDecoder.PointsDecoder;
import io.grape.codecs.sbe.GroupSizeEncodingDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the points of one reply where it lies; allocates nothing.
 *
 * <pre>
 * reply = header, fixed block, points group, vectors (length, then dimension x float32 for each present point),
 *         payloads (length, then one after the other)
 * </pre>
 *
 * <p>Stands before the first point when a callback receives it. Polling thread, during the callback only.
 */
public final class PointCursor {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int ID_MOST = PointsDecoder.idEncodingOffset() + PointIdDecoder.mostEncodingOffset();
    private static final int ID_LEAST = PointsDecoder.idEncodingOffset() + PointIdDecoder.leastEncodingOffset();
    private static final int VERSION = PointsDecoder.versionEncodingOffset();
    private static final int PAYLOAD_LENGTH = PointsDecoder.payloadLengthEncodingOffset();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GetReplyDecoder reply = new GetReplyDecoder();
    private DirectBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int pointOffset;
    private int pointLength;
    private int count;
    private int ordinal;
    private int vectorBytes;
    private int vectorOffset;
    private int vectorsEnd;
    private int payloadOffset;
    private int payloadLength;
    private int payloadsEnd;

    /** Makes a cursor for replies that its owner has; the client hands out cursors of its own. */
    public PointCursor() {}

    /**
     * Stands before the first point of a reply.
     *
     * @param source holds the reply's frame, which was checked
     * @param offset of its message header
     * @return this
     */
    @HotPath
    public PointCursor wrap(DirectBuffer source, int offset) {
        reply.wrapAndApplyHeader(source, offset, header);
        buffer = source;
        int group = reply.limit();
        pointLength = source.getShort(group + GroupSizeEncodingDecoder.blockLengthEncodingOffset(), ORDER) & 0xFFFF;
        count = source.getShort(group + GroupSizeEncodingDecoder.numInGroupEncodingOffset(), ORDER) & 0xFFFF;
        int first = group + GroupSizeEncodingDecoder.ENCODED_LENGTH;
        pointOffset = first - pointLength;
        ordinal = 0;
        vectorBytes = 0;
        payloadLength = 0;
        int vectors = first + count * pointLength;
        vectorOffset = vectors + GetReplyDecoder.vectorsHeaderLength();
        vectorsEnd = vectorOffset + source.getInt(vectors, ORDER);
        payloadOffset = vectorsEnd + GetReplyDecoder.payloadsHeaderLength();
        payloadsEnd = payloadOffset + source.getInt(vectorsEnd, ORDER);
        return this;
    }

    /**
     * Goes to the next point.
     *
     * @return false if there is none
     * @throws GrapeException MALFORMED_MESSAGE if vectors and payloads are fewer than the points say
     */
    @HotPath
    public boolean next() {
        if (ordinal == count) {
            return false;
        }
        ordinal++;
        pointOffset += pointLength;
        vectorOffset += vectorBytes;
        payloadOffset += payloadLength;
        boolean carries = isPresent() && reply.dimension() > 0;
        vectorBytes = carries ? reply.dimension() * Float.BYTES : 0;
        payloadLength = carries ? buffer.getInt(pointOffset + PAYLOAD_LENGTH, ORDER) : 0;
        if (vectorBytes > vectorsEnd - vectorOffset
                || payloadLength < 0
                || payloadLength > payloadsEnd - payloadOffset) {
            throw contradiction();
        }
        return true;
    }

    private static GrapeException contradiction() {
        return new GrapeException(
                ErrorCode.MALFORMED_MESSAGE, "A reply holds fewer vectors or payload bytes than its points say.");
    }

    /** Returns how many points there are, absent ones too. */
    public int count() {
        return count;
    }

    /** Returns the lower 64 bits of the id of the point that the cursor stands on. */
    @HotPath
    public long id() {
        return buffer.getLong(pointOffset + ID_LEAST, ORDER);
    }

    /** Returns the upper 64 bits of that id; zero for numeric ids. */
    @HotPath
    public long idMost() {
        return buffer.getLong(pointOffset + ID_MOST, ORDER);
    }

    /** Returns the log index of the write that stored that point, or {@link StoredPoint#ABSENT}. */
    @HotPath
    public long version() {
        return buffer.getLong(pointOffset + VERSION, ORDER);
    }

    /** Returns whether the replica holds that point. */
    @HotPath
    public boolean isPresent() {
        return version() != StoredPoint.ABSENT;
    }

    /** Returns the components of each vector; 0 if vectors were not asked for. */
    public int dimension() {
        return reply.dimension();
    }

    /**
     * Copies that point's vector.
     *
     * @param target at least {@link #dimension} long
     * @return how many components were copied; 0 if the point is absent or vectors were not asked for
     */
    @HotPath
    public int copyVector(float[] target) {
        int components = vectorBytes / Float.BYTES;
        for (int i = 0; i < components; i++) {
            target[i] = buffer.getFloat(vectorOffset + i * Float.BYTES, ORDER);
        }
        return components;
    }

    /** Returns the bytes of that point's payload; 0 if it has none. */
    @HotPath
    public int payloadLength() {
        return payloadLength;
    }

    /**
     * Copies that point's payload.
     *
     * @param target at least {@link #payloadLength} long
     * @return how many bytes were copied
     */
    @HotPath
    public int copyPayload(byte[] target) {
        buffer.getBytes(payloadOffset, target, 0, payloadLength);
        return payloadLength;
    }

    /** Returns the group that answered. */
    public int groupId() {
        return reply.groupId();
    }

    /** Returns the index that the answer saw. */
    public long index() {
        return reply.index();
    }
}
