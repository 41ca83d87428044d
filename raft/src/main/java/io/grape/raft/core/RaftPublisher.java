package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendEntriesEncoder;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyEncoder;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotEncoder;
import io.grape.codecs.sbe.InstallSnapshotReplyEncoder;
import io.grape.codecs.sbe.IntroductionEncoder;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.TimeoutNowEncoder;
import io.grape.codecs.sbe.VoteReplyEncoder;
import io.grape.codecs.sbe.VoteRequestEncoder;
import io.grape.raft.core.progress.Progress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Encodes this replica's messages into the lists of a {@link RaftOutput}. Knows the wire, decides nothing. */
final class RaftPublisher {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int APPEND_FIXED = HEADER
            + AppendEntriesEncoder.BLOCK_LENGTH
            + AppendEntriesEncoder.EntriesEncoder.sbeHeaderSize()
            + AppendEntriesEncoder.payloadsHeaderLength();

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VoteRequestEncoder voteRequest = new VoteRequestEncoder();
    private final VoteReplyEncoder voteReply = new VoteReplyEncoder();
    private final AppendEntriesEncoder append = new AppendEntriesEncoder();
    private final AppendReplyEncoder appendReply = new AppendReplyEncoder();
    private final TimeoutNowEncoder timeoutNow = new TimeoutNowEncoder();
    private final InstallSnapshotEncoder installSnapshot = new InstallSnapshotEncoder();
    private final InstallSnapshotReplyEncoder installReply = new InstallSnapshotReplyEncoder();
    private final IntroductionEncoder introduction = new IntroductionEncoder();
    private final RaftState state;

    RaftPublisher(RaftState state) {
        this.state = state;
    }

    void voteRequest(MessageList list, int nodeId, long electionTerm, boolean preVote, boolean transfer) {
        int offset = list.begin(HEADER + VoteRequestEncoder.BLOCK_LENGTH);
        voteRequest
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(electionTerm)
                .lastLogIndex(state.log.lastIndex())
                .lastLogTerm(state.lastTerm())
                .preVote(preVote ? BooleanType.TRUE : BooleanType.FALSE)
                .leadershipTransfer(transfer ? BooleanType.TRUE : BooleanType.FALSE);
        commit(list, offset, nodeId, HEADER + VoteRequestEncoder.BLOCK_LENGTH);
    }

    void voteReply(MessageList list, int nodeId, long replyTerm, boolean granted, boolean preVote) {
        int offset = list.begin(HEADER + VoteReplyEncoder.BLOCK_LENGTH);
        voteReply
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(replyTerm)
                .granted(granted ? BooleanType.TRUE : BooleanType.FALSE)
                .preVote(preVote ? BooleanType.TRUE : BooleanType.FALSE);
        commit(list, offset, nodeId, HEADER + VoteReplyEncoder.BLOCK_LENGTH);
    }

    /**
     * Encodes {@code count} entries from {@code prevLogIndex + 1}, copying the payloads straight out of the log.
     *
     * @param payloadBytes sum of the entries' payload lengths
     */
    @HotPath
    void append(MessageList list, int nodeId, long prevLogIndex, int count, int payloadBytes, long requestId) {
        RaftLog log = state.log;
        int block = AppendEntriesEncoder.EntriesEncoder.sbeBlockLength();
        int length = APPEND_FIXED + block * count + payloadBytes;
        int offset = list.begin(length);
        AppendEntriesEncoder.EntriesEncoder entries = append.wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(state.term)
                .prevLogIndex(prevLogIndex)
                .prevLogTerm(log.termAt(prevLogIndex))
                .leaderCommit(state.commitIndex)
                .requestId(requestId)
                .readId(state.reads.currentRound())
                .entriesCount(count);
        for (int i = 1; i <= count; i++) {
            long index = prevLogIndex + i;
            entries.next()
                    .term(log.termAt(index))
                    .entryType(EntryType.get(log.entryTypeAt(index)))
                    .length(log.payloadLengthAt(index));
        }
        int position = append.limit();
        list.target().putInt(position, payloadBytes, ByteOrder.LITTLE_ENDIAN);
        position += AppendEntriesEncoder.payloadsHeaderLength();
        for (int i = 1; i <= count; i++) {
            position += log.copyPayload(prevLogIndex + i, list.target(), position);
        }
        commit(list, offset, nodeId, length);
    }

    @HotPath
    void accepted(MessageList list, int nodeId, long matchIndex, long requestId, long readId) {
        reply(list, nodeId, AppendOutcome.ACCEPTED, matchIndex, requestId, readId, RaftLog.NULL_TERM, 0);
    }

