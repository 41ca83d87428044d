package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.record.FrameReader;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its oldest segment to its end, rebuilds the groups, and tells a torn tail from damage.
 *
 * <p>Batches carry consecutive ordinals. Where the chain breaks, the tail is cut only if nothing good follows: an intact
 * later frame, or a later batch header which says that the place was forced, proves that acknowledged data may be damaged,
 * and that is never cut (Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018).
 *
 * <p>Thread: the one that opens the journal.
 */
final class JournalRecovery {
    private final JournalConfig config;
    private final List<Segment> live;
    private final List<SegmentDescriptor.Header> headers;
    private final RecordReplay replay;
    private long nextOrdinal;
    private long frames;

    /**
     * Where writing goes on.
     *
     * @param segment     the last segment, or null in an empty journal
     * @param offset      where its next frame goes
     * @param nextOrdinal ordinal of the next batch
     * @param journalSalt the journal's own salt
     * @param frames      batches read
     * @param tornBytes   bytes from the cut to the end of what was torn; 0 if nothing was
     */
    record Tail(
            @Nullable Segment segment, int offset, long nextOrdinal, int journalSalt, long frames, long tornBytes) {}

    /**
     * @param config  of the journal
     * @param live    its segments by rising sequence; a gap is judged like a torn tail
     * @param headers of those segments
     * @param replay  takes the records
     */
    JournalRecovery(
            JournalConfig config, List<Segment> live, List<SegmentDescriptor.Header> headers, RecordReplay replay) {
        this.config = config;
        this.live = live;
        this.headers = headers;
        this.replay = replay;
    }

    /** Reads everything; cuts what is torn; makes what remains durable. */
    Tail recover() throws IOException {
        if (live.isEmpty()) {
            return new Tail(null, 0, 0, config.salt(), 0, 0);
        }
        nextOrdinal = headers.getFirst().firstOrdinal();
        int last = 0;
        int end = 0;
        long tornBytes = 0;
        for (int i = 0; i < live.size(); i++) {
            last = i;
            FrameReader reader = readerOf(i);
            end = readFrames(live.get(i), reader);
            if (!continuesAfter(i, end, reader)) {
                tornBytes = judgeEnd(i, end, reader);
                break;
            }
        }
        replay.finish();
        Segment tail = live.get(last);
        if (tornBytes > 0) {
            cut(last, end);
        }
        for (int i = 0; i <= last; i++) {
            // A killed process leaves its last writes in the page cache: nobody may act on them before they are
            // durable.
            config.backEnd().newAppender().force(live.get(i), 0, live.get(i).length());
        }
        int journalSalt = SegmentDescriptor.journalSaltOf(headers.getFirst());
        return new Tail(tail, end, nextOrdinal, journalSalt, frames, tornBytes);
    }

    private FrameReader readerOf(int i) {
        Segment segment = live.get(i);
        return new FrameReader(segment.mapping(), segment.length(), segment.salt());
    }

    private int readFrames(Segment segment, FrameReader reader) {
        int offset = SegmentDescriptor.HEADER_LENGTH;
        while (reader.isFrame(offset) && reader.ordinal(offset) == nextOrdinal) {
            replay.frame(segment, reader, offset);
            offset += reader.frameLength(offset);
            nextOrdinal++;
            frames++;
        }
        return offset;
    }

    /** Returns whether segment {@code i} ends cleanly at the offset and another one follows. */
    private boolean continuesAfter(int i, int end, FrameReader reader) {
        return i + 1 < live.size()
                && headers.get(i + 1).sequence() == headers.get(i).sequence() + 1
                && headers.get(i + 1).firstOrdinal() == nextOrdinal
                && reader.nextBatchHeader(end) == FrameReader.NULL_OFFSET;
    }

    /** Returns the bytes of the torn tail that begins at {@code end} of segment {@code i}, or refuses to call it torn. */
    private long judgeEnd(int i, int end, FrameReader reader) {
        long damaged = positionOf(i, end);
        boolean torn = reader.isBatchHeader(end);
        for (int later = i; later < live.size(); later++) {
            FrameReader candidate = later == i ? reader : readerOf(later);
            int from = later == i ? end + RecordDescriptor.ALIGNMENT : SegmentDescriptor.HEADER_LENGTH;
            int found = candidate.nextBatchHeader(from);
            while (found != FrameReader.NULL_OFFSET) {
                boolean forced = candidate.forcedPosition(found) > damaged;
                boolean acknowledged = candidate.isFrame(found) && !candidate.acknowledgedOnWrite(found);
                if (forced || acknowledged) {
                    throw damage(i, end, reader, positionOf(later, found), forced);
                }
                torn = true;
                found = candidate.nextBatchHeader(found + RecordDescriptor.ALIGNMENT);
            }
            if (later > i) {
                torn = true;
            }
        }
        // Without a batch header of this generation these are zeros, stale bytes, or a header that never got whole: the
        // next
        // batch overwrites it.
        return torn ? live.get(i).length() - end : 0;
    }

    private FaultException damage(int i, int end, FrameReader reader, long later, boolean forced) {
        int record = end;
        if (reader.isBatchHeader(end)) {
            int found = reader.firstDamagedRecord(end);
            record = found == FrameReader.NULL_OFFSET ? end : found;
        }
        int type = RecordDescriptor.recordType(reader.buffer(), record);
        String group = type == RecordDescriptor.BATCH_HEADER || type == RecordDescriptor.BATCH_TRAILER
                ? "of all groups of the batch"
                : "of group " + RecordDescriptor.groupId(reader.buffer(), record) + ", if its header can be believed";
        return new FaultException(
                Severity.FAIL_NODE,
                ErrorCode.DATA_CORRUPT,
                "journal segment " + live.get(i).path() + " (sequence "
                        + live.get(i).sequence() + ") is damaged at offset " + record + ": expected batch "
                        + nextOrdinal
                        + " at offset " + end + ", found a damaged " + RecordDescriptor.nameOf(type) + " " + group
                        + ", while position " + later
                        + (forced ? " says that the place was forced" : " holds an intact later batch")
                        + ". Acknowledged entries may be in it, so nothing was cut: restore this node's data from its"
                        + " peers or from a backup",
                null);
    }

    /** Makes sure that nothing of a torn tail can be taken for a later batch. */
    private void cut(int last, int end) throws IOException {
        Segment segment = live.get(last);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
        for (int at = end; at < segment.length(); at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), segment.length() - at));
            config.backEnd().newAppender().write(segment, at, zeros);
        }
    }

    private long positionOf(int i, int offset) {
        return headers.get(i).basePosition() + offset;
    }
}
