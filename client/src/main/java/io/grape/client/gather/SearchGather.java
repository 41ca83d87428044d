package io.grape.client.gather;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardTable;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Merges the nearest points of all groups into the nearest of all, if the groups answered for every shard exactly once by
 * the table that the search pinned.
 */
public final class SearchGather extends Gather {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SearchReplyDecoder reply = new SearchReplyDecoder();
    private final ShardTable table;
    private final boolean isSmallerNearer;
    private final long[] idsMost;
    private final long[] idsLeast;
    private final float[] scores;
    private final long[] versions;
    private int count;
    private int groupId;
    private long index;
    private long scanned;
    private boolean exact = true;
    private int ef;

    /**
     * @param table           by which the parts were asked
     * @param parts           number of groups that own shards in it
     * @param k               hits that are wanted
     * @param isSmallerNearer whether a smaller score is a nearer point
     */
    public SearchGather(ReplyHandler target, ShardTable table, int parts, int k, boolean isSmallerNearer) {
        super(target, parts);
        this.table = table;
        this.isSmallerNearer = isSmallerNearer;
        this.idsMost = new long[k];
        this.idsLeast = new long[k];
        this.scores = new float[k];
        this.versions = new long[k];
    }

    @Override
    boolean take(int part, int templateId, DirectBuffer buffer, int offset, int length) {
        if (templateId != SearchReplyDecoder.TEMPLATE_ID) {
            return false;
        }
        reply.wrapAndApplyHeader(buffer, offset, header);
        groupId = reply.groupId();
        index = reply.index();
        scanned += reply.scanned();
        // What an older node says nothing of is exact.
        exact &= reply.exact() != BooleanType.FALSE;
        ef = Math.max(ef, reply.ef());
        ShardCover said = new ShardCover(reply.shardCount(), reply.shardsHash());
        if (!said.equals(ShardCover.of(table, groupId))) {
            note(
                    ErrorCode.NOT_OWNER,
                    "Group " + groupId + " answered for other shards than the table of epoch " + table.epoch()
                            + " gives it, so the groups' answers do not add up to all points once; search again.");
            return true;
        }
        for (SearchReplyDecoder.HitsDecoder hit : reply.hits()) {
            add(hit.id().most(), hit.id().least(), hit.score(), hit.version());
        }
        target.onPart(groupId, index);
        return true;
    }

    private void add(long most, long least, float score, long version) {
        int at = count;
        while (at > 0 && isNearer(score, scores[at - 1])) {
            at--;
        }
        if (at == scores.length) {
            return;
        }
        int moved = Math.min(count, scores.length - 1) - at;
        System.arraycopy(idsMost, at, idsMost, at + 1, moved);
        System.arraycopy(idsLeast, at, idsLeast, at + 1, moved);
        System.arraycopy(scores, at, scores, at + 1, moved);
        System.arraycopy(versions, at, versions, at + 1, moved);
        idsMost[at] = most;
        idsLeast[at] = least;
        scores[at] = score;
        versions[at] = version;
        count = Math.min(scores.length, count + 1);
    }

    private boolean isNearer(float score, float than) {
        return isSmallerNearer ? score < than : score > than;
    }

    @Override
    void finish() {
        ExpandableArrayBuffer frame = new ExpandableArrayBuffer(MessageHeaderEncoder.ENCODED_LENGTH
                + SearchReplyEncoder.BLOCK_LENGTH
                + 4
                + count * SearchReplyEncoder.HitsEncoder.sbeBlockLength());
        SearchReplyEncoder merged = new SearchReplyEncoder()
                .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                .groupId(groupId)
                .index(index)
                .tableEpoch(table.epoch())
                .shardCount(table.shardCount())
                .shardsHash(0)
                .exact(exact ? BooleanType.TRUE : BooleanType.FALSE)
                .ef(ef)
                .scanned(scanned);
        SearchReplyEncoder.HitsEncoder hits = merged.hitsCount(count);
        for (int i = 0; i < count; i++) {
            hits.next()
                    .score(scores[i])
                    .version(versions[i])
                    .id()
                    .most(idsMost[i])
                    .least(idsLeast[i]);
        }
        int length = MessageHeaderEncoder.ENCODED_LENGTH + merged.encodedLength();
        target.onReply(SearchReplyDecoder.TEMPLATE_ID, frame, 0, length);
    }
}
