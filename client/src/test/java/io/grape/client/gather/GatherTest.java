package io.grape.client.gather;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.HitCursor;
import io.grape.client.PointCursor;
import io.grape.client.ReplyFrames;
import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class GatherTest {
    private static final ShardTable TABLE = FirstTable.of(16, 2, List.of(1));

    private final List<String> heard = new ArrayList<>();
    private final ReplyHandler target = new ReplyHandler() {
        @Override
        public void onPart(int groupId, long index) {
            heard.add("part " + groupId + ":" + index);
        }

        @Override
        public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
            heard.add(
                    switch (templateId) {
                        case SearchReplyDecoder.TEMPLATE_ID -> hits(buffer, offset);
                        case GetReplyDecoder.TEMPLATE_ID -> points(buffer, offset);
                        default -> "written";
                    });
        }

        @Override
        public void onError(ErrorCode code, String text) {
            heard.add(code + " " + text);
        }
    };

    private static String hits(DirectBuffer buffer, int offset) {
        StringBuilder text = new StringBuilder("hits");
        HitCursor hits = new HitCursor().wrap(buffer, offset);
        while (hits.next()) {
            text.append(' ').append(hits.id()).append('@').append(hits.score());
        }
        return text.append(" of ").append(hits.scanned()).toString();
    }

    private static String points(DirectBuffer buffer, int offset) {
        StringBuilder text = new StringBuilder("points");
        PointCursor points = new PointCursor().wrap(buffer, offset);
        while (points.next()) {
            float[] vector = new float[points.dimension()];
            points.copyVector(vector);
            text.append(' ').append(points.id()).append(points.isPresent() ? "=" + vector[0] : " absent");
            text.append(points.payloadLength() > 0 ? "+" : "");
        }
        return text.toString();
    }

    private static byte[] found(int group, ShardCover cover, long[] ids, float[] scores) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        SearchReplyEncoder reply = new SearchReplyEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .groupId(group)
                .index(40 + group)
                .tableEpoch(1)
                .shardCount(cover.count())
                .shardsHash(cover.hash())
                .scanned(100);
        SearchReplyEncoder.HitsEncoder hits = reply.hitsCount(ids.length);
        for (int i = 0; i < ids.length; i++) {
            hits.next().score(scores[i]).version(1).id().most(0).least(ids[i]);
        }
        byte[] frame = new byte[reply.limit()];
        buffer.getBytes(0, frame);
        return frame;
    }

    private static void answer(Gather gather, int part, int templateId, byte[] frame) {
        gather.part(part).onReply(templateId, new UnsafeBuffer(frame), 0, frame.length);
    }

    @Test
    void theNearestOfAllGroupsAreTheNearestOfEach() {
        SearchGather gather = new SearchGather(target, TABLE, 2, 3, true);
        int template = SearchReplyDecoder.TEMPLATE_ID;
        answer(gather, 0, template, found(1, ShardCover.of(TABLE, 1), new long[] {1, 3, 5}, new float[] {1, 3, 5}));
        answer(gather, 1, template, found(2, ShardCover.of(TABLE, 2), new long[] {2, 4}, new float[] {2, 4}));
        assertThat(heard).containsExactly("part 1:41", "part 2:42", "hits 1@1.0 2@2.0 3@3.0 of 200");
    }

    @Test
    void aLargerScoreIsNearerWhereTheMetricSaysSo() {
        SearchGather gather = new SearchGather(target, TABLE, 2, 2, false);
        int template = SearchReplyDecoder.TEMPLATE_ID;
        answer(gather, 1, template, found(2, ShardCover.of(TABLE, 2), new long[] {2, 4}, new float[] {4, 2}));
        answer(gather, 0, template, found(1, ShardCover.of(TABLE, 1), new long[] {1}, new float[] {3}));
        assertThat(heard).last().isEqualTo("hits 2@4.0 1@3.0 of 200");
    }

    @Test
    void answersThatDoNotAddUpToEveryShardOnceAreRefused() {
        SearchGather gather = new SearchGather(target, TABLE, 2, 2, false);
        int template = SearchReplyDecoder.TEMPLATE_ID;
        ShardCover withoutOne = ShardCover.of(TABLE.withOwner(0, 2), 1);
        answer(gather, 0, template, found(1, withoutOne, new long[] {1}, new float[] {3}));
        answer(gather, 1, template, found(2, ShardCover.of(TABLE, 2), new long[] {2}, new float[] {4}));
        assertThat(heard).hasSize(2).last().asString().startsWith("NOT_OWNER Group 1 answered for other shards");
    }

    @Test
    void oneShardForAnotherIsNotTheSameCoverThoughTheNumberIs() {
        ShardTable exchanged = TABLE.withOwner(0, 2).withOwner(1, 1);
        ShardCover said = ShardCover.of(exchanged, 1);
        assertThat(said.count()).isEqualTo(ShardCover.of(TABLE, 1).count());
        assertThat(said).isNotEqualTo(ShardCover.of(TABLE, 1));
    }

    @Test
    void aBatchThatOneGroupRefusesSaysHowManyCommittedTheirs() {
        WriteGather gather = new WriteGather(target, 3);
        answer(gather, 0, WriteReplyDecoder.TEMPLATE_ID, ReplyFrames.write(1, 1, 7, 2, false));
        gather.part(1).onError(ErrorCode.VERSION_MISMATCH, "no.");
        assertThat(heard).containsExactly("part 0:7");
        answer(gather, 2, WriteReplyDecoder.TEMPLATE_ID, ReplyFrames.write(1, 1, 8, 2, false));
        assertThat(heard)
                .last()
                .isEqualTo("VERSION_MISMATCH no. 2 of the 3 groups that the batch was divided over have committed "
                        + "their part.");
    }

    @Test
    void pointsComeInTheOrderInWhichTheyWereAsked() {
        GetGather gather = new GetGather(target, new int[] {2, 1, 2, 1}, new int[] {1, 2});
        answer(gather, 1, GetReplyDecoder.TEMPLATE_ID, ReplyFrames.get(1, 1, new long[] {4, 3}, 2));
        answer(gather, 0, GetReplyDecoder.TEMPLATE_ID, ReplyFrames.get(1, 1, new long[] {2, 8}, 2));
        assertThat(heard).last().isEqualTo("points 4=4.0+ 2=2.0 3 absent 8=8.0+");
    }
}
