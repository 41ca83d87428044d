package io.grape.client;

import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GroupSizeEncodingEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.shards.ShardTable;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reusable batch of points to upsert; a batch is applied as a whole or not at all.
 *
 * <p>Not thread-safe. The client copies the batch before {@code upsert} or {@code upsertAsync} returns, so that it may
 * be cleared and filled again at once. After it has grown to its usual size it allocates nothing.
 */
public final class PointBatch {
    /** Most points of one message, by the 16-bit count of its repeating group. */
    public static final int MAX_POINTS = 65_534;

    /** Expected version of a point that is written whatever its version is; the default. */
    public static final long ANY_VERSION = UpsertEncoder.PointsEncoder.expectedVersionNullValue();

    /** Expected version of a point that must not exist: what {@link StoredPoint#version} says of an absent one. */
    public static final long ABSENT_VERSION = StoredPoint.ABSENT;

    private static final int INITIAL_POINTS = 64;

    private final int dimension;
    private int size;
    private long[] idsMost = new long[INITIAL_POINTS];
    private long[] idsLeast = new long[INITIAL_POINTS];
    private int[] payloadLengths = new int[INITIAL_POINTS];
    private long[] expectedVersions = new long[INITIAL_POINTS];
    private final UnsafeBuffer vectors = new UnsafeBuffer(new byte[0]);
    private final UnsafeBuffer payloads = new UnsafeBuffer(new byte[0]);
    private int payloadBytes;
    /** Group of each point, by the table that {@link #route} was given last. */
    private int[] owners = new int[INITIAL_POINTS];

    /**
     * @param dimension components of each vector, at least 1
     */
    public PointBatch(int dimension) {
        if (dimension < 1) {
            throw new GrapeException(
                    ErrorCode.DIMENSION_MISMATCH, "A vector has at least one component, not " + dimension + ".");
        }
        this.dimension = dimension;
        vectors.wrap(new byte[INITIAL_POINTS * dimension * Float.BYTES]);
    }

    /**
     * Adds a point without payload.
     *
     * @param id     numeric id, unsigned
     * @param vector its components
     * @return this
     */
    public PointBatch add(long id, float[] vector) {
        return add(0, id, vector, null);
    }

    /**
     * Adds a point.
     *
     * @param id      numeric id, unsigned
     * @param vector  its components
     * @param payload opaque bytes, or null
     * @return this
     */
    public PointBatch add(long id, float[] vector, byte @Nullable [] payload) {
        return add(0, id, vector, payload);
    }

    /**
     * Adds a point under a UUID.
     *
     * @param id      id
     * @param vector  its components
     * @param payload opaque bytes, or null
     * @return this
     */
    public PointBatch add(UUID id, float[] vector, byte @Nullable [] payload) {
        return add(id.getMostSignificantBits(), id.getLeastSignificantBits(), vector, payload);
    }

    /**
     * Adds a point under a 128-bit id.
     *
     * @param idMost  upper 64 bits; zero for numeric ids
     * @param idLeast lower 64 bits
     * @param vector  its components
     * @param payload opaque bytes, or null
     * @return this
     * @throws GrapeException DIMENSION_MISMATCH or BATCH_TOO_LARGE; the batch is unchanged
     */
    public PointBatch add(long idMost, long idLeast, float[] vector, byte @Nullable [] payload) {
        if (vector.length != dimension) {
            throw new GrapeException(
                    ErrorCode.DIMENSION_MISMATCH,
                    "Point " + Long.toUnsignedString(idLeast) + " has " + vector.length
                            + " components; the batch is for " + dimension + ".");
        }
        if (size == MAX_POINTS) {
            throw new GrapeException(
                    ErrorCode.BATCH_TOO_LARGE, "A batch holds at most " + MAX_POINTS + " points; send it and go on.");
        }
        ensureCapacity();
        int offset = size * dimension * Float.BYTES;
        for (int i = 0; i < dimension; i++) {
            vectors.putFloat(offset + i * Float.BYTES, vector[i], ByteOrder.LITTLE_ENDIAN);
        }
        idsMost[size] = idMost;
        idsLeast[size] = idLeast;
        payloadLengths[size] = 0;
        expectedVersions[size] = ANY_VERSION;
        if (payload != null && payload.length > 0) {
            growPayloads(payloadBytes + payload.length);
            payloads.putBytes(payloadBytes, payload);
            payloadBytes += payload.length;
            payloadLengths[size] = payload.length;
        }
        size++;
        return this;
    }

    /**
     * Makes the point that was added last conditional: compare-and-set. The batch is written only if every condition in it
     * holds, and is refused with VERSION_MISMATCH otherwise. Conditions are judged by the state before the batch.
     *
     * @param version that the point must have: what a read returned, or {@link #ABSENT_VERSION}
     * @return this
     */
    public PointBatch ifVersion(long version) {
        RequestChecks.expectedVersion(version);
        expectedVersions[checkOrdinal(size - 1)] = version;
        return this;
    }

    /**
     * Makes the point that was added last conditional: it must not exist.
     *
     * @return this
     */
    public PointBatch ifAbsent() {
        return ifVersion(ABSENT_VERSION);
    }

    private void ensureCapacity() {
        if (size == idsLeast.length) {
            int capacity = Math.min(MAX_POINTS, size * 2);
            idsMost = Arrays.copyOf(idsMost, capacity);
            idsLeast = Arrays.copyOf(idsLeast, capacity);
            payloadLengths = Arrays.copyOf(payloadLengths, capacity);
            expectedVersions = Arrays.copyOf(expectedVersions, capacity);
        }
        int needed = Math.multiplyExact(size + 1, dimension * Float.BYTES);
        if (needed > vectors.capacity()) {
            grow(vectors, size * dimension * Float.BYTES, needed);
        }
    }

