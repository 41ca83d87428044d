package io.grape.raft.journal.segment;

import io.grape.codecs.HotPath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segment of a journal position.
 *
 * <p>The pipeline's thread adds and removes; any thread may look up a segment that was added before the position reached
 * that thread through a release and an acquire. A ring by sequence: no search, no lock, no allocation but when it grows.
 *
 * <p>Invariant: the sequences held are {@code firstSequence .. lastSequence} without a gap.
 */
public final class SegmentTable {
    private static final int INITIAL_CAPACITY = 16;

    private final int positionBits;
    private volatile @Nullable Segment[] ring = new Segment[INITIAL_CAPACITY];
    private long firstSequence = 0;
    private long lastSequence = -1;

    /**
     * @param segmentBytes bytes of every segment; a power of two
     */
    public SegmentTable(int segmentBytes) {
        this.positionBits = Integer.numberOfTrailingZeros(segmentBytes);
    }

    /** Returns the sequence of the segment that holds a position. */
    @HotPath
    public long sequenceOf(long position) {
        return position >>> positionBits;
    }

    /** Returns where in its segment a position lies. */
    @HotPath
    public int offsetOf(long position) {
        return (int) (position & ((1L << positionBits) - 1));
    }

    /** Returns the journal position of an offset of a segment. */
    @HotPath
    public long positionOf(long sequence, int offset) {
        return (sequence << positionBits) + offset;
    }

    /** Returns the segment that holds the position. */
    @HotPath
    public Segment at(long position) {
        return bySequence(position >>> positionBits);
    }

    /** Returns the segment with a sequence. */
    @HotPath
    public Segment bySequence(long sequence) {
        @Nullable Segment[] current = ring;
        Segment segment = current[(int) sequence & (current.length - 1)];
        if (segment == null || segment.sequence() != sequence) {
            throw absent(sequence);
        }
        return segment;
    }

    /** Returns the lowest sequence held; only the pipeline's thread may ask. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Returns the highest sequence held, or {@code firstSequence() - 1}; only the pipeline's thread may ask. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Adds the segment that follows the last; the first may have any sequence. */
    public void add(Segment segment) {
        long sequence = segment.sequence();
        if (lastSequence < firstSequence) {
            firstSequence = sequence;
        } else if (sequence != lastSequence + 1) {
            throw new IllegalStateException("segment " + sequence + " does not follow " + lastSequence);
        }
        @Nullable Segment[] current = ring;
        if (sequence - firstSequence >= current.length) {
            current = grown(current);
        }
        current[(int) sequence & (current.length - 1)] = segment;
        lastSequence = sequence;
        ring = current;
    }

    /** Removes and returns the first segment. */
    public Segment removeFirst() {
        Segment segment = bySequence(firstSequence);
        @Nullable Segment[] current = ring;
        current[(int) firstSequence & (current.length - 1)] = null;
        firstSequence++;
        ring = current;
        return segment;
    }

    private @Nullable Segment[] grown(@Nullable Segment[] old) {
        @Nullable Segment[] larger = Arrays.copyOf(old, 0 == old.length ? INITIAL_CAPACITY : old.length * 2);
        Arrays.fill(larger, null);
        for (long sequence = firstSequence; sequence <= lastSequence; sequence++) {
            larger[(int) sequence & (larger.length - 1)] = old[(int) sequence & (old.length - 1)];
        }
        return larger;
    }

    private static IllegalStateException absent(long sequence) {
        return new IllegalStateException("segment " + sequence + " is not part of the journal");
    }
}
