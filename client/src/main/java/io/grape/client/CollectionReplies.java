package io.grape.client;

import io.grape.codecs.sbe.ChangesReplyDecoder;
import io.grape.codecs.sbe.CountReplyDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.SearchBatchReplyDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Turns checked reply frames into the results of {@link CollectionClient}; stateless. Offsets are those of the header. */
final class CollectionReplies {
    private CollectionReplies() {}

    static CountResult count(DirectBuffer buffer, int offset, List<Position> positions) {
        CountReplyDecoder reply =
                new CountReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        return new CountResult(reply.points(), List.of(new Position(reply.groupId(), reply.index())));
    }

    static ScrollPage page(DirectBuffer buffer, int offset, ScrollCursor asked) {
        GetReplyDecoder reply = new GetReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        GetResult points = ReplyDecoder.get(buffer, offset, List.of());
        Position position = asked.isStart() ? points.position() : asked.position();
        StoredPoint last = points.points().isEmpty() ? null : points.points().getLast();
        ScrollCursor next = new ScrollCursor(
                reply.moment(),
                position,
                last == null ? asked.afterMost() : last.idMost(),
                last == null ? asked.afterLeast() : last.idLeast());
        return new ScrollPage(points.points(), next, reply.more() != 1);
    }

    static List<SearchResult> searchBatch(DirectBuffer buffer, int offset, List<Position> positions) {
        SearchBatchReplyDecoder reply =
                new SearchBatchReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        Position position = new Position(reply.groupId(), reply.index());
        SearchBatchReplyDecoder.QueriesDecoder queries = reply.queries();
        int[] counts = new int[queries.count()];
        long[] scanned = new long[counts.length];
        boolean[] exact = new boolean[counts.length];
        int[] ef = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            queries.next();
            counts[i] = queries.hitCount();
            scanned[i] = queries.scanned();
            exact[i] = queries.exact() == 1;
            ef[i] = queries.ef();
        }
        SearchBatchReplyDecoder.HitsDecoder hits = reply.hits();
        List<SearchResult> results = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            List<SearchHit> list = new ArrayList<>(Math.clamp(counts[i], 0, hits.count()));
            for (int hit = 0; hit < counts[i]; hit++) {
                hits.next();
                list.add(new SearchHit(hits.id().most(), hits.id().least(), hits.score(), hits.version()));
            }
            results.add(new SearchResult(list, position, scanned[i], List.of(position), exact[i], ef[i]));
        }
        return results;
    }

    static ChangesPage changes(DirectBuffer buffer, int offset, List<Position> positions) {
        ChangesReplyDecoder reply =
                new ChangesReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        ChangesReplyDecoder.ChangesDecoder entries = reply.changes();
        int count = entries.count();
        long[] indices = new long[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            entries.next();
            indices[i] = entries.index();
            lengths[i] = entries.length();
        }
        int at = reply.limit() + ChangesReplyDecoder.framesHeaderLength();
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            changes.add(change(buffer, at, new Position(reply.groupId(), indices[i])));
            at += lengths[i];
        }
        return new ChangesPage(
                changes, new Position(reply.groupId(), reply.nextIndex()), reply.nextIndex() > reply.index());
    }

    private static Change change(DirectBuffer buffer, int at, Position position) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, at);
        return switch (header.templateId()) {
            case UpsertDecoder.TEMPLATE_ID -> upsert(buffer, at, header, position);
            case DeleteDecoder.TEMPLATE_ID -> {
                DeleteDecoder delete = new DeleteDecoder().wrapAndApplyHeader(buffer, at, header);
                int collectionId = delete.collectionId();
                List<StoredPoint> points = new ArrayList<>();
                for (DeleteDecoder.PointsDecoder each : delete.points()) {
                    points.add(new StoredPoint(each.id().most(), each.id().least(), StoredPoint.ABSENT, null, null));
                }
                yield new Change(position, Change.Kind.DELETED, collectionId, "", points);
            }
            case CreateCollectionDecoder.TEMPLATE_ID -> {
                CreateCollectionDecoder create = new CreateCollectionDecoder().wrapAndApplyHeader(buffer, at, header);
                yield new Change(position, Change.Kind.CREATED, -1, create.name(), List.of());
            }
            case DropCollectionDecoder.TEMPLATE_ID -> {
                DropCollectionDecoder drop = new DropCollectionDecoder().wrapAndApplyHeader(buffer, at, header);
                yield new Change(position, Change.Kind.DROPPED, drop.collectionId(), "", List.of());
            }
            case RenameCollectionDecoder.TEMPLATE_ID -> {
                RenameCollectionDecoder rename = new RenameCollectionDecoder().wrapAndApplyHeader(buffer, at, header);
                yield new Change(position, Change.Kind.RENAMED, rename.collectionId(), rename.name(), List.of());
            }
            default -> throw new IllegalArgumentException("a change of template " + header.templateId());
        };
    }

    private static Change upsert(DirectBuffer buffer, int at, MessageHeaderDecoder header, Position position) {
        UpsertDecoder upsert = new UpsertDecoder().wrapAndApplyHeader(buffer, at, header);
        int dimension = upsert.dimension();
        UpsertDecoder.PointsDecoder each = upsert.points();
        int count = each.count();
        long[] most = new long[count];
        long[] least = new long[count];
        int[] payloadLengths = new int[count];
        for (int i = 0; i < count; i++) {
            each.next();
            most[i] = each.id().most();
            least[i] = each.id().least();
            payloadLengths[i] = each.payloadLength();
        }
        int vectors = upsert.limit() + UpsertDecoder.vectorsHeaderLength();
        int payloads = vectors + upsert.vectorsLength() + UpsertDecoder.payloadsHeaderLength();
        List<StoredPoint> points = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] vector = new float[dimension];
            for (int j = 0; j < dimension; j++) {
                vector[j] = buffer.getFloat(vectors + (i * dimension + j) * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
            }
            byte[] payload = null;
            if (payloadLengths[i] > 0) {
                payload = new byte[payloadLengths[i]];
                buffer.getBytes(payloads, payload);
                payloads += payloadLengths[i];
            }
            points.add(new StoredPoint(most[i], least[i], position.index(), vector, payload));
        }
        return new Change(position, Change.Kind.UPSERTED, upsert.collectionId(), "", points);
    }
}
