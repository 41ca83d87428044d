package io.grape.raft.spec;

import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;

/**
 * A Raft message as the specification writes it: an operator of {@code GrapeRaft.tla} and its arguments.
 *
 * @param operator  the operator that builds the record
 * @param arguments TLA+ expressions; the first is the sender, the second the receiver and the third the term
 */
public record TraceMessage(String operator, List<String> arguments) {
    /** Copies the arguments. */
    public TraceMessage {
        arguments = List.copyOf(arguments);
    }

    private TraceMessage(String operator, Object... arguments) {
        this(operator, Arrays.stream(arguments).map(String::valueOf).toList());
    }

    /** Whether it is built by this operator. */
    public boolean isA(String wanted) {
        return operator.equals(wanted);
    }

    /** Returns an argument. */
    public String argument(int i) {
        return arguments.get(i);
    }

    /** Returns the sender. */
    public int from() {
        return Integer.parseInt(argument(0));
    }

    /** Returns the receiver. */
    public int to() {
        return Integer.parseInt(argument(1));
    }

    /** A copy with one argument changed. */
    public TraceMessage with(int i, String value) {
        List<String> changed = new ArrayList<>(arguments);
        changed.set(i, value);
        return new TraceMessage(operator, changed);
    }

    @Override
    public String toString() {
        return operator + "(" + String.join(", ", arguments) + ")";
    }

    /** A heartbeat that travels in a frame, or the answer to one. */
    static TraceMessage beat(boolean isAnswer, int from, int to, long term, long index, long indexTerm) {
        return isAnswer
                ? new TraceMessage("HeartbeatAnswer", from, to, term)
                : new TraceMessage("Heartbeat", from, to, term, index, indexTerm);
    }

    /** Decodes a message, or returns null for one that the specification does not know. */
    static TraceMessage decode(int toNodeId, DirectBuffer buffer, int offset) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
        return switch (header.templateId()) {
            case VoteRequestDecoder.TEMPLATE_ID -> {
                VoteRequestDecoder m = new VoteRequestDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new TraceMessage(
                        "VoteRequest",
                        m.sourceNodeId(),
                        toNodeId,
                        m.term(),
                        m.lastLogTerm(),
                        m.lastLogIndex(),
                        bool(m.preVoteRaw() == 1),
                        bool(m.leadershipTransferRaw() == 1));
            }
            case VoteReplyDecoder.TEMPLATE_ID -> {
                VoteReplyDecoder m = new VoteReplyDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new TraceMessage(
                        "VoteReply",
                        m.sourceNodeId(),
                        toNodeId,
                        m.term(),
                        bool(m.grantedRaw() == 1),
                        bool(m.preVoteRaw() == 1));
            }
            case AppendEntriesDecoder.TEMPLATE_ID ->
                append(toNodeId, new AppendEntriesDecoder().wrapAndApplyHeader(buffer, offset, header), buffer);
            case AppendReplyDecoder.TEMPLATE_ID -> {
                AppendReplyDecoder m = new AppendReplyDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new TraceMessage(
                        "AppendReply", m.sourceNodeId(), toNodeId, m.term(), outcome(m.outcomeRaw()), m.matchIndex());
            }
            case TimeoutNowDecoder.TEMPLATE_ID -> {
                TimeoutNowDecoder m = new TimeoutNowDecoder().wrapAndApplyHeader(buffer, offset, header);
                yield new TraceMessage("TimeoutNow", m.sourceNodeId(), toNodeId, m.term());
            }
            default -> null;
        };
    }

    private static TraceMessage append(int toNodeId, AppendEntriesDecoder m, DirectBuffer buffer) {
        List<Long> terms = new ArrayList<>();
        List<Short> types = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        AppendEntriesDecoder.EntriesDecoder entries = m.entries();
        while (entries.hasNext()) {
            entries.next();
            terms.add(entries.term());
            types.add(entries.entryTypeRaw());
            lengths.add(entries.length());
        }
        int position = m.limit() + AppendEntriesDecoder.payloadsHeaderLength();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            texts.add(entry(terms.get(i), types.get(i), buffer, position, lengths.get(i)));
            position += lengths.get(i);
        }
        return new TraceMessage(
                "AppendRequest",
                m.sourceNodeId(),
                toNodeId,
                m.term(),
                m.prevLogIndex(),
                m.prevLogTerm(),
                "<<" + String.join(", ", texts) + ">>",
                m.leaderCommit());
    }

    /** An entry as the specification writes it; a command is the hash of its payload. */
    static String entry(long term, short type, DirectBuffer payload, int offset, int length) {
        if (type == EntryType.NO_OP.value()) {
            return "NoOp(" + term + ")";
        }
        if (type == EntryType.CONFIGURATION.value()) {
            return "Conf(" + term + ", " + members(payload, offset, length) + ")";
        }
        return "Cmd(" + term + ", " + command(payload, offset, length) + ")";
    }

    static int command(DirectBuffer payload, int offset, int length) {
        byte[] bytes = new byte[length];
        payload.getBytes(offset, bytes);
        return Arrays.hashCode(bytes) & 0xFFFFFF;
    }

    /** Voters, outgoing voters and learners, as three arguments. */
    static String members(DirectBuffer payload, int offset, int length) {
        Membership m = ConfigurationCodec.decode(payload, offset, length);
        return set(m.incomingCount(), m::incoming)
                + ", "
                + set(m.outgoingCount(), m::outgoing)
                + ", "
                + set(m.learnerCount(), m::learner);
    }

    private static String set(int count, IntUnaryOperator element) {
        return IntStream.range(0, count)
                .map(element)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String outcome(short raw) {
        if (raw == AppendOutcome.ACCEPTED.value()) {
            return "\"accepted\"";
        }
        return raw == AppendOutcome.CONFLICT.value() ? "\"conflict\"" : "\"stale\"";
    }

    private static String bool(boolean value) {
        return value ? "TRUE" : "FALSE";
    }
}
