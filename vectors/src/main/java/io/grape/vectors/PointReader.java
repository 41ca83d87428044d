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
    private long idMost;
    private long idLeast;
    private int nextSegment;
    private int nextRow;

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

    /** Begins a visit of all points. */
    public void rewind() {
        nextSegment = 0;
        nextRow = 0;
    }

    /**
     * Goes on to the next live point, in no order that means anything. Each is as it is at this call: a point that is stored
     * again meanwhile may be met twice, and one that lives throughout is met at least once.
     *
     * @param maxRows rows that are looked at before it gives up for now, so that a caller can share its thread
     * @return {@link Visit#POINT} when the other methods speak of one, {@link Visit#PAUSE} to go on later, {@link Visit#END}
     * @throws io.grape.vectors.model.VectorsException STORE_CLOSED
     */
    public Visit next(int maxRows) {
        store.enter(pin);
        try {
            long snapshot = store.rows().publishedAcquire();
            Segment[] segments = store.rows().segmentsAcquire();
            for (int left = maxRows; left > 0; left--) {
                while (nextSegment < segments.length && nextRow >= segments[nextSegment].rowsAt(snapshot)) {
                    nextSegment++;
                    nextRow = 0;
                }
                if (nextSegment >= segments.length) {
                    return Visit.END;
                }
                Segment segment = segments[nextSegment];
                int row = nextRow++;
                if (segment.visibleAt(row, snapshot)) {
                    take(segment, row);
                    return Visit.POINT;
                }
            }
            return Visit.PAUSE;
        } finally {
            pin.leave();
        }
    }

    /** What {@link #next} has come to. */
    public enum Visit {
        /** A point. */
        POINT,
        /** Nothing among the rows that were looked at. */
        PAUSE,
        /** No more points. */
        END
    }

    private void take(Segment segment, int row) {
        idMost = segment.idMost(row);
        idLeast = segment.idLeast(row);
        entry.set(segment.index(), row, segment.version(row));
        copyVector(segment, row);
        payloadLength = segment.payloadBytes(row);
        if (payloadLength > 0) {
            store.rows().readPayload(segment.payloadRef(row), payloadLength, payload);
        }
    }

    /** Upper half of the id of the point that {@link #next} has come to. */
    public long idMost() {
        return idMost;
    }

    /** Lower half of the id of the point that {@link #next} has come to. */
    public long idLeast() {
        return idLeast;
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
