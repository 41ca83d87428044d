package io.grape.raft.journal;

import static io.grape.raft.journal.record.RecordDescriptor.ENTRY;
import static io.grape.raft.journal.record.RecordDescriptor.HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import io.grape.codecs.HotPath;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentPool;
import io.grape.raft.journal.segment.SegmentTable;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives back the oldest segments that no log needs, and copies forward what an idle group holds in the way.
 *
 * <p>A copied entry is the same record at a later place. The old place is given back only when the copy is forced, and an
 * entry that another thread may still be reading is never copied. Thread: the pipeline's.
 */
final class SegmentRecycler {
    private static final int MIN_SEGMENTS = 3;
    private static final long NOT_WRITTEN = -1;

    private final JournalConfig config;
    private final JournalWriter writer;
    private final SegmentTable segments;
    private final SegmentPool pool;
    private final JournalCounters counters;
    private @Nullable Segment victim;
    private GroupLog[] groups = new GroupLog[0];
    private long[] indexes = new long[0];
    private long[] positions = new long[0];
    private int[] offsets = new int[0];
    private int count;
    private int firstStaged;
    private int next;
    private @Nullable Segment unneeded;
    private long unneededSince = NOT_WRITTEN;

    SegmentRecycler(
            JournalConfig config,
            JournalWriter writer,
            SegmentTable segments,
            SegmentPool pool,
            JournalCounters counters) {
        this.config = config;
        this.writer = writer;
        this.segments = segments;
        this.pool = pool;
        this.counters = counters;
    }

    /** Does a bounded piece of work; what it stages goes with the next flush. */
    @HotPath
    int doWork() {
        int work = 0;
        while (segments.firstSequence() < forcedSequence() && first().liveEntries() == 0 && isForgottenDurably()) {
            pool.recycle(segments.removeFirst());
            victim = null;
            unneeded = null;
            counters.countRecycled();
            writer.publishSpace();
            work++;
        }
        if (firstStaged == next && isAmplified()) {
            work += moveSome();
        }
        return work;
    }

    /** Learns that the batch was written: copies take the place of what they were copied from. */
    @HotPath
    void onFlushed(long framePosition, long endPosition) {
        if (unneededSince == NOT_WRITTEN) {
            unneededSince = endPosition;
        }
        for (; firstStaged < next; firstStaged++) {
            if (offsets[firstStaged] >= 0) {
                groups[firstStaged].move(
                        indexes[firstStaged], positions[firstStaged], framePosition + offsets[firstStaged]);
            }
        }
    }

    /** Whether the records by which the first segment came to hold nothing are on disk: marks, truncations, copies. */
    @HotPath
    private boolean isForgottenDurably() {
        Segment oldest = first();
        if (unneeded != oldest) {
            unneeded = oldest;
            unneededSince = writer.frame().records() > 0 ? NOT_WRITTEN : writer.writtenPosition();
        }
        return unneededSince != NOT_WRITTEN && writer.forcedPosition() >= unneededSince;
    }

    @HotPath
    private Segment first() {
        return segments.bySequence(segments.firstSequence());
    }

    /** The segment up to which all is on disk, and with it what it says of the groups. */
    @HotPath
    private long forcedSequence() {
        return segments.sequenceOf(writer.forcedPosition() - 1);
    }

    @HotPath
    private boolean isAmplified() {
        long kept = segments.lastSequence() - segments.firstSequence() + 1;
        return kept >= MIN_SEGMENTS
                && segments.firstSequence() < forcedSequence()
                && kept * config.segmentBytes()
                        > config.maxAmplification() * Math.max(writer.liveBytes(), config.segmentBytes());
    }

    private int moveSome() {
        Segment oldest = first();
        if (victim != oldest || next == count) {
            choose(oldest);
        }
        int budget = writer.entryRoom() / 2;
        int staged = 0;
        while (next < count) {
            GroupLog group = groups[next];
            long index = indexes[next];
            long position = group.isHeld(index) ? group.index().position(index) : LogIndex.NULL_POSITION;
            offsets[next] = -1;
            if (position > 0 && segments.sequenceOf(position) == oldest.sequence()) {
                int length = RecordDescriptor.length(oldest.buffer(), segments.offsetOf(position));
                if (!group.mayMove(index) || budget < align(length)) {
                    break;
                }
                budget -= align(length);
                offsets[next] = stage(oldest.buffer(), segments.offsetOf(position), length);
                counters.countMoved(align(length));
                staged++;
            }
            next++;
        }
        return staged;
    }

    private int stage(DirectBuffer source, int record, int length) {
        return writer.frame()
                .stage(
                        RecordDescriptor.types(ENTRY, RecordDescriptor.entryType(source, record)),
                        RecordDescriptor.groupId(source, record),
                        RecordDescriptor.term(source, record),
                        RecordDescriptor.index(source, record),
                        source,
                        record + HEADER_LENGTH,
                        length - HEADER_LENGTH);
    }

    /** Lists the entries that are needed of the oldest segment. */
    private void choose(Segment oldest) {
        victim = oldest;
        int live = oldest.liveEntries();
        groups = new GroupLog[live];
        indexes = new long[live];
        positions = new long[live];
        offsets = new int[live];
        count = 0;
        next = 0;
        firstStaged = 0;
        for (GroupLog group : writer.groups()) {
            for (long at = group.firstIndex(); at <= group.lastIndex() && count < live; at++) {
                long position = group.index().position(at);
                if (position > 0 && segments.sequenceOf(position) == oldest.sequence()) {
                    groups[count] = group;
                    indexes[count] = at;
                    positions[count] = position;
                    count++;
                }
            }
        }
    }
}
