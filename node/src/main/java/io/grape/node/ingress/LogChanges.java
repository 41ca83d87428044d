package io.grape.node.ingress;

import io.grape.codecs.sbe.ChangesReplyEncoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.AppliedEffects;
import io.grape.raft.journal.GroupLog;
import java.util.function.LongSupplier;
import org.agrona.ExpandableArrayBuffer;

/**
 * The changes of one group: its applied entries that changed something, as they lie in the journal.
 *
 * <p>It runs on the thread that owns the log, because compaction does too, so no entry can go while it is copied; a request costs
 * that thread at most a page of {@link #MAX_PAGE_BYTES} and a look at {@link #MAX_ENTRIES} entries. Whose write it was is not
 * told: the session, client and sequence of a frame are zero.
 */
public final class LogChanges implements ChangeReader {
    static final int MAX_PAGE_BYTES = 64 * 1024;
    static final int MAX_ENTRIES = 4096;

    private static final int IDENTITY_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    /** Session, correlation, client, sequence, acknowledged through. */
    private static final int IDENTITY_LENGTH = UpsertEncoder.acknowledgedThroughEncodingOffset() + Long.BYTES;

    private final GroupLog log;
    private final AppliedEffects effects;
    private final LongSupplier appliedIndex;
    private final ExpandableArrayBuffer reply = new ExpandableArrayBuffer(4096);
    private final ExpandableArrayBuffer frames = new ExpandableArrayBuffer(4096);
    private final long[] indices = new long[MAX_ENTRIES];
    private final int[] lengths = new int[MAX_ENTRIES];
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ChangesReplyEncoder changes = new ChangesReplyEncoder();
    private int count;
    private int bytes;

    /**
     * @param log          of the group; its thread is the one that calls {@link #read}
     * @param effects      which entries changed something
     * @param appliedIndex last entry applied
     */
    public LogChanges(GroupLog log, AppliedEffects effects, LongSupplier appliedIndex) {
        this.log = log;
        this.effects = effects;
        this.appliedIndex = appliedIndex;
    }

    @Override
    public ErrorCode read(ReadChangesDecoder request, ReplyPublisher replies) {
        long from = request.fromIndex();
        long applied = appliedIndex.getAsLong();
        if (from < 1 || request.maxBytes() < 0) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        if (from > applied + 1) {
            return ErrorCode.POSITION_NOT_REACHED;
        }
        if (from <= applied && from < Math.max(log.firstIndex(), effects.firstKnown(applied))) {
            return ErrorCode.COMPACTED;
        }
        long next = collect(from, applied, Math.min(request.maxBytes(), MAX_PAGE_BYTES));
        ChangesReplyEncoder.ChangesEncoder each = changes.wrapAndApplyHeader(reply, 0, header)
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(log.groupId())
                .index(applied)
                .nextIndex(next)
                .changesCount(count);
        for (int i = 0; i < count; i++) {
            each.next().index(indices[i]).length(lengths[i]);
        }
        changes.putFrames(frames, 0, bytes);
        replies.send(request.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + changes.encodedLength());
        return ErrorCode.OK;
    }

    /** Copies what fits; returns the index behind the last entry that was looked at. */
    private long collect(long from, long applied, int maxBytes) {
        count = 0;
        bytes = 0;
        long end = Math.min(applied, from + MAX_ENTRIES - 1);
        for (long index = from; index <= end; index++) {
            if (log.entryTypeAt(index) == EntryType.COMMAND.value() && effects.changed(index)) {
                int length = log.payloadLengthAt(index);
                if (count > 0 && bytes + length > maxBytes) {
                    return index;
                }
                log.copyPayload(index, frames, bytes);
                frames.setMemory(bytes + IDENTITY_OFFSET, IDENTITY_LENGTH, (byte) 0);
                indices[count] = index;
                lengths[count] = length;
                bytes += length;
                count++;
            }
        }
        return end + 1;
    }
}
