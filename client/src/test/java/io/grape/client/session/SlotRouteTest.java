package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.GetEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.StatusEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The group of a request is read out of its points, by the table that is newest when it is sent again. */
class SlotRouteTest {
    private static final int COLLECTION = 7;
    private static final ShardTable TABLE = FirstTable.of(16, 3, List.of(1));

    private final SlotRoute route = new SlotRoute();
    private final RequestSlot slot = new RequestSlot(0);

    private static long idOf(int group) {
        return LongStream.range(1, 10_000)
                .filter(id -> TABLE.groupOf(TABLE.shardOf(COLLECTION, 0, id)) == group)
                .findFirst()
                .orElseThrow();
    }

    private int upsert(long... ids) {
        UpsertEncoder.PointsEncoder points = new UpsertEncoder()
                .wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder())
                .collectionId(COLLECTION)
                .pointsCount(ids.length);
        for (long id : ids) {
            points.next().id().most(0).least(id);
        }
        return route.groupOf(slot, TABLE);
    }

    private int delete(long... ids) {
        DeleteEncoder.PointsEncoder points = new DeleteEncoder()
                .wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder())
                .collectionId(COLLECTION)
                .pointsCount(ids.length);
        for (long id : ids) {
            points.next().id().most(0).least(id);
        }
        return route.groupOf(slot, TABLE);
    }

    private int get(long... ids) {
        GetEncoder.PointsEncoder points = new GetEncoder()
                .wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder())
                .collectionId(COLLECTION)
                .pointsCount(ids.length);
        for (long id : ids) {
            points.next().id().most(0).least(id);
        }
        return route.groupOf(slot, TABLE);
    }

    @Test
    void pointsOfOneGroupGoToTheGroupThatOwnsThemNow() {
        slot.groupId = 1;
        for (int group = 1; group <= 3; group++) {
            long id = idOf(group);
            assertThat(upsert(id, id)).isEqualTo(group);
            assertThat(delete(id, id)).isEqualTo(group);
            assertThat(get(id, id)).isEqualTo(group);
        }
    }

    @Test
    void pointsOfTwoGroupsCannotBeSentAsOneRequest() {
        slot.groupId = 2;
        assertThat(upsert(idOf(2), idOf(2), idOf(3))).isEqualTo(SlotRoute.SEVERAL);
        assertThat(delete(idOf(1), idOf(2))).isEqualTo(SlotRoute.SEVERAL);
        assertThat(get(idOf(3), idOf(1))).isEqualTo(SlotRoute.SEVERAL);
    }

    @Test
    void theCollectionIsPartOfWhatDecidesTheShard() {
        long id = LongStream.range(1, 10_000)
                .filter(each -> TABLE.groupOf(TABLE.shardOf(COLLECTION, 0, each)) == 1
                        && TABLE.groupOf(TABLE.shardOf(COLLECTION + 1, 0, each)) == 2)
                .findFirst()
                .orElseThrow();
        assertThat(upsert(id)).isEqualTo(1);
    }

    @Test
    void aRequestWithoutPointsStaysWithItsGroup() {
        slot.groupId = 2;
        new StatusEncoder().wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder());
        assertThat(route.groupOf(slot, TABLE)).isEqualTo(2);
        assertThat(upsert()).isEqualTo(2);
        assertThat(delete()).isEqualTo(2);
        assertThat(get()).isEqualTo(2);
    }
}
