package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CollectionsReplyEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ErrorReplyEncoder;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.RouteReplyEncoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.codecs.sbe.SessionEventEncoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.StatusReplyEncoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import io.grape.shards.ShardTableCodec;
import io.grape.shards.table.FirstTable;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes what nodes answer; a frame is a buffer that is exactly as long. */
public final class ReplyFrames {
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();

    private ReplyFrames() {}

    private static byte[] cut(MutableDirectBuffer buffer, int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return frame;
    }

    /** What every session event holds besides its status. */
    public record Event(long correlationId, long sessionId, int nodeId, int leaderNodeId, long leaderTerm) {}

    public static synchronized byte[] sessionEvent(
            Event event, SessionStatus status, ErrorCode code, Map<Integer, String> members, String text) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        SessionEventEncoder encoder = new SessionEventEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .correlationId(event.correlationId())
                .sessionId(event.sessionId())
                .status(status)
                .code(code)
                .nodeId(event.nodeId())
                .leaderNodeId(event.leaderNodeId())
                .leaderTerm(event.leaderTerm())
                .maxMessageLength(64 * 1024)
                .maxBatchPoints(100)
                .commitIndex(0)
                .groupId(0);
        SessionEventEncoder.MembersEncoder each = encoder.membersCount(members.size());
        new TreeMap<>(members).forEach((id, endpoint) -> each.next().nodeId(id).ingressEndpoint(endpoint));
        encoder.text(text);
        return cut(buffer, encoder.limit());
    }

    public static synchronized byte[] write(
            long sessionId, long correlationId, long index, int changed, boolean twice) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        WriteReplyEncoder encoder = new WriteReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(0)
                .index(index)
                .changed(changed)
                .duplicate(twice ? BooleanType.TRUE : BooleanType.FALSE);
        return cut(buffer, encoder.limit());
    }

    public static synchronized byte[] error(
            long sessionId, long correlationId, ErrorCode code, int retryAfterMs, int leaderNodeId, String text) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        ErrorReplyEncoder encoder = new ErrorReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .code(code)
                .retryAfterMs(retryAfterMs)
                .leaderNodeId(leaderNodeId)
                .tableEpoch(0)
                .text(text);
        return cut(buffer, encoder.limit());
    }

    public static synchronized byte[] status(
            long sessionId, long correlationId, int nodeId, int leaderNodeId, long term) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        StatusReplyEncoder encoder = new StatusReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .nodeId(nodeId)
                .groupId(0)
                .leaderNodeId(leaderNodeId)
                .term(term)
                .lastIndex(40)
                .durableIndex(39)
                .commitIndex(38)
                .appliedIndex(37)
                .stateHash(0xFEED)
                .points(36)
                .processId(4711)
                .syncPolicy("force")
                .dataDirectory("/data")
                .version("0.1");
        return cut(buffer, encoder.limit());
    }

    public static synchronized byte[] search(long sessionId, long correlationId, long[] ids, float[] scores) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        SearchReplyEncoder encoder = new SearchReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(0)
                .index(41)
                .tableEpoch(1)
                .shardCount(1024)
                .shardsHash(0)
                .exact(BooleanType.FALSE)
                .ef(128)
                .scanned(1000);
        SearchReplyEncoder.HitsEncoder hits = encoder.hitsCount(ids.length);
        for (int i = 0; i < ids.length; i++) {
            hits.next().score(scores[i]).version(i + 1).id().most(0).least(ids[i]);
        }
        return cut(buffer, encoder.limit());
    }

    /** Points with even ids are present and hold their id in every component, those divisible by 4 a payload too. */
    public static synchronized byte[] get(long sessionId, long correlationId, long[] ids, int dimension) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        GetReplyEncoder encoder = new GetReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(0)
                .index(42)
                .dimension(dimension);
        GetReplyEncoder.PointsEncoder points = encoder.pointsCount(ids.length);
        ExpandableArrayBuffer vectors = new ExpandableArrayBuffer();
        ExpandableArrayBuffer payloads = new ExpandableArrayBuffer();
        int vectorBytes = 0;
        int payloadBytes = 0;
        for (long id : ids) {
            boolean isPresent = id % 2 == 0;
            boolean hasPayload = id % 4 == 0 && dimension > 0;
            points.next()
                    .version(isPresent ? id * 10 : StoredPoint.ABSENT)
                    .payloadLength(hasPayload ? 1 : 0)
                    .id()
                    .most(0)
                    .least(id);
            for (int i = 0; isPresent && i < dimension; i++) {
                vectors.putFloat(vectorBytes, id, ByteOrder.LITTLE_ENDIAN);
                vectorBytes += Float.BYTES;
            }
            if (hasPayload) {
                payloads.putByte(payloadBytes++, (byte) id);
            }
        }
        encoder.putVectors(vectors, 0, vectorBytes).putPayloads(payloads, 0, payloadBytes);
        return cut(buffer, encoder.limit());
    }

    public static synchronized byte[] collections(long sessionId, long correlationId, Map<Integer, String> names) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        CollectionsReplyEncoder encoder = new CollectionsReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(0)
                .index(43);
        CollectionsReplyEncoder.CollectionsEncoder each = encoder.collectionsCount(names.size());
        names.forEach((id, name) -> each.next()
                .collectionId(id)
                .dimension(2)
                .metric(Metric.COSINE)
                .elementType(ElementType.FLOAT32)
                .points(5)
                .name(name));
        return cut(buffer, encoder.limit());
    }

    /** A cluster of one data group beside group 0, both led by the same node. */
    public static byte[] routes(long sessionId, long correlationId, long heldEpoch, int leaderNodeId, long term) {
        return routes(sessionId, correlationId, heldEpoch, leaderNodeId, term, 1);
    }

    /** A cluster of some data groups beside group 0, all led by the same node. */
    public static synchronized byte[] routes(
            long sessionId, long correlationId, long heldEpoch, int leaderNodeId, long term, int groups) {
        MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        RouteReplyEncoder encoder = new RouteReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .sessionId(sessionId)
                .correlationId(correlationId);
        ShardTableCodec.Leaders leaders = new ShardTableCodec.Leaders() {
            @Override
            public int nodeId(int groupId) {
                return leaderNodeId;
            }

            @Override
            public long term(int groupId) {
                return term;
            }

            @Override
            public long commitIndex(int groupId) {
                return 0;
            }
        };
        ShardTableCodec.encode(FirstTable.of(16, groups, List.of(1, 2, 3)), heldEpoch, leaders, encoder);
        return cut(buffer, encoder.limit());
    }
}