    @HotPath
    void conflict(MessageList list, int nodeId, long requestId, long readId, long hintTerm, long hintIndex) {
        reply(list, nodeId, AppendOutcome.CONFLICT, 0, requestId, readId, hintTerm, hintIndex);
    }

    void staleTerm(MessageList list, int nodeId, long requestId) {
        reply(list, nodeId, AppendOutcome.STALE_TERM, 0, requestId, 0, RaftLog.NULL_TERM, 0);
    }

    @HotPath
    private void reply(
            MessageList list,
            int nodeId,
            AppendOutcome outcome,
            long matchIndex,
            long requestId,
            long readId,
            long hintTerm,
            long hintIndex) {
        int offset = list.begin(HEADER + AppendReplyEncoder.BLOCK_LENGTH);
        appendReply
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(state.term)
                .outcome(outcome)
                .matchIndex(matchIndex)
                .requestId(requestId)
                .readId(readId)
                .hintTerm(hintTerm)
                .hintIndex(hintIndex)
                .lossKnown(state.knowsOfLoss() ? 1 : 0);
        commit(list, offset, nodeId, HEADER + AppendReplyEncoder.BLOCK_LENGTH);
    }

    void introduction(MessageList list, int nodeId, LifeVerdict verdict, long subjectDiskId, long subjectIncarnation) {
        int offset = list.begin(HEADER + IntroductionEncoder.BLOCK_LENGTH);
        introduction
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .verdict(verdict)
                .subjectDiskId(subjectDiskId)
                .subjectIncarnation(subjectIncarnation);
        commit(list, offset, nodeId, HEADER + IntroductionEncoder.BLOCK_LENGTH);
    }

    void timeoutNow(MessageList list, int nodeId) {
        int offset = list.begin(HEADER + TimeoutNowEncoder.BLOCK_LENGTH);
        timeoutNow
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(state.term);
        commit(list, offset, nodeId, HEADER + TimeoutNowEncoder.BLOCK_LENGTH);
    }

    /** Encodes the chunk of the newest snapshot that the peer needs next, copying it straight out of the store. */
    void chunk(MessageList list, Progress peer, DirectBuffer configuration, long totalLength, long nowNs) {
        int maxChunk = state.config.limits().maxBytesPerAppend();
        int offset = list.begin(HEADER
                + InstallSnapshotEncoder.BLOCK_LENGTH
                + 2 * InstallSnapshotEncoder.chunkHeaderLength()
                + configuration.capacity()
                + maxChunk);
        installSnapshot
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(state.term)
                .requestId(peer.sentChunk(nowNs))
                .readId(state.reads.currentRound())
                .snapshotIndex(peer.snapshotIndex())
                .snapshotTerm(state.snapshots.term())
                .totalLength(totalLength)
                .chunkOffset(peer.snapshotOffset())
                .putConfiguration(configuration, 0, configuration.capacity());
        int position = installSnapshot.limit();
        int bytes = state.snapshots.read(
                peer.snapshotIndex(),
                peer.snapshotOffset(),
                list.target(),
                position + InstallSnapshotEncoder.chunkHeaderLength(),
                maxChunk);
        list.target().putInt(position, bytes, ByteOrder.LITTLE_ENDIAN);
        commit(list, offset, peer.nodeId(), position + InstallSnapshotEncoder.chunkHeaderLength() + bytes - offset);
    }

    void chunkStored(MessageList list, InstallSnapshotDecoder chunk, long nextOffset, boolean installed) {
        int offset = list.begin(HEADER + InstallSnapshotReplyEncoder.BLOCK_LENGTH);
        installReply
                .wrapAndApplyHeader(list.target(), offset, header)
                .groupId(state.config.groupId())
                .sourceNodeId(state.config.nodeId())
                .incarnation(state.config.incarnation())
                .diskId(state.config.diskId())
                .term(state.term)
                .requestId(chunk.requestId())
                .readId(chunk.readId())
                .snapshotIndex(chunk.snapshotIndex())
                .nextOffset(nextOffset)
                .installed(installed ? BooleanType.TRUE : BooleanType.FALSE);
        commit(list, offset, chunk.sourceNodeId(), HEADER + InstallSnapshotReplyEncoder.BLOCK_LENGTH);
    }

    @HotPath
    private void commit(MessageList list, int offset, int nodeId, int length) {
        list.commit(nodeId, length);
        state.trace.sent(nodeId, list.target(), offset, length);
    }
}
