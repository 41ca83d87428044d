package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CollectionsReplyDecoder;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.StatusReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Turns checked reply frames into results; stateless. Offsets are those of the message header. */
final class ReplyDecoder {
    private ReplyDecoder() {}

    static WriteResult write(DirectBuffer buffer, int offset) {
        WriteReplyDecoder reply =
                new WriteReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        return new WriteResult(
                new Position(reply.groupId(), reply.index()), reply.changed(), reply.duplicate() == BooleanType.TRUE);
    }

    static SearchResult search(DirectBuffer buffer, int offset) {
        SearchReplyDecoder reply =
                new SearchReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        SearchReplyDecoder.HitsDecoder hits = reply.hits();
        List<SearchHit> list = new ArrayList<>(hits.count());
        while (hits.hasNext()) {
            hits.next();
            list.add(new SearchHit(hits.id().most(), hits.id().least(), hits.score(), hits.version()));
        }
        return new SearchResult(list, new Position(reply.groupId(), reply.index()), reply.scanned());
    }

    /**
     * Decodes points.
     *
     * @param withVectors vectors and payloads were asked for
     */
    static GetResult get(DirectBuffer buffer, int offset, boolean withVectors) {
        GetReplyDecoder reply = new GetReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        GetReplyDecoder.PointsDecoder points = reply.points();
        int count = points.count();
        long[] most = new long[count];
        long[] least = new long[count];
        long[] versions = new long[count];
        int[] payloadLengths = new int[count];
        for (int i = 0; i < count; i++) {
            points.next();
            most[i] = points.id().most();
            least[i] = points.id().least();
            versions[i] = points.version();
            payloadLengths[i] = points.payloadLength();
        }
        byte[] vectors = new byte[reply.vectorsLength()];
        reply.getVectors(vectors, 0, vectors.length);
        byte[] payloads = new byte[reply.payloadsLength()];
        reply.getPayloads(payloads, 0, payloads.length);
        int vectorBytes = reply.dimension() * Float.BYTES;
        List<StoredPoint> list = new ArrayList<>(count);
        int vectorOffset = 0;
        int payloadOffset = 0;
        for (int i = 0; i < count; i++) {
            boolean carries = withVectors && versions[i] != StoredPoint.ABSENT;
            float[] vector = carries ? floats(vectors, vectorOffset, reply.dimension()) : null;
            byte[] payload = carries ? bytes(payloads, payloadOffset, payloadLengths[i]) : null;
            vectorOffset += carries ? vectorBytes : 0;
            payloadOffset += carries ? payloadLengths[i] : 0;
            list.add(new StoredPoint(most[i], least[i], versions[i], vector, payload));
        }
        return new GetResult(list, new Position(reply.groupId(), reply.index()));
    }

    private static float[] floats(byte[] source, int offset, int dimension) {
        float[] values = new float[dimension];
        ByteBuffer.wrap(source, offset, dimension * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static byte @Nullable [] bytes(byte[] source, int offset, int length) {
        return length == 0 ? null : Arrays.copyOfRange(source, offset, offset + length);
    }

    static List<CollectionInfo> collections(DirectBuffer buffer, int offset) {
        CollectionsReplyDecoder reply =
                new CollectionsReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        List<CollectionInfo> list = new ArrayList<>();
        CollectionsReplyDecoder.CollectionsDecoder each = reply.collections();
        while (each.hasNext()) {
            each.next();
            list.add(new CollectionInfo(
                    each.collectionId(),
                    each.name(),
                    each.dimension(),
                    each.metric(),
                    each.elementType(),
                    each.points()));
        }
        return List.copyOf(list);
    }

    static NodeStatus status(DirectBuffer buffer, int offset) {
        StatusReplyDecoder reply =
                new StatusReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        return new NodeStatus(
                reply.nodeId(),
                reply.groupId(),
                reply.leaderNodeId(),
                reply.term(),
                reply.lastIndex(),
                reply.durableIndex(),
                reply.commitIndex(),
                reply.appliedIndex(),
                reply.stateHash(),
                reply.points(),
                reply.processId(),
                reply.syncPolicy(),
                reply.dataDirectory(),
                reply.version());
    }
}
