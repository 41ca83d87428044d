package io.grape.vectors;

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
 * Reads points by ascending unsigned id, page by page, as of one moment.
 *
 * <p>A moment is a published operation number of the store (ADR 6): the rows that were visible then still are, so pages of one
 * moment fit together whatever is written between them. A page looks at the id of every row once, because rows lie in the order
 * of their writing: about 2 ms for a million rows. Owned by one thread at a time. The files stay mapped from {@link #scan} to
 * {@link #finish}; what a row holds is copied.
 */
public final class PointScanner implements AutoCloseable {
    /** Asks for the newest moment. */
    public static final long NEWEST = -1;

    /** Says that the store has not reached the moment yet. */
    public static final int NOT_REACHED = -1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PointStore store;
    private final ReaderPins.Pin pin;
    private final UnsafeBuffer vector;
    private final ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
    private Segment[] segments = {};
    /** A heap with the highest id at 0 while rows are looked at; by ascending id afterwards. */
    private long[] idMost = {};

    private long[] idLeast = {};
    private long[] rows = {};
    private int count;
    private long moment;
    private boolean hasMore;
    private boolean isPinned;

    /** @param store that is read */
    public PointScanner(PointStore store) {
        this.store = store;
        this.pin = store.pins().newPin();
        this.vector = new UnsafeBuffer(ByteBuffer.allocateDirect(store.shape().vectorBytes()));
    }

    /**
     * Finds a page.
     *
     * @param fromStart  from the lowest id on; the next two are meaningless then
     * @param afterMost  upper half of the id that all found ones are above
     * @param afterLeast lower half of it
     * @param limit      most points, at least 1
     * @param asked      {@link #NEWEST}, or what {@link #moment} said for the page before
     * @return how many were found, or {@link #NOT_REACHED}; {@link #finish} must follow in any case
     * @throws io.grape.vectors.model.VectorsException STORE_CLOSED
     */
    public int scan(boolean fromStart, long afterMost, long afterLeast, int limit, long asked) {
        store.enter(pin);
        isPinned = true;
        long published = store.rows().publishedAcquire();
        count = 0;
        hasMore = false;
        moment = asked == NEWEST ? published : asked;
        if (moment > published) {
            return NOT_REACHED;
        }
        if (rows.length < limit) {
            idMost = new long[limit];
            idLeast = new long[limit];
            rows = new long[limit];
        }
        segments = store.rows().segmentsAcquire();
        for (int s = 0; s < segments.length; s++) {
            scan(segments[s], s, fromStart, afterMost, afterLeast, limit);
        }
        sort();
        return count;
    }

    @HotPath
    private void scan(Segment segment, int number, boolean fromStart, long afterMost, long afterLeast, int limit) {
        int end = segment.rowsAt(moment);
        for (int row = 0; row < end; row++) {
            long most = segment.idMost(row);
            long least = segment.idLeast(row);
            if (!fromStart && compare(most, least, afterMost, afterLeast) <= 0) {
                continue;
            }
            if (count == limit && compare(most, least, idMost[0], idLeast[0]) >= 0) {
                hasMore |= segment.visibleAt(row, moment);
            } else if (segment.visibleAt(row, moment)) {
                if (count == limit) {
                    hasMore = true;
                    put(0, most, least, at(number, row));
                    siftDown(0, limit);
                } else {
                    put(count, most, least, at(number, row));
                    siftUp(count++);
                }
            }
        }
    }

    @HotPath
    private static long at(int segment, int row) {
        return (long) segment << Integer.SIZE | row;
    }

    @HotPath
    private static int compare(long most, long least, long otherMost, long otherLeast) {
        return most == otherMost ? Long.compareUnsigned(least, otherLeast) : Long.compareUnsigned(most, otherMost);
    }

    @HotPath
    private void put(int place, long most, long least, long row) {
        idMost[place] = most;
        idLeast[place] = least;
        rows[place] = row;
    }

    @HotPath
    private boolean isBelow(int place, int other) {
        return compare(idMost[place], idLeast[place], idMost[other], idLeast[other]) < 0;
    }

    @HotPath
    private void swap(int place, int other) {
        long most = idMost[place];
        long least = idLeast[place];
        long row = rows[place];
        put(place, idMost[other], idLeast[other], rows[other]);
        put(other, most, least, row);
    }

    @HotPath
    private void siftUp(int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!isBelow(parent, place)) {
                return;
            }
            swap(parent, place);
            place = parent;
        }
    }

    @HotPath
    private void siftDown(int from, int size) {
        int place = from;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && isBelow(child, child + 1)) {
                child++;
            }
            if (!isBelow(place, child)) {
                return;
            }
            swap(place, child);
            place = child;
        }
    }

    @HotPath
    private void sort() {
        for (int size = count - 1; size > 0; size--) {
            swap(0, size);
            siftDown(0, size);
        }
    }

    /** Returns the moment of the last page. */
    public long moment() {
        return moment;
    }

    /** Returns whether points follow the last page. */
    public boolean hasMore() {
        return hasMore;
    }

    /** Returns the upper half of the id of a point of the page, from 0. */
    public long idMost(int i) {
        return idMost[i];
    }

    /** Returns the lower half of the id of a point of the page, from 0. */
    public long idLeast(int i) {
        return idLeast[i];
    }

    /** Returns the version of a point of the page, from 0. */
    public long version(int i) {
        return segment(i).version((int) rows[i]);
    }

    /** Returns the vector of a point of the page as it was put; it holds until the next call. */
    public DirectBuffer vector(int i) {
        MemorySegment memory = segment(i).memory();
        long from = segment(i).vectorOffset((int) rows[i]);
        for (int at = 0; at < vector.capacity(); at += Integer.BYTES) {
            vector.putInt(at, memory.get(INT, from + at), ByteOrder.LITTLE_ENDIAN);
        }
        return vector;
    }

    /** Returns the length of the payload of a point of the page, 0 for none. */
    public int payloadLength(int i) {
        return segment(i).payloadBytes((int) rows[i]);
    }

    /** Returns the payload of a point of the page, from offset 0; it holds until the next call. */
    public DirectBuffer payload(int i) {
        int length = payloadLength(i);
        if (length > 0) {
            store.rows().readPayload(segment(i).payloadRef((int) rows[i]), length, payload);
        }
        return payload;
    }

    private Segment segment(int i) {
        return segments[(int) (rows[i] >>> Integer.SIZE)];
    }

    /** Lets go of the files. */
    public void finish() {
        if (isPinned) {
            isPinned = false;
            pin.leave();
        }
    }

    /** Gives up the place among the readers. */
    @Override
    public void close() {
        finish();
        pin.close();
    }
}
