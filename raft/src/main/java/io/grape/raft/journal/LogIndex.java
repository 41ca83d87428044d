package io.grape.raft.journal;

import io.grape.codecs.HotPath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each entry of one group lies, and of which term it is: two longs an entry, in chunks.
 *
 * <p>One writer, the pipeline's thread. Another thread may read an index once that index has reached it through a release
 * and an acquire. Growing adds a chunk, and rarely copies the directory of chunks; what a reader may see is never moved, so
 * nothing can tear. Chunks below the log's beginning are used again, so a log that is compacted allocates nothing.
 *
 * <p>A chunk is 16 KiB, 1024 entries: a thousand idle groups cost 16 MiB, and a log that only grows allocates seldom.
 *
 * <p>A position is a journal position, {@code ~offset} in the batch frame while the entry is only staged, or 0 when the
 * place is not known.
 */
final class LogIndex {
    /** The place of the entry is not known. */
    static final long NULL_POSITION = 0;

    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;
    private static final int INITIAL_CHUNKS = 8;
    private static final int MAX_SPARE_CHUNKS = 16;

    private final long[][] spare = new long[MAX_SPARE_CHUNKS][];
    private volatile long[] @Nullable [] directory = new long[INITIAL_CHUNKS][];
    private int spareCount;
    private long firstChunk;

    /** Returns where the entry lies. */
    @HotPath
    long position(long index) {
        return chunkOf(index)[slotOf(index)];
    }

    /** Returns the term of the entry. */
    @HotPath
    long term(long index) {
        return chunkOf(index)[slotOf(index) + 1];
    }

    /** Sets place and term of an entry; the index is at or after the beginning of the log. */
    @HotPath
    void put(long index, long position, long term) {
        long[] chunk = ensureChunk(index >>> CHUNK_BITS);
        int slot = slotOf(index);
        chunk[slot] = position;
        chunk[slot + 1] = term;
    }

    /** Gives up everything below an index, which becomes the beginning. */
    void discardBelow(long index) {
        long newFirst = index >>> CHUNK_BITS;
        long[] @Nullable [] current = directory;
        long end = Math.min(newFirst, firstChunk + current.length);
        for (long chunk = firstChunk; chunk < end; chunk++) {
            int place = (int) chunk & (current.length - 1);
            long[] freed = current[place];
            current[place] = null;
            if (freed != null && spareCount < MAX_SPARE_CHUNKS) {
                spare[spareCount++] = freed;
            }
        }
        firstChunk = Math.max(firstChunk, newFirst);
        directory = current;
    }

    @HotPath
    private long[] ensureChunk(long chunk) {
        long[] @Nullable [] current = directory;
        if (chunk - firstChunk >= current.length) {
            current = grow(current, chunk);
        }
        int place = (int) chunk & (current.length - 1);
        long[] found = current[place];
        return found != null ? found : addChunk(current, place);
    }

    private long[] addChunk(long[] @Nullable [] current, int place) {
        long[] chunk;
        if (spareCount > 0) {
            chunk = spare[--spareCount];
            Arrays.fill(chunk, NULL_POSITION);
        } else {
            chunk = new long[2 * CHUNK_ENTRIES];
        }
        current[place] = chunk;
        directory = current;
        return chunk;
    }

    private long[] @Nullable [] grow(long[] @Nullable [] old, long chunk) {
        int capacity = old.length;
        while (chunk - firstChunk >= capacity) {
            capacity *= 2;
        }
        long[] @Nullable [] larger = new long[capacity][];
        for (long c = firstChunk; c < firstChunk + old.length; c++) {
            larger[(int) c & (capacity - 1)] = old[(int) c & (old.length - 1)];
        }
        directory = larger;
        return larger;
    }

    @HotPath
    private long[] chunkOf(long index) {
        long[] @Nullable [] current = directory;
        long[] chunk = current[(int) (index >>> CHUNK_BITS) & (current.length - 1)];
        if (chunk == null) {
            throw absent(index);
        }
        return chunk;
    }

    @HotPath
    private static int slotOf(long index) {
        return ((int) index & (CHUNK_ENTRIES - 1)) << 1;
    }

    private static IllegalStateException absent(long index) {
        return new IllegalStateException("the log holds no entry " + index);
    }
}
