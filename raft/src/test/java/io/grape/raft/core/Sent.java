package io.grape.raft.core;

import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.codecs.sbe.IntroductionDecoder;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** A message that a replica sent, decoded for assertions. */
sealed interface Sent {
    int to();

    boolean onceDurable();

    record VoteRequest(
            int to,
            boolean onceDurable,
            long term,
            long lastLogIndex,
            long lastLogTerm,
            boolean preVote,
            boolean transfer)
            implements Sent {}

    record VoteReply(int to, boolean onceDurable, long term, boolean granted, boolean preVote) implements Sent {}

    record Append(
            int to,
            boolean onceDurable,
            long term,
            long prevLogIndex,
            long prevLogTerm,
            long leaderCommit,
            long requestId,
            long readId,
            int entries)
            implements Sent {}

    record AppendReply(
            int to,
            boolean onceDurable,
            long term,
            int outcome,
            long matchIndex,
            long requestId,
            long hintTerm,
            long hintIndex,
            int lossKnown)
            implements Sent {}

    record Introduction(int to, boolean onceDurable, LifeVerdict verdict, long subjectDiskId, long subjectIncarnation)
            implements Sent {}

    record Chunk(int to, boolean onceDurable, long snapshotIndex, long totalLength, long chunkOffset, int length)
            implements Sent {}

    record ChunkReply(int to, boolean onceDurable, long snapshotIndex, long nextOffset, boolean installed)
            implements Sent {}

    record TimeoutNow(int to, boolean onceDurable, long term) implements Sent {}

    /** A message that the tests look at by its template alone. */
    record Other(int to, boolean onceDurable, int template) implements Sent {}

    static List<Sent> of(RaftOutput out) {
        List<Sent> all = new ArrayList<>();
        add(out.sendNow(), false, all);
        add(out.sendOnceDurable(), true, all);
        return all;
    }

    private static void add(MessageList list, boolean onceDurable, List<Sent> all) {
        for (int i = 0; i < list.count(); i++) {
            all.add(decode(list.buffer(), list.offset(i), list.destinationNodeId(i), onceDurable));
        }
    }

    private static Sent decode(DirectBuffer buffer, int offset, int to, boolean onceDurable) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        return switch (header.templateId()) {
            case VoteRequestDecoder.TEMPLATE_ID -> {
                VoteRequestDecoder m = new VoteRequestDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new VoteRequest(
                        to,
                        onceDurable,
                        m.term(),
                        m.lastLogIndex(),
                        m.lastLogTerm(),
                        m.preVoteRaw() == 1,
                        m.leadershipTransferRaw() == 1);
            }
            case VoteReplyDecoder.TEMPLATE_ID -> {
                VoteReplyDecoder m = new VoteReplyDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new VoteReply(to, onceDurable, m.term(), m.grantedRaw() == 1, m.preVoteRaw() == 1);
            }
            case AppendEntriesDecoder.TEMPLATE_ID -> {
                AppendEntriesDecoder m = new AppendEntriesDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new Append(
                        to,
                        onceDurable,
                        m.term(),
                        m.prevLogIndex(),
                        m.prevLogTerm(),
                        m.leaderCommit(),
                        m.requestId(),
                        m.readId(),
                        m.entries().count());
            }
            case AppendReplyDecoder.TEMPLATE_ID -> {
                AppendReplyDecoder m = new AppendReplyDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new AppendReply(
                        to,
                        onceDurable,
                        m.term(),
                        m.outcomeRaw(),
                        m.matchIndex(),
                        m.requestId(),
                        m.hintTerm(),
                        m.hintIndex(),
                        m.lossKnown());
            }
            case InstallSnapshotDecoder.TEMPLATE_ID -> {
                InstallSnapshotDecoder m = new InstallSnapshotDecoder().wrapAndApplyHeader(buffer, offset, header);
                m.skipConfiguration();
                yield new Chunk(to, onceDurable, m.snapshotIndex(), m.totalLength(), m.chunkOffset(), m.chunkLength());
            }
            case InstallSnapshotReplyDecoder.TEMPLATE_ID -> {
                InstallSnapshotReplyDecoder m =
                        new InstallSnapshotReplyDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new ChunkReply(to, onceDurable, m.snapshotIndex(), m.nextOffset(), m.installedRaw() == 1);
            }
            case TimeoutNowDecoder.TEMPLATE_ID -> {
                TimeoutNowDecoder m = new TimeoutNowDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new TimeoutNow(to, onceDurable, m.term());
            }
            case IntroductionDecoder.TEMPLATE_ID -> {
                IntroductionDecoder m = new IntroductionDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new Introduction(to, onceDurable, m.verdict(), m.subjectDiskId(), m.subjectIncarnation());
            }
            default -> new Other(to, onceDurable, header.templateId());
        };
    }
}
