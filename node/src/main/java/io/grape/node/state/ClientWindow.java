package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
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
    /** In a place that holds no sequence. */
    private static final long NONE = 0;

    private final long clientId;
    /** What had been forgotten when this window was opened, perhaps of this client. */
    private final long horizon;

    private final long[] sequences = new long[LENGTH];
    private final long[] indices = new long[LENGTH];
    private final int[] changed = new int[LENGTH];
    private final short[] codes = new short[LENGTH];
    private long acknowledgedThrough;
    private long lastUsedIndex;
    private long lastUsedMs;
    private long outcomesHash;

    /**
     * @param clientId whose it is
     * @param horizon  {@link ClientTable#forgottenThrough()} at this moment
     */
    ClientWindow(long clientId, long horizon) {
        this.clientId = clientId;
        this.horizon = horizon;
    }

    /** Raises the mark below which nothing will be asked again. It never falls. */
    @HotPath
    void acknowledge(long through) {
        if (through - acknowledgedThrough > LENGTH) {
            for (int at = 0; at < LENGTH; at++) {
                forgetOutcome(at, through);
            }
        } else {
            for (long sequence = acknowledgedThrough + 1; sequence <= through; sequence++) {
                forgetOutcome((int) sequence & MASK, through);
            }
        }
        acknowledgedThrough = Math.max(acknowledgedThrough, through);
    }

    @HotPath
    private void forgetOutcome(int at, long through) {
        if (sequences[at] != NONE && sequences[at] <= through) {
            outcomesHash -= outcomeHash(at);
            sequences[at] = NONE;
        }
    }

    /** Notes when the client wrote. */
    @HotPath
    void used(long index, long timeMs) {
        lastUsedIndex = index;
        lastUsedMs = timeMs;
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

    /**
     * Tells whether a write that is not held can be told to be new. Not if it was sent first before the horizon: then an
     * earlier window of this client may have held it.
     */
    @HotPath
    boolean isNew(long knownIndex) {
        return Math.max(0, knownIndex) >= horizon;
    }

    /** Remembers an outcome. */
    @HotPath
    void put(long sequence, long index, int changedPoints, short code) {
        int at = (int) sequence & MASK;
        sequences[at] = sequence;
        indices[at] = index;
        changed[at] = changedPoints;
        codes[at] = code;
        outcomesHash += outcomeHash(at);
    }

    /**
     * Takes in what another group remembers of this client: sequences are numbered over all groups, and each was carried out
     * in one. That a group did not own the shard says nothing about what another one did.
     */
    void merge(ClientWindow other) {
        acknowledge(other.acknowledgedThrough);
        for (int from = 0; from < LENGTH; from++) {
            long theirs = other.sequences[from];
            boolean isReal = theirs != NONE && other.codes[from] != ErrorCode.NOT_OWNER.value();
            if (isReal && !isAcknowledged(theirs) && !isBeyond(theirs)) {
                int at = (int) theirs & MASK;
                if (sequences[at] == theirs) {
                    if (codes[at] != ErrorCode.NOT_OWNER.value()) {
                        continue;
                    }
                    outcomesHash -= outcomeHash(at);
                }
                put(theirs, other.indices[from], other.changed[from], other.codes[from]);
            }
        }
    }

    /** Returns the log index that applied a held sequence; for VERSION_MISMATCH the version that the point had instead. */
    long index(long sequence) {
        return indices[(int) sequence & MASK];
    }

    /** Returns the points that a held sequence changed; for VERSION_MISMATCH the place of the point in the request. */
    int changed(long sequence) {
        return changed[(int) sequence & MASK];
    }

    /** Returns the error code of a held sequence; 0 for success. */
    short code(long sequence) {
        return codes[(int) sequence & MASK];
    }

    long clientId() {
        return clientId;
    }

    /** Returns the index at which the client last wrote. */
    long lastUsedIndex() {
        return lastUsedIndex;
    }

    /** Returns the replicated time at which the client last wrote, milliseconds. */
    long lastUsedMs() {
        return lastUsedMs;
    }

    /**
     * Writes what can still be asked for: long horizon, long acknowledgedThrough, long lastUsedIndex, long lastUsedMs, int
     * count, then by ascending sequence long sequence, long index, int changed, int code. Little-endian.
     *
     * @return the position behind it
     */
    int encode(MutableDirectBuffer out, int offset) {
        out.putLong(offset, horizon, ByteOrder.LITTLE_ENDIAN);
        out.putLong(offset + 8, acknowledgedThrough, ByteOrder.LITTLE_ENDIAN);
        out.putLong(offset + 16, lastUsedIndex, ByteOrder.LITTLE_ENDIAN);
        out.putLong(offset + 24, lastUsedMs, ByteOrder.LITTLE_ENDIAN);
        int at = offset + 36;
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
        out.putInt(offset + 32, count, ByteOrder.LITTLE_ENDIAN);
        return at;
    }

    /** Reads what {@link #encode} wrote, from a little-endian buffer. */
    static ClientWindow decode(long clientId, ByteBuffer in) {
        ClientWindow window = new ClientWindow(clientId, in.getLong());
        window.acknowledgedThrough = in.getLong();
        window.lastUsedIndex = in.getLong();
        window.lastUsedMs = in.getLong();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            window.put(in.getLong(), in.getLong(), in.getInt(), (short) in.getInt());
        }
        return window;
    }

    /** Returns a hash of all that decides how later writes are answered. */
    @HotPath
    long hash() {
        long hash = mix(clientId + mix(horizon + mix(acknowledgedThrough)));
        return mix(hash + mix(lastUsedIndex) + mix(lastUsedMs + 1) + outcomesHash);
    }

    @HotPath
    private long outcomeHash(int at) {
        return mix(sequences[at] + mix(indices[at] + mix(((long) changed[at] << 16) + codes[at])));
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014), on the number plus its increment. */
    @HotPath
    static long mix(long value) {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
