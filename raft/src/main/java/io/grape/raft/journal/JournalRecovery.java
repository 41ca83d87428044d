package io.grape.raft.journal;

import io.grape.codecs.FaultException;
import io.grape.raft.journal.segment.AppendBackEnd;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import io.grape.raft.journal.segment.SegmentDirectory.Live;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does what must be done to the files before a journal goes on: cuts what {@link JournalScan} calls torn, and forces the rest.
 *
 * <p>Thread: the one that opens the journal.
 */
final class JournalRecovery {
    private static final int ZEROS_BYTES = 1 << 16;

    private final JournalConfig config;
    private final List<Live> live;
    private final RecordReplay replay;
    private final AppendBackEnd backEnd;
    private final boolean goOnBehindDamage;

    /**
     * Where writing goes on.
     *
     * @param segment     the last segment, or null in an empty journal
     * @param offset      where its next frame goes
     * @param nextOrdinal ordinal of the next batch
     * @param journalSalt the journal's own salt
     * @param frames      batches read
     * @param tornBytes   bytes from the cut to the end of the segment; 0 if nothing was torn
     * @param damages     what was found damaged; the journal then goes on in a segment of its own
     */
    record Tail(
            @Nullable Segment segment,
            int offset,
            long nextOrdinal,
            int journalSalt,
            long frames,
            long tornBytes,
            List<FaultException> damages) {}

    /**
     * @param config of the journal
     * @param live   its segments by rising sequence
     * @param replay takes the records
     * @param goOnBehindDamage whether damage puts the groups under repair instead of being thrown
     */
    JournalRecovery(JournalConfig config, List<Live> live, RecordReplay replay, boolean goOnBehindDamage) {
        this.goOnBehindDamage = goOnBehindDamage;
        this.config = config;
        this.live = live;
        this.replay = replay;
        this.backEnd = config.backEnd().newAppender();
    }

    /** Reads everything; cuts what is torn; makes what remains durable. */
    Tail recover() throws IOException {
        if (live.isEmpty()) {
            return new Tail(null, 0, 0, config.salt(), 0, 0, List.of());
        }
        JournalScan scan = new JournalScan(live, replay, goOnBehindDamage);
        JournalScan.End end = scan.scan();
        Segment last = live.get(end.last()).segment();
        if (end.tornBytes() > 0) {
            cut(last, end.offset());
        }
        for (Live kept : live.subList(0, end.last() + 1)) {
            int length = kept.segment().length();
            rewrite(kept, end.forced(), kept.segment() == last ? end.offset() : length);
            // A killed process leaves its last writes in the page cache: nobody may act on them before they are
            // durable.
            backEnd.force(kept.segment(), 0, length);
        }
        int journalSalt = SegmentDescriptor.journalSaltOf(live.getFirst().header());
        return new Tail(
                last, end.offset(), end.nextOrdinal(), journalSalt, end.frames(), end.tornBytes(), scan.damages());
    }

    /**
     * Writes again what no batch proves to be on disk. A process whose force failed leaves pages that the system takes for
     * clean: they are read back from memory, no force writes them any more, and a power cut would take away what was
     * acknowledged since (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
     */
    private void rewrite(Live kept, long forced, int end) throws IOException {
        int from = (int) Math.max(0, forced - kept.header().basePosition());
        if (from < end) {
            backEnd.write(
                    kept.segment(),
                    from,
                    kept.segment().mapping().duplicate().position(from).limit(end));
        }
    }

    /** Makes sure that nothing of a torn tail can be taken for a later batch. */
    private void cut(Segment segment, int end) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        for (int at = end; at < segment.length(); at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), segment.length() - at));
            backEnd.write(segment, at, zeros);
        }
    }
}
