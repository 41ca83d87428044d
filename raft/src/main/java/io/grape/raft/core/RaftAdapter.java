package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.codecs.sbe.IntroductionDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Bytes in, flyweights out: checks a message before anything of it is believed.
 *
 * <p>What comes from the network may be cut, wrong or hostile. Every length is compared with what is there before it is
 * followed, so that no decoder ever reads beyond the message, and nothing here throws.
 */
final class RaftAdapter {
    /** The message cannot be used. */
    static final int MALFORMED = -1;

    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER = AppendEntriesDecoder.EntriesDecoder.sbeHeaderSize();
    private static final int ENTRY_BLOCK = AppendEntriesDecoder.EntriesDecoder.sbeBlockLength();
    private static final int LENGTH_FIELD = AppendEntriesDecoder.payloadsHeaderLength();

    final VoteRequestDecoder voteRequest = new VoteRequestDecoder();
    final VoteReplyDecoder voteReply = new VoteReplyDecoder();
    final AppendEntriesDecoder appendEntries = new AppendEntriesDecoder();
    final AppendReplyDecoder appendReply = new AppendReplyDecoder();
    final TimeoutNowDecoder timeoutNow = new TimeoutNowDecoder();
    final InstallSnapshotDecoder installSnapshot = new InstallSnapshotDecoder();
    final InstallSnapshotReplyDecoder installReply = new InstallSnapshotReplyDecoder();

    final IntroductionDecoder introduction = new IntroductionDecoder();

    /** Where the payloads of {@link #appendEntries} begin in the message's buffer. */
    int payloadsOffset;

    /** Where the configuration of {@link #installSnapshot} is in the message's buffer, and where its chunk is. */
    int configurationOffset;

    int configurationLength;
    int chunkOffset;
    int chunkLength;

    /** Entries of {@link #appendEntries}. */
    int entryCount;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** Returns the schema version of the sender of the message that was wrapped last. */
    @HotPath
    int senderVersion() {
        return header.version();
    }

    /** Checks a message and wraps the decoder of its template; returns the template id or {@link #MALFORMED}. */
    @HotPath
    int wrap(DirectBuffer buffer, int offset, int length) {
        if (offset < 0 || length < HEADER || length > buffer.capacity() - offset) {
            return MALFORMED;
        }
        header.wrap(buffer, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            return MALFORMED;
        }
        int block = header.blockLength();
        int version = header.version();
        int body = offset + HEADER;
        if (length - HEADER < block) {
            return MALFORMED;
        }
        int template = header.templateId();
        boolean good = switch (template) {
            case VoteRequestDecoder.TEMPLATE_ID -> {
                voteRequest.wrap(buffer, body, block, readAs(version, block, VoteRequestDecoder.BLOCK_LENGTH));
                yield block >= VoteRequestDecoder.diskIdEncodingOffset() && isSane(voteRequest);
            }
            case VoteReplyDecoder.TEMPLATE_ID -> {
                voteReply.wrap(buffer, body, block, readAs(version, block, VoteReplyDecoder.BLOCK_LENGTH));
                yield block >= VoteReplyDecoder.diskIdEncodingOffset() && voteReply.term() >= 0;
            }
            case AppendEntriesDecoder.TEMPLATE_ID -> {
                appendEntries.wrap(buffer, body, block, readAs(version, block, AppendEntriesDecoder.BLOCK_LENGTH));
                yield block >= AppendEntriesDecoder.diskIdEncodingOffset()
                        && isSane(buffer, body + block, offset + length);
            }
            case AppendReplyDecoder.TEMPLATE_ID -> {
                appendReply.wrap(buffer, body, block, readAs(version, block, AppendReplyDecoder.BLOCK_LENGTH));
                yield block >= AppendReplyDecoder.diskIdEncodingOffset() && isSane(appendReply);
            }
            case TimeoutNowDecoder.TEMPLATE_ID -> {
                timeoutNow.wrap(buffer, body, block, readAs(version, block, TimeoutNowDecoder.BLOCK_LENGTH));
                yield block >= TimeoutNowDecoder.diskIdEncodingOffset() && timeoutNow.term() > 0;
            }
            case InstallSnapshotDecoder.TEMPLATE_ID -> {
                installSnapshot.wrap(buffer, body, block, readAs(version, block, InstallSnapshotDecoder.BLOCK_LENGTH));
                yield block >= InstallSnapshotDecoder.diskIdEncodingOffset()
                        && isSaneSnapshot(buffer, body + block, offset + length);
            }
            case InstallSnapshotReplyDecoder.TEMPLATE_ID -> {
                installReply.wrap(
                        buffer, body, block, readAs(version, block, InstallSnapshotReplyDecoder.BLOCK_LENGTH));
                yield block >= InstallSnapshotReplyDecoder.diskIdEncodingOffset()
                        && installReply.term() >= 0
                        && installReply.nextOffset() >= 0;
            }
            case IntroductionDecoder.TEMPLATE_ID -> {
                introduction.wrap(buffer, body, block, version);
                yield block >= IntroductionDecoder.BLOCK_LENGTH;
            }
            default -> false;
        };
        return good ? template : MALFORMED;
    }

