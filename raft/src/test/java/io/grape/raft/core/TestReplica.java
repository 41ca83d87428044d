package io.grape.raft.core;

import io.grape.codecs.sbe.AppendEntriesEncoder;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyEncoder;
import io.grape.codecs.sbe.BeatState;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.InstallSnapshotEncoder;
import io.grape.codecs.sbe.IntroductionEncoder;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.TimeoutNowEncoder;
import io.grape.codecs.sbe.VoteReplyEncoder;
import io.grape.codecs.sbe.VoteRequestEncoder;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.liveness.BeatList;
import io.grape.raft.core.liveness.BeatPublisher;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Node 0 of group 7, with every other node played by the test. Each call is one batch. */
final class TestReplica {
    static final long MS = SimCluster.MS;
    static final int GROUP = 7;

    final MemoryLog log = new MemoryLog();
    final RaftOutput out;
    final List<String> confirmed = new ArrayList<>();
    private List<String> beats = new ArrayList<>();
    private List<String> answers = new ArrayList<>();
    private final BeatAdapter beat = new BeatAdapter();
    final MemorySnapshots snapshots = new MemorySnapshots();
    final RaftConfig config;
    final RaftRules rules;
    RaftGroup group;
    long nowNs;
    int groupId = GROUP;
    long incarnation = 1;
    long diskId;
    int lossKnown;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);

    TestReplica(int size) {
        this(size, RaftRules.PAPER);
    }

    TestReplica(int size, RaftRules rules) {
        this(configOf(size, SimCluster.TIMING), rules);
    }

    TestReplica(RaftConfig config) {
        this(config, RaftRules.PAPER);
    }

    TestReplica(RaftConfig config, RaftRules rules) {
        this(config, rules, false);
    }

    /** @param inFrames whether heartbeats are put out for frames instead of as appends */
    TestReplica(RaftConfig config, RaftRules rules, boolean inFrames) {
        this.out = new RaftOutput(inFrames);
        this.config = config;
        this.rules = rules;
        group = new RaftGroup(config, log, snapshots, HardState.NEW, 0, rules);
    }

    static RaftConfig configOf(int size, RaftTiming timing) {
        return new RaftConfig(GROUP, 0, IntStream.range(0, size).boxed().toList(), timing, SimCluster.LIMITS, 42, 1);
    }

    /** Fills the log with durable entries of these terms, and starts again with the hard state. */
    TestReplica holding(HardState hardState, long... terms) {
        for (int i = 0; i < terms.length; i++) {
            log.append(i + 1, terms[i], (short) 1, new UnsafeBuffer(new byte[8]), 0, 8);
        }
        log.hardState(hardState.term(), hardState.votedFor(), hardState.commitIndex());
        log.force(log.stagedCount());
        group = new RaftGroup(config, log, snapshots, hardState, nowNs, rules);
        return this;
    }

    /** Comes back with what was durable. */
    void restart() {
        log.crash(0);
        group = new RaftGroup(config, log, snapshots, log.recovered(), nowNs, rules);
    }

    /** Makes this replica the leader of the next term, with its vote and no-op durable. */
    TestReplica leading() {
        awaitElection();
        int size = config.members().size();
        for (int i = 1; i < size; i++) {
            voteReply(i, group.term() + 1, true, true);
        }
        durable();
        for (int i = 1; i < size; i++) {
            voteReply(i, group.term(), true, false);
        }
        durable();
        return this;
    }

    /** Lets time pass until the replica campaigns. */
    List<Sent> awaitElection() {
        for (int i = 0; i < 1_000; i++) {
            List<Sent> sent = tick(5 * MS);
            if (group.role() != Role.FOLLOWER) {
                return sent;
            }
        }
        throw new IllegalStateException("no election within 5 s");
    }

    List<Sent> tick(long passedNs) {
        nowNs += passedNs;
        group.tick(nowNs, out);
        return end();
    }

    /** Makes all that is staged durable and says so. */
    List<Sent> durable() {
        log.force(log.stagedCount());
        group.onDurable(log.termAt(log.lastIndex()), log.lastIndex(), nowNs, out);
        return end();
    }

    long propose(int length) {
        long index = group.propose((short) 1, new UnsafeBuffer(new byte[length]), 0, length, nowNs, out);
        return index;
    }

    List<Sent> end() {
        group.endOfBatch(nowNs, out);
        List<Sent> sent = Sent.of(out);
        BeatList list = out.heartbeats();
        for (int i = 0; i < list.count(); i++) {
            beats.add("to " + list.nodeId(i) + " term " + list.term(i) + " " + list.index(i) + "@" + list.indexTerm(i)
                    + " request " + list.requestId(i) + " read " + list.readId(i) + mark(list.state(i)));
        }
        list = out.answers();
        for (int i = 0; i < list.count(); i++) {
            answers.add("to " + list.nodeId(i) + " term " + list.term(i) + " request " + list.requestId(i) + " read "
                    + list.readId(i) + mark(list.state(i)));
        }
        for (int i = 0; i < out.reads().confirmedCount(); i++) {
            confirmed.add(out.reads().confirmedToken(i) + " at " + out.reads().confirmedIndex(i));
        }
        out.clear();
        return sent;
    }

    private static String mark(short state) {
        return state == BeatState.AWAKE.value() ? "" : " " + BeatState.get(state);
    }

    /** The heartbeats put out for frames since the last call. */
    List<String> beats() {
        List<String> seen = beats;
        beats = new ArrayList<>();
        return seen;
    }

    /** The answers to heartbeats put out since the last call. */
    List<String> answers() {
        List<String> seen = answers;
        answers = new ArrayList<>();
        return seen;
    }

    /** A heartbeat in a frame. */
    List<Sent> heartbeat(int source, long term, long index, long indexTerm, long requestId, long readId) {
        return heartbeat(source, term, index, indexTerm, requestId, readId, BeatState.AWAKE);
    }

    List<Sent> heartbeat(
            int source, long term, long index, long indexTerm, long requestId, long readId, BeatState state) {
        BeatList list = new BeatList();
        list.add(config.nodeId(), groupId, term, index, indexTerm, requestId, readId, state.value());
        new BeatPublisher(source, incarnation, diskId).heartbeats(list, config.nodeId(), false, this::stepFrame);
        return end();
    }

    /** An answer in a frame. */
    List<Sent> answer(int source, long term, long requestId, long readId) {
        return answer(source, term, requestId, readId, BeatState.AWAKE);
    }

    List<Sent> answer(int source, long term, long requestId, long readId, BeatState state) {
        BeatList list = new BeatList();
        list.add(config.nodeId(), groupId, term, 0, 0, requestId, readId, state.value());
        new BeatPublisher(source, incarnation, diskId).answers(list, config.nodeId(), false, this::stepFrame);
        return end();
    }

    private void stepFrame(int nodeId, DirectBuffer frame, int offset, int length) {
        if (beat.wrap(frame, offset, length) == BeatAdapter.MALFORMED) {
            throw new AssertionError("a malformed frame");
        }
        while (beat.next()) {
            group.step(beat, nowNs, out);
        }
    }

    List<Sent> voteRequest(int source, long term, long lastIndex, long lastTerm, boolean preVote, boolean transfer) {
        new VoteRequestEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .lastLogIndex(lastIndex)
                .lastLogTerm(lastTerm)
                .preVote(preVote ? BooleanType.TRUE : BooleanType.FALSE)
                .leadershipTransfer(transfer ? BooleanType.TRUE : BooleanType.FALSE);
        return step(MessageHeaderEncoder.ENCODED_LENGTH + VoteRequestEncoder.BLOCK_LENGTH);
    }

    List<Sent> voteReply(int source, long term, boolean granted, boolean preVote) {
        new VoteReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .granted(granted ? BooleanType.TRUE : BooleanType.FALSE)
                .preVote(preVote ? BooleanType.TRUE : BooleanType.FALSE);
        return step(MessageHeaderEncoder.ENCODED_LENGTH + VoteReplyEncoder.BLOCK_LENGTH);
    }

    /** An append with entries of these terms after (prevLogIndex, prevLogTerm). */
    List<Sent> append(int source, long term, long prevLogIndex, long prevLogTerm, long commit, long... terms) {
        return step(encodeAppend(source, term, prevLogIndex, prevLogTerm, commit, terms));
    }

    int encodeAppend(int source, long term, long prevLogIndex, long prevLogTerm, long commit, long... terms) {
        AppendEntriesEncoder append = new AppendEntriesEncoder().wrapAndApplyHeader(buffer, 0, header);
        append.groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .prevLogIndex(prevLogIndex)
                .prevLogTerm(prevLogTerm)
                .leaderCommit(commit)
                .requestId(1)
                .readId(0);
        AppendEntriesEncoder.EntriesEncoder entries = append.entriesCount(terms.length);
        for (long entryTerm : terms) {
            entries.next().term(entryTerm).entryType(EntryType.COMMAND).length(8);
        }
        append.putPayloads(new byte[8 * terms.length], 0, 8 * terms.length);
        return append.limit();
    }

    List<Sent> introduction(int source, LifeVerdict verdict, long subjectDiskId, long subjectIncarnation) {
        new IntroductionEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .verdict(verdict)
                .subjectDiskId(subjectDiskId)
                .subjectIncarnation(subjectIncarnation);
        return step(MessageHeaderEncoder.ENCODED_LENGTH + IntroductionEncoder.BLOCK_LENGTH);
    }

    List<Sent> timeoutNow(int source, long term) {
        new TimeoutNowEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term);
        return step(MessageHeaderEncoder.ENCODED_LENGTH + TimeoutNowEncoder.BLOCK_LENGTH);
    }

    /** One chunk of a snapshot of {@code totalLength} bytes. */
    List<Sent> chunk(int source, long term, long index, long indexTerm, int totalLength, int from, int length) {
        InstallSnapshotEncoder chunk = new InstallSnapshotEncoder().wrapAndApplyHeader(buffer, 0, header);
        chunk.groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .requestId(1)
                .readId(0)
                .snapshotIndex(index)
                .snapshotTerm(indexTerm)
                .totalLength(totalLength)
                .chunkOffset(from);
        DirectBuffer members = ConfigurationCodec.encode(Membership.ofVoters(List.of(0, 1, 2)));
        chunk.putConfiguration(members, 0, members.capacity()).putChunk(new byte[length], 0, length);
        return step(chunk.limit());
    }

    /** An append of one configuration entry. */
    List<Sent> appendConfiguration(int source, long term, long prevLogIndex, long prevLogTerm, Membership membership) {
        DirectBuffer payload = ConfigurationCodec.encode(membership);
        AppendEntriesEncoder append = new AppendEntriesEncoder().wrapAndApplyHeader(buffer, 0, header);
        append.groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .prevLogIndex(prevLogIndex)
                .prevLogTerm(prevLogTerm)
                .leaderCommit(0)
                .requestId(1)
                .readId(0);
        append.entriesCount(1)
                .next()
                .term(term)
                .entryType(EntryType.CONFIGURATION)
                .length(payload.capacity());
        append.putPayloads(payload, 0, payload.capacity());
        return step(append.limit());
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    List<Sent> accepted(int source, long matchIndex, long requestId) {
        return reply(source, group.term(), AppendOutcome.ACCEPTED, matchIndex, requestId, 0, -1, 0);
    }

    List<Sent> conflict(int source, long requestId, long hintTerm, long hintIndex) {
        return reply(source, group.term(), AppendOutcome.CONFLICT, 0, requestId, 0, hintTerm, hintIndex);
    }

    List<Sent> reply(
            int source,
            long term,
            AppendOutcome outcome,
            long matchIndex,
            long requestId,
            long readId,
            long hintTerm,
            long hintIndex) {
        new AppendReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .groupId(groupId)
                .sourceNodeId(source)
                .incarnation(incarnation)
                .diskId(diskId)
                .term(term)
                .outcome(outcome)
                .matchIndex(matchIndex)
                .requestId(requestId)
                .readId(readId)
                .hintTerm(hintTerm)
                .hintIndex(hintIndex)
                .lossKnown(lossKnown);
        return step(MessageHeaderEncoder.ENCODED_LENGTH + AppendReplyEncoder.BLOCK_LENGTH);
    }

    List<Sent> step(int length) {
        group.step(buffer, 0, length, nowNs, out);
        return end();
    }

    static <T extends Sent> List<T> only(List<Sent> sent, Class<T> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static <T extends Sent> T one(List<Sent> sent, Class<T> kind) {
        List<T> found = only(sent, kind);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind.getSimpleName() + " in " + sent);
        }
        return found.getFirst();
    }

    static <T extends Sent> T to(List<Sent> sent, int nodeId, Class<T> kind) {
        return one(sent.stream().filter(s -> s.to() == nodeId).toList(), kind);
    }
}
