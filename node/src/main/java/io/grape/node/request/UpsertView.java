package io.grape.node.request;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads an {@code Upsert} in place: the points' ids, and where each vector and payload lies.
 *
 * <p>The frame's extents must have been checked before; {@link #isConsistent()} checks what the extents cannot show.
 * Thread: that of its owner. Allocates nothing.
 */
public final class UpsertView {
    /** Expected version of a point that is written whatever its version is. */
    public static final long ANY_VERSION = UpsertDecoder.PointsDecoder.expectedVersionNullValue();

    /** Expected version of a point that must not exist. */
    public static final long ABSENT_VERSION = -1;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertDecoder decoder = new UpsertDecoder();

    private DirectBuffer buffer = new UnsafeBuffer(0, 0);
    private int count;
    private int elementsOffset;
    private int elementLength;
    private boolean namesVersions;
    private int vectorsOffset;
    private int vectorsLength;
    private int payloadsOffset;
    private int payloadsLength;

    /**
     * Reads another message.
     *
     * @param message that holds it, message header included
     * @param offset  of the message header
     */
    @HotPath
    public UpsertView wrap(DirectBuffer message, int offset) {
        buffer = message;
        decoder.wrapAndApplyHeader(message, offset, header);
        UpsertDecoder.PointsDecoder points = decoder.points();
        count = points.count();
        elementsOffset = decoder.limit();
        elementLength = points.actingBlockLength();
        namesVersions = header.version() >= UpsertDecoder.PointsDecoder.expectedVersionSinceVersion();
        decoder.limit(elementsOffset + count * elementLength);
        vectorsLength = decoder.vectorsLength();
        vectorsOffset = decoder.limit() + UpsertDecoder.vectorsHeaderLength();
        decoder.limit(vectorsOffset + vectorsLength);
        payloadsLength = decoder.payloadsLength();
        payloadsOffset = decoder.limit() + UpsertDecoder.payloadsHeaderLength();
        return this;
    }

    /** Tells whether an expected version means something: any, absent, or a log index. */
    @HotPath
    public static boolean isExpectedVersion(long version) {
        return version >= ABSENT_VERSION || version == ANY_VERSION;
    }

    /** Tells whether the vectors and payloads are as long as the points say, no payload length is negative, and expected versions mean something. */
    @HotPath
    public boolean isConsistent() {
        if ((long) count * dimension() * Float.BYTES != vectorsLength) {
            return false;
        }
        long payloads = 0;
        for (int i = 0; i < count; i++) {
            int length = payloadLength(i);
            if (length < 0 || !isExpectedVersion(expectedVersion(i))) {
                return false;
            }
            payloads += length;
        }
        return payloads == payloadsLength;
    }

    /** Returns the message's fixed fields. */
    public UpsertDecoder fields() {
        return decoder;
    }

    /** Returns the bytes that hold the message. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Returns the number of points. */
    public int count() {
        return count;
    }

    /** Returns the components of each vector. */
    @HotPath
    public int dimension() {
        return decoder.dimension();
    }

    /** Returns the upper half of a point's id. */
    @HotPath
    public long idMost(int i) {
        return buffer.getLong(element(i) + PointIdDecoder.mostEncodingOffset(), PointIdDecoder.BYTE_ORDER);
    }

    /** Returns the lower half of a point's id. */
    @HotPath
    public long idLeast(int i) {
        return buffer.getLong(element(i) + PointIdDecoder.leastEncodingOffset(), PointIdDecoder.BYTE_ORDER);
    }

    /** Returns the bytes of a point's payload. */
    @HotPath
    public int payloadLength(int i) {
        return buffer.getInt(
                element(i) + UpsertDecoder.PointsDecoder.payloadLengthEncodingOffset(), UpsertDecoder.BYTE_ORDER);
    }

    /** Returns the version that a point must have: {@link #ANY_VERSION}, {@link #ABSENT_VERSION} or a log index. */
    @HotPath
    public long expectedVersion(int i) {
        return namesVersions
                ? buffer.getLong(
                        element(i) + UpsertDecoder.PointsDecoder.expectedVersionEncodingOffset(),
                        UpsertDecoder.BYTE_ORDER)
                : ANY_VERSION;
    }

    /** Returns where a point's vector begins in {@link #buffer()}. */
    @HotPath
    public int vectorOffset(int i) {
        return vectorsOffset + i * dimension() * Float.BYTES;
    }

    /** Returns the bytes of all payloads. */
    public int payloadsLength() {
        return payloadsLength;
    }

    /** Returns where the first payload begins in {@link #buffer()}; they follow each other. */
    public int payloadsOffset() {
        return payloadsOffset;
    }

    private int element(int i) {
        return elementsOffset + i * elementLength;
    }
}
