package io.grape.node.state;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * What one client's writes came to, for the sequences it may still repeat.
 *
 * <p>A client numbers its writes 1, 2, 3 ... and says with each one up to which sequence it has had every answer. So only
 * {@link #LENGTH} sequences above that mark can be new, in any order, and only they need to be remembered. Part of the
 * replicated state: Ongaro's thesis, section 6.3. Thread: the apply agent's.
 */
final class ClientWindow {
    /** Sequences above the acknowledged one that a client may use. A power of two. */
    static final int LENGTH = 256;

    private static final int MASK = LENGTH - 1;

    private final long[] sequences = new long[LENGTH];
    private final long[] indices = new long[LENGTH];
    private final int[] changed = new int[LENGTH];
    private final short[] codes = new short[LENGTH];
    private long acknowledgedThrough;
    private long lastUsedIndex;

    /** Raises the mark below which nothing will be asked again. It never falls. */
    @HotPath
    void acknowledge(long through, long index) {
        acknowledgedThrough = Math.max(acknowledgedThrough, through);
        lastUsedIndex = index;
    }

    /** Tells whether the client has had its answer to this sequence and cannot be waiting for it. */
    @HotPath
    boolean isAcknowledged(long sequence) {
        return sequence <= acknowledgedThrough;
    }

    /** Tells whether the sequence is further above the mark than is remembered. */
    @HotPath
    boolean isBeyond(long sequence) {
        return sequence - acknowledgedThrough > LENGTH;
    }

    /** Tells whether the sequence was applied. */
    @HotPath
    boolean holds(long sequence) {
        return sequences[(int) sequence & MASK] == sequence;
    }

    /** Remembers an outcome. */
    @HotPath
    void put(long sequence, long index, int changedPoints, short code) {
        int at = (int) sequence & MASK;
        sequences[at] = sequence;
        indices[at] = index;
        changed[at] = changedPoints;
        codes[at] = code;
    }

    /** Returns the log index that applied a held sequence. */
    long index(long sequence) {
        return indices[(int) sequence & MASK];
    }

    /** Returns the points that a held sequence changed. */
    int changed(long sequence) {
        return changed[(int) sequence & MASK];
    }

    /** Returns the error code of a held sequence; 0 for success. */
    short code(long sequence) {
        return codes[(int) sequence & MASK];
    }

    /** Returns the index at which the client last wrote. */
    long lastUsedIndex() {
        return lastUsedIndex;
    }

    /**
     * Writes what can still be asked for: long acknowledgedThrough, long lastUsedIndex, int count, then by ascending
     * sequence long sequence, long index, int changed, int code.
     *
     * @return the position behind it
     */
    int encode(MutableDirectBuffer out, int offset) {
        int at = offset;
        out.putLong(at, acknowledgedThrough, ByteOrder.LITTLE_ENDIAN);
        out.putLong(at + 8, lastUsedIndex, ByteOrder.LITTLE_ENDIAN);
        int countAt = at + 16;
        at += 20;
        int count = 0;
        for (long sequence = acknowledgedThrough + 1; sequence <= acknowledgedThrough + LENGTH; sequence++) {
            if (holds(sequence)) {
                out.putLong(at, sequence, ByteOrder.LITTLE_ENDIAN);
                out.putLong(at + 8, index(sequence), ByteOrder.LITTLE_ENDIAN);
                out.putInt(at + 16, changed(sequence), ByteOrder.LITTLE_ENDIAN);
                out.putInt(at + 20, code(sequence), ByteOrder.LITTLE_ENDIAN);
                at += 24;
                count++;
            }
        }
        out.putInt(countAt, count, ByteOrder.LITTLE_ENDIAN);
        return at;
    }

    static ClientWindow decode(ByteBuffer in) {
        ClientWindow window = new ClientWindow();
        window.acknowledgedThrough = in.getLong();
        window.lastUsedIndex = in.getLong();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            window.put(in.getLong(), in.getLong(), in.getInt(), (short) in.getInt());
        }
        return window;
    }
}
