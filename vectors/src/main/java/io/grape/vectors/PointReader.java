package io.grape.vectors;

import io.grape.vectors.id.IdMap;
import io.grape.vectors.id.PointKey;
import io.grape.vectors.id.RowEntry;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A reusable look-up of single points by id.
 *
 * <p>Owned by one thread at a time. Vector and payload are copied into buffers of the reader, which hold until its next
 * {@link #get}; so no reader can keep a file mapped, or look at one that no longer is. The vector is returned bit by bit
 * as it was put. A point that is being written right now may be found here an instant before a search finds it, never
 * after.
 */
public final class PointReader implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PointStore store;
    private final ReaderPins.Pin pin;
    private final PointKey key = new PointKey();
    private final RowEntry entry = new RowEntry();
    private final UnsafeBuffer vector;
    private final ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
    private int payloadLength;

    PointReader(PointStore store) {
        this.store = store;
        this.pin = store.pins().newPin();
        this.vector = new UnsafeBuffer(ByteBuffer.allocateDirect(store.shape().vectorBytes()));
    }

    /**
     * Looks a point up.
     *
     * @return whether there is one; the other methods speak of it then
     * @throws io.grape.vectors.model.VectorsException STORE_CLOSED
     */
    @HotPath
    public boolean get(long idMost, long idLeast) {
        store.enter(pin);
        try {
            if (!find(idMost, idLeast)) {
                return false;
            }
            Segment segment = store.rows().segmentsAcquire()[entry.segment()];
            copyVector(segment, entry.ordinal());
            payloadLength = segment.payloadBytes(entry.ordinal());
            if (payloadLength > 0) {
                store.rows().readPayload(segment.payloadRef(entry.ordinal()), payloadLength, payload);
            }
            return true;
        } finally {
            pin.leave();
        }
    }

    @HotPath
    private boolean find(long idMost, long idLeast) {
        IdMap idMap = store.idMapIfReady();
        if (idMap == null) {
            return scan(idMost, idLeast);
        }
        key.set(idMost, idLeast);
        return idMap.get(key, entry);
    }

    /** While the id map is being made after an opening: reads every id, about 10 ms for a million of them. */
    @HotPath
    private boolean scan(long idMost, long idLeast) {
        long snapshot = store.rows().publishedAcquire();
        Segment[] segments = store.rows().segmentsAcquire();
        for (Segment segment : segments) {
            int rows = segment.rowsAt(snapshot);
            for (int row = 0; row < rows; row++) {
                if (segment.idLeast(row) == idLeast
                        && segment.idMost(row) == idMost
                        && segment.visibleAt(row, snapshot)) {
                    entry.set(segment.index(), row, segment.version(row));
                    return true;
                }
            }
        }
        return false;
    }

    @HotPath
    private void copyVector(Segment segment, int row) {
        MemorySegment memory = segment.memory();
        long at = segment.vectorOffset(row);
        for (int i = 0; i < vector.capacity(); i += Integer.BYTES) {
            vector.putInt(i, memory.get(INT, at + i), ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Number of the row that holds the point found, for {@code SearchParameters.rows}; a replaced point has another. */
    public int row() {
        return store.rowVectors().row(entry.segment(), entry.ordinal());
    }

    /** Version of the point found. */
    public long version() {
        return entry.version();
    }

    /** The vector as it was put: {@code dimension} little-endian float32 values from offset 0. */
    public DirectBuffer vector() {
        return vector;
    }

    /** The payload, from offset 0; {@link #payloadLength} bytes of it are meant. */
    public DirectBuffer payload() {
        return payload;
    }

    /** Length of the payload, 0 for none. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Gives up the place among the readers. */
    @Override
    public void close() {
        pin.close();
    }
}
