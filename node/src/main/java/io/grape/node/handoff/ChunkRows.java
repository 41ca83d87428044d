package io.grape.node.handoff;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The entries of a chunk, one after the other.
 *
 * <pre>
 * Entry v1, little-endian
 * offset  size  field         meaning
 *      0     4  kind          0 row, 1 deleted point, 2 client
 *      4     4  collectionId  of a row or a deleted point; else 0
 *      8     8  idMost        of the point; 0 for a client
 *     16     8  idLeast       of the point; the client id
 *     24     8  version       of the row
 *     32     4  vectorBytes   0 but for a row
 *     36     4  payloadBytes  of the row; of the client's window
 *     40     +  vector, then payload or window
 * </pre>
 *
 * <p>Owned by one thread.
 */
final class ChunkRows {
    static final int ROW = 0;
    static final int DELETED = 1;
    static final int CLIENT = 2;

    private static final int HEADER_BYTES = 40;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 16);
    private int length;
    private int count;

    /** Hears of entries; the buffer holds vector and payload from the given offset on. */
    @FunctionalInterface
    interface Consumer {
        void entry(Entry entry, DirectBuffer buffer, int at);
    }

    /** What stands before vector and payload. */
    record Entry(
            int kind, int collectionId, long idMost, long idLeast, long version, int vectorBytes, int payloadBytes) {}

    void clear() {
        length = 0;
        count = 0;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    void put(Entry entry, DirectBuffer vector, DirectBuffer payload) {
        buffer.putInt(length, entry.kind(), ORDER);
        buffer.putInt(length + 4, entry.collectionId(), ORDER);
        buffer.putLong(length + 8, entry.idMost(), ORDER);
        buffer.putLong(length + 16, entry.idLeast(), ORDER);
        buffer.putLong(length + 24, entry.version(), ORDER);
        buffer.putInt(length + 32, entry.vectorBytes(), ORDER);
        buffer.putInt(length + 36, entry.payloadBytes(), ORDER);
        int at = length + HEADER_BYTES;
        buffer.putBytes(at, vector, 0, entry.vectorBytes());
        at += entry.vectorBytes();
        buffer.putBytes(at, payload, 0, entry.payloadBytes());
        length = at + entry.payloadBytes();
        count++;
    }

    /**
     * Gives each entry.
     *
     * @throws IllegalArgumentException if an entry does not lie within the chunk
     */
    static void forEach(DirectBuffer rows, int offset, int length, Consumer consumer) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (end - at < HEADER_BYTES) {
                throw new IllegalArgumentException("a chunk of " + length + " bytes ends within an entry's header");
            }
            Entry entry = new Entry(
                    rows.getInt(at, ORDER),
                    rows.getInt(at + 4, ORDER),
                    rows.getLong(at + 8, ORDER),
                    rows.getLong(at + 16, ORDER),
                    rows.getLong(at + 24, ORDER),
                    rows.getInt(at + 32, ORDER),
                    rows.getInt(at + 36, ORDER));
            at += HEADER_BYTES;
            long data = (long) entry.vectorBytes() + entry.payloadBytes();
            if (entry.vectorBytes() < 0 || entry.payloadBytes() < 0 || data > end - at) {
                throw new IllegalArgumentException("an entry of " + data + " bytes does not fit into its chunk");
            }
            consumer.entry(entry, rows, at);
            at += (int) data;
        }
    }
}
