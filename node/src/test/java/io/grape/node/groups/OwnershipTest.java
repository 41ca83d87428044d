package io.grape.node.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.request.Requests;
import io.grape.node.state.CatalogEntry;
import io.grape.node.state.CollectionShape;
import io.grape.node.state.GroupCommands;
import io.grape.node.state.NoStore;
import io.grape.node.state.Replies;
import io.grape.node.state.StateMachine;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** Who may write what, by the log of the group alone. */
class OwnershipTest {
    private static final ShardTable TABLE = FirstTable.of(64, 3, List.of(1, 2, 3));

    private final List<String> replies = new ArrayList<>();
    private ErrorCode verdict = ErrorCode.OK;

    private final Replies recorder = new Replies() {
        @Override
        public void written(long sessionId, long correlationId, long index, int changed, boolean duplicate) {
            replies.add(correlationId + ": " + changed);
        }

        @Override
        public void refused(long sessionId, long correlationId, ErrorCode code) {
            replies.add(correlationId + ": " + code);
        }
    };

    /** Judges as the test says. */
    private final GroupCommands commands = new GroupCommands() {
        @Override
        public boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length) {
            return false;
        }

        @Override
        public ErrorCode judge(int collectionId, long idMost, long idLeast) {
            return verdict;
        }

        @Override
        public byte[] save() {
            return new byte[0];
        }

        @Override
        public void load(byte[] state) {}

        @Override
        public long hash() {
            return 0;
        }
    };

    private final StateMachine machine = new StateMachine(NoStore::create, recorder, 10, 10, commands);
    private long index;

    private void apply(Requests request) {
        machine.apply(++index, EntryType.COMMAND.value(), request.buffer(), 0, request.length());
    }

    private void haveCollection() {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = new CatalogEntry(
                        7, 2, List.of(new CollectionShape(1, "points", 1, io.grape.codecs.sbe.Metric.DOT)))
                .encode(buffer);
        machine.apply(++index, EntryType.COMMAND.value(), buffer, 0, length);
    }

    @Test
    void thatAGroupDoesNotOwnAPointIsRememberedSoThatALateCopyIsNeverApplied() {
        haveCollection();
        verdict = ErrorCode.NOT_OWNER;
        Requests write = new Requests().delete(9, 1, 1, 4);
        apply(write);
        verdict = ErrorCode.OK;
        apply(new Requests().delete(9, 1, 1, 4));
        assertThat(replies).containsExactly("1: NOT_OWNER", "1: NOT_OWNER");
    }

    @Test
    void thatAShardIsSealedIsNotRememberedSoThatTheSameWriteGoesThroughLater() {
        haveCollection();
        verdict = ErrorCode.MIGRATING;
        apply(new Requests().delete(9, 1, 1, 4));
        verdict = ErrorCode.NOT_OWNER;
        apply(new Requests().delete(9, 1, 1, 4));
        assertThat(replies).containsExactly("1: MIGRATING", "1: NOT_OWNER");
    }

    @Test
    void eachShardIsOwnedByTheGroupThatTheFirstTableNames() {
        ShardCover all = ShardCover.NONE;
        for (int groupId = 1; groupId <= 3; groupId++) {
            OwnedShards owned = new OwnedShards(groupId, TABLE);
            assertThat(owned.cover()).isEqualTo(ShardCover.of(TABLE, groupId));
            for (long id = 0; id < 1000; id++) {
                boolean isOwner = TABLE.groupOf(TABLE.shardOf(5, 0, id)) == groupId;
                assertThat(owned.judge(5, 0, id)).isEqualTo(isOwner ? ErrorCode.OK : ErrorCode.NOT_OWNER);
            }
            all = new ShardCover(
                    all.count() + owned.cover().count(),
                    all.hash() + owned.cover().hash());
        }
        ShardCover whole = ShardCover.NONE;
        for (int shard = 0; shard < TABLE.shardCount(); shard++) {
            whole = whole.with(shard);
        }
        assertThat(all).isEqualTo(whole);
    }

    @Test
    void whatAGroupOwnsSurvivesASnapshot() {
        OwnedShards second = new OwnedShards(2, TABLE);
        OwnedShards loaded = new OwnedShards(1, TABLE);
        assertThat(loaded.hash()).isNotEqualTo(second.hash());
        loaded.load(second.save());
        assertThat(loaded.hash()).isEqualTo(second.hash());
        assertThat(loaded.cover()).isEqualTo(second.cover());
        assertThat(loaded.save()).isEqualTo(second.save());
        OwnedShards other = new OwnedShards(1, FirstTable.of(32, 3, List.of(1)));
        assertThatThrownBy(() -> other.load(second.save())).hasMessageContaining("64 shards");
    }

    @Test
    void theTableSurvivesASnapshotOfGroup0AndReachesTheRouter() {
        ClusterState moved = new ClusterState(new ShardRouter(TABLE));
        moved.install(TABLE.withOwner(0, 3));
        ShardRouter router = new ShardRouter(TABLE);
        ClusterState loaded = new ClusterState(router);
        loaded.load(moved.save());
        assertThat(router.table()).isEqualTo(TABLE.withOwner(0, 3));
        assertThat(loaded.hash()).isEqualTo(moved.hash());
        assertThat(loaded.save()).isEqualTo(moved.save());
    }

    @Test
    void aNodeThatJoinsIsNamedInEveryGroupAndOneThatLeavesInNone() {
        ShardRouter router = new ShardRouter(TABLE);
        ClusterState cluster = new ClusterState(router);
        assertThat(cluster.changeNode(4, "host:4")).isEqualTo(ErrorCode.OK);
        assertThat(cluster.registry().isAdded(4)).isTrue();
        assertThat(router.table().epoch()).isEqualTo(TABLE.epoch() + 1);
        assertThat(router.table().groups())
                .allSatisfy(group -> assertThat(group.members()).containsExactly(1, 2, 3, 4));
        assertThat(cluster.changeNode(4, "host:4")).as("again").isEqualTo(ErrorCode.OK);
        assertThat(router.table().epoch()).isEqualTo(TABLE.epoch() + 1);
        assertThat(cluster.changeNode(4, "elsewhere:4")).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(cluster.changeNode(1, "")).isEqualTo(ErrorCode.OK);
        assertThat(cluster.registry().isRemoved(1)).isTrue();
        assertThat(router.table().groups())
                .allSatisfy(group -> assertThat(group.members()).containsExactly(2, 3, 4));
        ClusterState loaded = new ClusterState(new ShardRouter(TABLE));
        loaded.load(cluster.save());
        assertThat(loaded.registry()).isEqualTo(cluster.registry());
        assertThat(loaded.hash()).isEqualTo(cluster.hash());
        assertThat(loaded.changeNode(1, "back:1")).isEqualTo(ErrorCode.OK);
        assertThat(loaded.registry().isRemoved(1)).isFalse();
    }
}
