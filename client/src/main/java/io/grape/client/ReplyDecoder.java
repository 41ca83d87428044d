package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CollectionsReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.StatusReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Turns checked reply frames into results; stateless. Offsets are those of the message header. */
final class ReplyDecoder {
    private ReplyDecoder() {}

    static WriteResult write(DirectBuffer buffer, int offset, List<Position> positions) {
        WriteReplyDecoder reply =
                new WriteReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        Position position = new Position(reply.groupId(), reply.index());
        return new WriteResult(
                position,
                reply.changed(),
                reply.duplicate() == BooleanType.TRUE,
                positions.isEmpty() ? List.of(position) : positions);
    }

    static SearchResult search(DirectBuffer buffer, int offset, List<Position> positions) {
        HitCursor hits = new HitCursor().wrap(buffer, offset);
        List<SearchHit> list = new ArrayList<>(hits.count());
        while (hits.next()) {
            list.add(new SearchHit(hits.idMost(), hits.id(), hits.score(), hits.version()));
        }
        Position position = new Position(hits.groupId(), hits.index());
        return new SearchResult(
                list,
                position,
                hits.scanned(),
                positions.isEmpty() ? List.of(position) : positions,
                hits.exact(),
                hits.ef());
    }

    static GetResult get(DirectBuffer buffer, int offset, List<Position> positions) {
        PointCursor points = new PointCursor().wrap(buffer, offset);
        List<StoredPoint> list = new ArrayList<>(points.count());
        while (points.next()) {
            boolean carries = points.isPresent() && points.dimension() > 0;
            float[] vector = null;
            byte[] payload = null;
            if (carries) {
                vector = new float[points.dimension()];
                points.copyVector(vector);
            }
            if (points.payloadLength() > 0) {
                payload = new byte[points.payloadLength()];
                points.copyPayload(payload);
            }
            list.add(new StoredPoint(points.idMost(), points.id(), points.version(), vector, payload));
        }
        Position position = new Position(points.groupId(), points.index());
        return new GetResult(list, position, positions.isEmpty() ? List.of(position) : positions);
    }

    static List<CollectionInfo> collections(DirectBuffer buffer, int offset, List<Position> positions) {
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

    static NodeStatus status(DirectBuffer buffer, int offset, List<Position> positions) {
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
