package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeLimits;
import io.grape.node.request.UpsertView;
import io.grape.node.state.Catalog;
import io.grape.node.state.Collection;
import io.grape.node.state.GroupCommands;
import io.grape.node.state.Shapes;
import io.grape.node.state.StateMachine;
import io.grape.vectors.model.VectorCheck;
import org.agrona.DirectBuffer;

/**
 * Says what is wrong with a write before it becomes a log entry. Thread: the inbound agent's.
 */
final class WriteCheck {
    private static final int MAX_NAME_LENGTH = 128;

    /** Table epoch of a write whose ownership only the log may judge: an earlier copy of it may be in there. */
    private static final long BY_THE_LOG = 0;

    private final NodeLimits limits;
    private final long maxInFlightBytes;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UpsertView upsert = new UpsertView();
    private final DeleteDecoder delete = new DeleteDecoder();
    private final CreateCollectionDecoder create = new CreateCollectionDecoder();
    private final DropCollectionDecoder drop = new DropCollectionDecoder();

    WriteCheck(NodeLimits limits, long maxInFlightBytes) {
        this.limits = limits;
        this.maxInFlightBytes = maxInFlightBytes;
    }

    /**
     * Tells whether the store has room for the batch and for all that may be on its way to it: what is in the log must be
     * applied, so a refusal has to come before.
     */
    @HotPath
    private boolean fits(Collection collection, int count) {
        long leastPointBytes =
                UpsertDecoder.PointsDecoder.sbeBlockLength() + (long) collection.dimension() * Float.BYTES;
        long points = count + maxInFlightBytes / leastPointBytes;
        return collection.store().admits(points, upsert.payloadsLength() + maxInFlightBytes);
    }

    /** Checks an {@code Upsert}. */
    @HotPath
    ErrorCode checkUpsert(DirectBuffer message, int offset, StateMachine state) {
        upsert.wrap(message, offset);
        int count = upsert.count();
        if (count == 0) {
            return ErrorCode.EMPTY_BATCH;
        }
        if (count > limits.maxBatchPoints()) {
            return ErrorCode.BATCH_TOO_LARGE;
        }
        Collection collection = state.catalog().byId(upsert.fields().collectionId());
        if (collection == null) {
            return ErrorCode.UNKNOWN_COLLECTION;
        }
        if (upsert.dimension() != collection.dimension()) {
            return ErrorCode.DIMENSION_MISMATCH;
        }
        if (!upsert.isConsistent() || upsert.fields().sequence() < 1) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        if (!fits(collection, count)) {
            return ErrorCode.MEMORY_LIMIT;
        }
        if (collection.store().mustWait()) {
            return ErrorCode.BACK_PRESSURE;
        }
        ErrorCode code = checkPoints(message, collection, count);
        if (code == ErrorCode.OK && upsert.fields().tableEpoch() != BY_THE_LOG) {
            code = checkOwner(state.commands(), count);
        }
        return code;
    }

    @HotPath
    private ErrorCode checkOwner(GroupCommands owner, int count) {
        int collectionId = upsert.fields().collectionId();
        for (int i = 0; i < count; i++) {
            ErrorCode code = owner.judge(collectionId, upsert.idMost(i), upsert.idLeast(i));
            if (code != ErrorCode.OK) {
                return code;
            }
        }
        return ErrorCode.OK;
    }

    @HotPath
    private ErrorCode checkPoints(DirectBuffer message, Collection collection, int count) {
        for (int i = 0; i < count; i++) {
            if (upsert.payloadLength(i) > limits.maxPayloadLength()) {
                return ErrorCode.PAYLOAD_TOO_LARGE;
            }
            VectorCheck.Verdict verdict = VectorCheck.check(
                    message, upsert.vectorOffset(i), collection.dimension(), Shapes.metric(collection.metric()));
            if (verdict != VectorCheck.Verdict.OK) {
                return Shapes.refusal(verdict);
            }
        }
        return ErrorCode.OK;
    }

    /** Checks a {@code Delete}. */
    @HotPath
    ErrorCode checkDelete(DirectBuffer message, int offset, StateMachine state) {
        delete.wrapAndApplyHeader(message, offset, header);
        int count = delete.points().count();
        if (count == 0) {
            return ErrorCode.EMPTY_BATCH;
        }
        if (count > limits.maxBatchPoints()) {
            return ErrorCode.BATCH_TOO_LARGE;
        }
        if (delete.sequence() < 1 || !namesExpectedVersions()) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        if (state.catalog().byId(delete.collectionId()) == null) {
            return ErrorCode.UNKNOWN_COLLECTION;
        }
        return delete.tableEpoch() == BY_THE_LOG ? ErrorCode.OK : checkOwner(state.commands());
    }

    @HotPath
    private ErrorCode checkOwner(GroupCommands owner) {
        delete.sbeRewind();
        int collectionId = delete.collectionId();
        DeleteDecoder.PointsDecoder points = delete.points();
        while (points.hasNext()) {
            PointIdDecoder id = points.next().id();
            ErrorCode code = owner.judge(collectionId, id.most(), id.least());
            if (code != ErrorCode.OK) {
                return code;
            }
        }
        return ErrorCode.OK;
    }

    @HotPath
    private boolean namesExpectedVersions() {
        delete.sbeRewind();
        DeleteDecoder.PointsDecoder points = delete.points();
        while (points.hasNext()) {
            if (!UpsertView.isExpectedVersion(points.next().expectedVersion())) {
                return false;
            }
        }
        return true;
    }

    /** Checks a {@code CreateCollection}. */
    ErrorCode checkCreate(DirectBuffer message, int offset) {
        create.wrapAndApplyHeader(message, offset, header);
        Metric metric = create.metric();
        boolean shapeIsFit = create.dimension() >= 1
                && create.dimension() <= NodeLimits.MAX_DIMENSION
                && metric != Metric.NULL_VAL
                && metric != Metric.SBE_UNKNOWN
                && create.elementType() == io.grape.codecs.sbe.ElementType.FLOAT32;
        if (create.sequence() < 1) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        return shapeIsFit && isName(create.name()) ? ErrorCode.OK : ErrorCode.INVALID_COLLECTION;
    }

    /** Checks a {@code ChangeNode}. */
    ErrorCode checkChangeNode(DirectBuffer message, int offset) {
        ChangeNodeDecoder change = new ChangeNodeDecoder().wrapAndApplyHeader(message, offset, header);
        if (change.sequence() < 1) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        String endpoint = change.endpoint();
        return NodeConfig.isNode(change.nodeId(), endpoint) ? ErrorCode.OK : ErrorCode.INVALID_CONFIGURATION;
    }

    /** Checks a {@code DropCollection}. */
    ErrorCode checkDrop(DirectBuffer message, int offset, Catalog catalog) {
        drop.wrapAndApplyHeader(message, offset, header);
        if (drop.sequence() < 1) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        return catalog.byId(drop.collectionId()) == null ? ErrorCode.UNKNOWN_COLLECTION : ErrorCode.OK;
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!fit) {
                return false;
            }
        }
        return true;
    }
}
