package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.record.FrameReader;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import io.grape.raft.journal.segment.SegmentDirectory.Live;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a journal from its oldest segment to its end, and tells a torn tail from damage. Changes nothing.
 *
 * <p>Batches carry consecutive ordinals. Where the chain breaks, the tail counts as torn only if nothing good follows: an
 * intact later frame, or a later batch header which says that the place was forced, proves that acknowledged data may be
 * damaged (Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018).
 *
 * <p>Thread: the one that opens or inspects the journal.
 */
final class JournalScan {
    private final List<Live> live;
    private final RecordReplay replay;
    private final boolean goOnBehindDamage;
    private final List<FaultException> damages = new ArrayList<>();
    private long nextOrdinal;
    private long frames;
    private long forced;

    /**
     * Where the journal ends.
     *
     * @param last        place of its last segment in the list
     * @param offset      where in it the next frame would begin
     * @param nextOrdinal ordinal of the next batch
     * @param frames      batches read
     * @param tornBytes   bytes from the end of what is good to the end of the segment, if a torn tail follows; otherwise 0
     * @param forced      position before which a batch says that everything was forced
     */
    record End(int last, int offset, long nextOrdinal, long frames, long tornBytes, long forced) {}

    /**
     * @param live   the segments by rising sequence; a gap is judged like a torn tail
     * @param replay takes the records
     * @param goOnBehindDamage whether damage puts the groups under repair instead of being thrown
     */
    JournalScan(List<Live> live, RecordReplay replay, boolean goOnBehindDamage) {
        this.live = live;
        this.replay = replay;
        this.goOnBehindDamage = goOnBehindDamage;
    }

    /** Returns what was found damaged on the way. */
    List<FaultException> damages() {
        return damages;
    }

    /**
     * Reads everything; there is at least one segment.
     *
     * @throws FaultException DATA_CORRUPT, naming segment, offset and group
     */
    End scan() {
        nextOrdinal = live.getFirst().header().firstOrdinal();
        int last = 0;
        int end = SegmentDescriptor.HEADER_LENGTH;
        long tornBytes = 0;
        while (true) {
            FrameReader reader = readerOf(last);
            end = readFrames(segmentOf(last), reader, end);
            int resume = FrameReader.NULL_OFFSET;
            if (!continuesAfter(last, end, reader)) {
                int damagesBefore = damages.size();
                tornBytes = judgeEnd(last, end, reader);
                if (damages.size() == damagesBefore) {
                    break;
                }
                tornBytes = 0;
                resume = nextFrame(reader, end);
            }
            if (resume != FrameReader.NULL_OFFSET) {
                nextOrdinal = reader.ordinal(resume);
                end = resume;
            } else if (last + 1 < live.size()) {
                last++;
                nextOrdinal = live.get(last).header().firstOrdinal();
                end = SegmentDescriptor.HEADER_LENGTH;
            } else {
                break;
            }
        }
        replay.finish();
        return new End(last, end, nextOrdinal, frames, tornBytes, forced);
    }

    /** Returns the next intact frame that may follow what was read, or {@link FrameReader#NULL_OFFSET}. */
    private int nextFrame(FrameReader reader, int from) {
        int found = reader.nextBatchHeader(from);
        while (found != FrameReader.NULL_OFFSET && !(reader.isFrame(found) && reader.ordinal(found) >= nextOrdinal)) {
            found = reader.nextBatchHeader(found + RecordDescriptor.ALIGNMENT);
        }
        return found;
    }

    private Segment segmentOf(int i) {
        return live.get(i).segment();
    }

    private FrameReader readerOf(int i) {
        Segment segment = segmentOf(i);
        return new FrameReader(segment.mapping(), segment.length(), segment.salt());
    }

    private int readFrames(Segment segment, FrameReader reader, int from) {
        int offset = from;
        while (reader.isFrame(offset) && reader.ordinal(offset) == nextOrdinal) {
            replay.frame(segment, reader, offset);
            forced = Math.max(forced, reader.forcedPosition(offset));
            offset += reader.frameLength(offset);
            nextOrdinal++;
            frames++;
        }
        return offset;
    }

    /** Returns whether segment {@code i} ends cleanly at the offset and another one follows. */
    private boolean continuesAfter(int i, int end, FrameReader reader) {
        if (i + 1 == live.size()) {
            return false;
        }
        SegmentDescriptor.Header next = live.get(i + 1).header();
        return next.sequence() == live.get(i).header().sequence() + 1
                && next.firstOrdinal() == nextOrdinal
                && reader.nextBatchHeader(end) == FrameReader.NULL_OFFSET;
    }

    /** Returns the bytes of the torn tail that begins at {@code end} of segment {@code i}, or refuses to call it torn. */
    private long judgeEnd(int i, int end, FrameReader reader) {
        long damaged = positionOf(i, end);
        boolean torn = reader.isBatchHeader(end) || i + 1 < live.size();
        for (int later = i; later < live.size(); later++) {
            FrameReader candidate = later == i ? reader : readerOf(later);
            int from = later == i ? end + RecordDescriptor.ALIGNMENT : SegmentDescriptor.HEADER_LENGTH;
            int found = candidate.nextBatchHeader(from);
            while (found != FrameReader.NULL_OFFSET) {
                boolean forced = candidate.forcedPosition(found) > damaged;
                boolean acknowledged = candidate.isFrame(found) && !candidate.acknowledgedOnWrite(found);
                if (forced || acknowledged) {
                    onDamage(damage(i, end, reader, positionOf(later, found), forced));
                    return 0;
                }
                torn = true;
                found = candidate.nextBatchHeader(found + RecordDescriptor.ALIGNMENT);
            }
        }
        // Without a batch header of this generation these are zeros, stale bytes, or a header that never got whole: the
        // next
        // batch overwrites it.
        return torn ? segmentOf(i).length() - end : 0;
    }

    private void onDamage(FaultException damage) {
        if (!goOnBehindDamage) {
            throw damage;
        }
        damages.add(damage);
        replay.onDamage();
    }

    private FaultException damage(int i, int end, FrameReader reader, long later, boolean forced) {
        int record = end;
        if (reader.isBatchHeader(end)) {
            int found = reader.firstDamagedRecord(end);
            record = found == FrameReader.NULL_OFFSET ? end : found;
        }
        String what = "no room for a record";
        if (record <= segmentOf(i).length() - RecordDescriptor.HEADER_LENGTH) {
            int type = RecordDescriptor.recordType(reader.buffer(), record);
            what = "a damaged " + RecordDescriptor.nameOf(type)
                    + (type == RecordDescriptor.BATCH_HEADER || type == RecordDescriptor.BATCH_TRAILER
                            ? " of all groups of the batch"
                            : " of group " + RecordDescriptor.groupId(reader.buffer(), record)
                                    + ", if its header can be believed");
        }
        return new FaultException(
                Severity.FAIL_NODE,
                ErrorCode.DATA_CORRUPT,
                "journal segment " + segmentOf(i).path() + " (sequence "
                        + segmentOf(i).sequence()
                        + ") is damaged at offset " + record + ": expected batch " + nextOrdinal + " at offset " + end
                        + ", found " + what + ", while position " + later
                        + (forced ? " says that the place was forced" : " holds an intact later batch")
                        + ". Acknowledged entries of any group may be in it, so nothing was cut: restore this node's data"
                        + " from its peers or from a backup",
                null);
    }

    private long positionOf(int i, int offset) {
        return live.get(i).header().basePosition() + offset;
    }
}