    /** The version to decode by: a block without the fields of version 2 is read as version 1, whatever its header says. */
    @HotPath
    private static int readAs(int version, int block, int fullBlock) {
        return block < fullBlock ? 1 : version;
    }

    @HotPath
    private static boolean isSane(VoteRequestDecoder r) {
        return r.term() > 0 && r.lastLogIndex() >= 0 && r.lastLogTerm() >= 0 && r.lastLogTerm() <= r.term();
    }

    @HotPath
    private static boolean isSane(AppendReplyDecoder r) {
        return r.term() >= 0 && r.matchIndex() >= 0 && r.hintIndex() >= 0;
    }

    /** Entries are counted, their terms rise from the previous entry's to the leader's, and their lengths add up. */
    @HotPath
    private boolean isSane(DirectBuffer buffer, int groupOffset, int end) {
        long term = appendEntries.term();
        long lastTerm = appendEntries.prevLogTerm();
        if (term <= 0
                || appendEntries.prevLogIndex() < 0
                || appendEntries.leaderCommit() < 0
                || lastTerm < 0
                || lastTerm > term
                || end - groupOffset < GROUP_HEADER + LENGTH_FIELD) {
            return false;
        }
        int block = buffer.getShort(groupOffset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        int count = buffer.getShort(groupOffset + 2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        int first = groupOffset + GROUP_HEADER;
        long payloads = first + (long) block * count;
        if (block < ENTRY_BLOCK || payloads + LENGTH_FIELD > end) {
            return false;
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int entry = first + i * block;
            long entryTerm = buffer.getLong(entry, ByteOrder.LITTLE_ENDIAN);
            int entryType = buffer.getByte(entry + 8) & 0xFF;
            int entryLength = buffer.getInt(entry + 9, ByteOrder.LITTLE_ENDIAN);
            if (entryTerm < lastTerm
                    || entryTerm > term
                    || entryTerm == 0
                    || entryLength < 0
                    || entryType > EntryType.CONFIGURATION.value()) {
                return false;
            }
            lastTerm = entryTerm;
            sum += entryLength;
        }
        long payloadBytes = buffer.getInt((int) payloads, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        payloadsOffset = (int) payloads + LENGTH_FIELD;
        entryCount = count;
        return payloadBytes == sum && payloadsOffset + payloadBytes <= end;
    }

    /** The two runs of bytes are there, and the chunk lies within the snapshot. */
    private boolean isSaneSnapshot(DirectBuffer buffer, int offset, int end) {
        if (end - offset < 2 * LENGTH_FIELD) {
            return false;
        }
        long configurationBytes = buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        long chunkField = offset + LENGTH_FIELD + configurationBytes;
        if (chunkField + LENGTH_FIELD > end) {
            return false;
        }
        long chunkBytes = buffer.getInt((int) chunkField, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        configurationOffset = offset + LENGTH_FIELD;
        configurationLength = (int) configurationBytes;
        chunkOffset = (int) chunkField + LENGTH_FIELD;
        chunkLength = (int) chunkBytes;
        return chunkOffset + chunkBytes <= end
                && installSnapshot.term() > 0
                && installSnapshot.snapshotIndex() > 0
                && installSnapshot.snapshotTerm() > 0
                && installSnapshot.snapshotTerm() <= installSnapshot.term()
                && installSnapshot.chunkOffset() >= 0
                && installSnapshot.chunkOffset() + chunkBytes <= installSnapshot.totalLength();
    }
}
