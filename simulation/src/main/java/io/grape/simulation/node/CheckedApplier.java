package io.grape.simulation.node;

import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.state.Replies;
import io.grape.node.state.StateMachine;
import io.grape.node.state.StateSample;
import io.grape.raft.pipeline.EntryApplier;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Stands before and behind a replica's state machine, and tells the observer what went in and what came out. */
final class CheckedApplier implements EntryApplier, Replies {
    /** Every write begins with the same five fields. */
    private static final int CLIENT_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + UpsertDecoder.clientIdEncodingOffset();

    private static final int SEQUENCE_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + UpsertDecoder.sequenceEncodingOffset();
    private static final int SKIPPED_ONE_IN = 100;
    private static final long PRIME = 0x100_0000_01B3L;

    private final int nodeId;
    private final int groupId;
    private final Replies replies;
    private final NodeObserver observer;
    private final Defect defect;
    private final StateSample sample = new StateSample();
    private StateMachine state;
    private long clientId;
    private long sequence;

    /**
     * @param replies  where the state machine's answers go on to
     * @param observer hears of all
     */
    @SuppressWarnings("NullAway.Init") // state machine and applier need each other
    CheckedApplier(int nodeId, int groupId, Replies replies, NodeObserver observer, Defect defect) {
        this.nodeId = nodeId;
        this.groupId = groupId;
        this.replies = replies;
        this.observer = observer;
        this.defect = defect;
    }

    void state(StateMachine machine) {
        state = machine;
    }

    @Override
    public void apply(long index, short entryType, DirectBuffer payload, int offset, int length) {
        boolean isCommand = entryType == EntryType.COMMAND.value() && isWrite(payload, offset);
        if (isCommand) {
            clientId = payload.getLong(offset + CLIENT_OFFSET, ByteOrder.LITTLE_ENDIAN);
            sequence = payload.getLong(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
        }
        if (isCommand && defect == Defect.SKIPPED_APPLY && (index + nodeId) % SKIPPED_ONE_IN == 0) {
            state.apply(index, EntryType.NO_OP.value(), payload, offset, 0);
        } else if (isCommand && defect == Defect.NO_DEDUPLICATION) {
            state.apply(index, entryType, ofAnotherClient(index, payload, offset, length), 0, length);
        } else {
            state.apply(index, entryType, payload, offset, length);
        }
        if (!state.sample(sample)) {
            throw new IllegalStateException("node " + nodeId + " is in the middle of entry " + index);
        }
        observer.onApplied(nodeId, groupId, index, hash(entryType, payload, offset, length), sample.hash());
    }

    /** What the nodes propose themselves are commands too, but no client's. */
    private static boolean isWrite(DirectBuffer payload, int offset) {
        int template =
                payload.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                        & 0xFFFF;
        return switch (template) {
            case UpsertDecoder.TEMPLATE_ID,
                    DeleteDecoder.TEMPLATE_ID,
                    CreateCollectionDecoder.TEMPLATE_ID,
                    DropCollectionDecoder.TEMPLATE_ID -> true;
            default -> false;
        };
    }

    private static DirectBuffer ofAnotherClient(long index, DirectBuffer payload, int offset, int length) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, payload, offset, length);
        copy.putLong(CLIENT_OFFSET, -index, ByteOrder.LITTLE_ENDIAN);
        return copy;
    }

    static long hash(short entryType, DirectBuffer payload, int offset, int length) {
        long hash = entryType + PRIME;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ payload.getByte(offset + i)) * PRIME;
        }
        return hash;
    }

    @Override
    public void written(long sessionId, long correlationId, long index, int changed, boolean duplicate) {
        if (!duplicate) {
            observer.onExecuted(nodeId, groupId, index, clientId, sequence);
        }
        replies.written(sessionId, correlationId, index, changed, duplicate);
    }

    @Override
    public void refused(long sessionId, long correlationId, ErrorCode code) {
        replies.refused(sessionId, correlationId, code);
    }

    @Override
    public void mismatched(long sessionId, long correlationId, int point, long currentVersion) {
        replies.mismatched(sessionId, correlationId, point, currentVersion);
    }
}