    private void growPayloads(int needed) {
        if (needed > payloads.capacity()) {
            grow(payloads, payloadBytes, needed);
        }
    }

    private static void grow(UnsafeBuffer buffer, int usedBytes, int needed) {
        int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, buffer.capacity() * 2L));
        byte[] larger = new byte[capacity];
        buffer.getBytes(0, larger, 0, usedBytes);
        buffer.wrap(larger);
    }

    /**
     * Forgets all points and keeps the memory.
     *
     * @return this
     */
    public PointBatch clear() {
        size = 0;
        payloadBytes = 0;
        return this;
    }

    /** Returns the number of points. */
    public int size() {
        return size;
    }

    /** Returns whether there is no point. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Returns the components of each vector. */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns the lower 64 bits of a point's id.
     *
     * @param ordinal 0 to {@code size() - 1}
     * @return the numeric id
     */
    public long id(int ordinal) {
        return idsLeast[checkOrdinal(ordinal)];
    }

    /**
     * Returns the upper 64 bits of a point's id.
     *
     * @param ordinal 0 to {@code size() - 1}
     * @return zero for numeric ids
     */
    public long idMost(int ordinal) {
        return idsMost[checkOrdinal(ordinal)];
    }

    private int checkOrdinal(int ordinal) {
        return Objects.checkIndex(ordinal, size);
    }

    /** Returns the length of the message that carries this batch, header included, in bytes. */
    public long encodedLength() {
        return encodedLength(size, dimension, payloadBytes);
    }

    /**
     * Returns the length of a message that carries a batch, header included.
     *
     * @param points       number of points
     * @param dimension    components of each vector
     * @param payloadBytes bytes of all payloads together
     * @return bytes
     */
    public static long encodedLength(int points, int dimension, long payloadBytes) {
        return MessageHeaderEncoder.ENCODED_LENGTH
                + UpsertEncoder.BLOCK_LENGTH
                + GroupSizeEncodingEncoder.ENCODED_LENGTH
                + (long) points * UpsertEncoder.PointsEncoder.sbeBlockLength()
                + UpsertEncoder.vectorsHeaderLength()
                + (long) points * dimension * Float.BYTES
                + UpsertEncoder.payloadsHeaderLength()
                + payloadBytes;
    }

    /**
     * Finds the group of each point.
     *
     * @return the group that owns all of them, or -1 if there are several
     */
    @HotPath
    int route(ShardTable table, int collectionId) {
        if (owners.length < size) {
            growOwners();
        }
        boolean isOne = true;
        for (int i = 0; i < size; i++) {
            owners[i] = table.groupOf(table.shardOf(collectionId, idsMost[i], idsLeast[i]));
            isOne &= owners[i] == owners[0];
        }
        return isOne && size > 0 ? owners[0] : -1;
    }

    private void growOwners() {
        owners = new int[idsLeast.length];
    }

    /** Returns the group of each point as {@link #route} found them; longer than the batch. */
    int[] owners() {
        return owners;
    }

    /** Writes the repeating group and the two data fields of one group's points; the caller has written the fixed block. */
    void encodeInto(UpsertEncoder encoder, MutableDirectBuffer buffer, int group) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += owners[i] == group ? 1 : 0;
        }
        if (count == size) {
            encodeInto(encoder);
            return;
        }
        UpsertEncoder.PointsEncoder points = encoder.pointsCount(count);
        for (int i = 0; i < size; i++) {
            if (owners[i] == group) {
                encode(points.next(), i);
            }
        }
        int vectorsAt = encoder.limit() + UpsertEncoder.vectorsHeaderLength();
        int rowBytes = dimension * Float.BYTES;
        int at = vectorsAt;
        for (int i = 0; i < size; i++) {
            if (owners[i] == group) {
                buffer.putBytes(at, vectors, i * rowBytes, rowBytes);
                at += rowBytes;
            }
        }
        buffer.putInt(vectorsAt - UpsertEncoder.vectorsHeaderLength(), at - vectorsAt, ByteOrder.LITTLE_ENDIAN);
        int payloadsAt = at + UpsertEncoder.payloadsHeaderLength();
        at = payloadsAt;
        int from = 0;
        for (int i = 0; i < size; i++) {
            if (owners[i] == group) {
                buffer.putBytes(at, payloads, from, payloadLengths[i]);
                at += payloadLengths[i];
            }
            from += payloadLengths[i];
        }
        buffer.putInt(payloadsAt - UpsertEncoder.payloadsHeaderLength(), at - payloadsAt, ByteOrder.LITTLE_ENDIAN);
        encoder.limit(at);
    }

    private void encode(UpsertEncoder.PointsEncoder point, int i) {
        point.id().most(idsMost[i]).least(idsLeast[i]);
        point.payloadLength(payloadLengths[i]).expectedVersion(expectedVersions[i]);
    }

    /** Writes the repeating group and the two data fields; the caller has written the fixed block. */
    void encodeInto(UpsertEncoder encoder) {
        UpsertEncoder.PointsEncoder points = encoder.pointsCount(size);
        for (int i = 0; i < size; i++) {
            encode(points.next(), i);
        }
        encoder.putVectors(vectors, 0, size * dimension * Float.BYTES);
        encoder.putPayloads(payloads, 0, payloadBytes);
    }

    int payloadBytes() {
        return payloadBytes;
    }
}
