package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ChangesReplyEncoder;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CountReplyEncoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import io.grape.codecs.sbe.SearchBatchReplyEncoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.ExpandableArrayBuffer;

/** Encodes what one group of several answers, and reads which group a request names. */
final class GroupFrames {
    /** What a scripted cluster of two data groups tells. */
    static final ShardTable TWO = FirstTable.of(16, 2, List.of(1, 2, 3));

    private GroupFrames() {}

    /** What one query of several found. */
    record Found(long scanned, boolean exact, int ef, long[] ids, float[] scores) {}

    /** Returns the first ids of a collection whose shards a group of two owns. */
    static long[] idsOf(int collectionId, int group, int count) {
        return LongStream.range(1, 10_000)
                .filter(id -> TWO.groupOf(TWO.shardOf(collectionId, 0, id)) == group)
                .limit(count)
                .toArray();
    }

    static int groupOf(Request request) {
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        return switch (request.templateId()) {
            case UpsertDecoder.TEMPLATE_ID ->
                new UpsertDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            case DeleteDecoder.TEMPLATE_ID ->
                new DeleteDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            case GetDecoder.TEMPLATE_ID ->
                new GetDecoder().wrapAndApplyHeader(request.buffer(), 0, header).groupId();
            case SearchDecoder.TEMPLATE_ID ->
                new SearchDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            case CountDecoder.TEMPLATE_ID ->
                new CountDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            case ScrollDecoder.TEMPLATE_ID ->
                new ScrollDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            case SearchBatchDecoder.TEMPLATE_ID ->
                new SearchBatchDecoder()
                        .wrapAndApplyHeader(request.buffer(), 0, header)
                        .groupId();
            default -> throw new IllegalArgumentException("template " + request.templateId());
        };
    }

    private static byte[] cut(ExpandableArrayBuffer buffer, int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return frame;
    }

    static byte[] write(Request request, int group, long index, int changed, boolean duplicate) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        WriteReplyEncoder reply = new WriteReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(group)
                .index(index)
                .changed(changed)
                .duplicate(duplicate ? BooleanType.TRUE : BooleanType.FALSE);
        return cut(buffer, reply.limit());
    }

    static byte[] count(Request request, int group, long index, long points) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        CountReplyEncoder reply = new CountReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(group)
                .index(index)
                .points(points);
        return cut(buffer, reply.limit());
    }

    /** A page of points that are named by ids and carry neither vector nor payload; each version is ten times the id. */
    static byte[] page(Request request, int group, long moment, boolean more, long... ids) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        GetReplyEncoder reply = new GetReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(group)
                .index(50 + group)
                .dimension(0)
                .moment(moment)
                .more(more ? 1 : 0);
        GetReplyEncoder.PointsEncoder points = reply.pointsCount(ids.length);
        for (long id : ids) {
            points.next().version(id * 10).payloadLength(0).id().most(0).least(id);
        }
        reply.putVectors(new byte[0], 0, 0).putPayloads(new byte[0], 0, 0);
        return cut(buffer, reply.limit());
    }

    static byte[] search(Request request, int group, ShardCover cover, Found found) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        SearchReplyEncoder reply = new SearchReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(group)
                .index(40 + group)
                .tableEpoch(1)
                .shardCount(cover.count())
                .shardsHash(cover.hash())
                .exact(found.exact() ? BooleanType.TRUE : BooleanType.FALSE)
                .ef(found.ef())
                .scanned(found.scanned());
        SearchReplyEncoder.HitsEncoder hits = reply.hitsCount(found.ids().length);
        for (int i = 0; i < found.ids().length; i++) {
            hits.next()
                    .score(found.scores()[i])
                    .version(found.ids()[i] * 10)
                    .id()
                    .most(0)
                    .least(found.ids()[i]);
        }
        return cut(buffer, reply.limit());
    }

    static byte[] searchBatch(Request request, int group, Found... all) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        SearchBatchReplyEncoder reply = new SearchBatchReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(group)
                .index(60 + group);
        SearchBatchReplyEncoder.QueriesEncoder queries = reply.queriesCount(all.length);
        int count = 0;
        for (Found each : all) {
            queries.next()
                    .hitCount(each.ids().length)
                    .scanned(each.scanned())
                    .exact(each.exact() ? 1 : 0)
                    .ef(each.ef());
            count += each.ids().length;
        }
        SearchBatchReplyEncoder.HitsEncoder hits = reply.hitsCount(count);
        for (Found each : all) {
            for (int i = 0; i < each.ids().length; i++) {
                hits.next()
                        .score(each.scores()[i])
                        .version(each.ids()[i] * 10)
                        .id()
                        .most(0)
                        .least(each.ids()[i]);
            }
        }
        return cut(buffer, reply.limit());
    }

    /** Entries of a log: the frames are at the indices from {@code first} on, each two after the one before. */
    static byte[] changes(Request request, long applied, long next, long first, List<byte[]> frames) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        ChangesReplyEncoder reply = new ChangesReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(1)
                .index(applied)
                .nextIndex(next);
        ChangesReplyEncoder.ChangesEncoder entries = reply.changesCount(frames.size());
        ExpandableArrayBuffer all = new ExpandableArrayBuffer();
        int bytes = 0;
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            entries.next().index(first + 2L * i).length(frame.length);
            all.putBytes(bytes, frame);
            bytes += frame.length;
        }
        reply.putFrames(all, 0, bytes);
        return cut(buffer, reply.limit());
    }
}
