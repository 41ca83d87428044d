package io.grape.node.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.FormClusterEncoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.node.request.Requests;
import io.grape.node.state.Collection;
import io.grape.node.state.GroupCommands;
import io.grape.node.state.NoStore;
import io.grape.node.state.Replies;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.Statuses;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardRouter;
import io.grape.shards.table.FirstTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Group 0 and two data groups on one node, without logs: what is proposed is applied when the test says so. */
class CatalogSpreaderTest {
    private record Proposal(int groupId, UnsafeBuffer command) {}

    private final ShardRouter router = new ShardRouter(FirstTable.of(16, 2, List.of(0)));
    private final ClusterState cluster = new ClusterState(router);
    private final List<GroupStatus> statuses = List.of(new GroupStatus(), new GroupStatus(), new GroupStatus());
    private final List<StateMachine> machines = List.of(machine(0), machine(1), machine(2));
    private final long[] applied = new long[3];
    private final List<Proposal> proposals = new ArrayList<>();
    private final CatalogSpreader spreader = new CatalogSpreader(
            new HostedGroups(List.of(hosted(0), hosted(1), hosted(2)), router), cluster, this::propose);
    private long nowNs = 1;

    private StateMachine machine(int groupId) {
        GroupCommands commands = groupId == 0 ? cluster : new OwnedShards(groupId, router.table());
        return new StateMachine(NoStore::create, new Unheard(), 10, 10, commands);
    }

    private static final class Unheard implements Replies {
        @Override
        public void written(long sessionId, long correlationId, long index, int changed, boolean duplicate) {}

        @Override
        public void refused(long sessionId, long correlationId, ErrorCode code) {}
    }

    private HostedGroup hosted(int groupId) {
        return new HostedGroup(groupId, machines.get(groupId), () -> applied[groupId], statuses.get(groupId));
    }

    private boolean propose(int groupId, DirectBuffer command, int length) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, command, 0, length);
        return proposals.add(new Proposal(groupId, copy));
    }

    private void apply(int groupId, DirectBuffer command, int length) {
        machines.get(groupId).apply(++applied[groupId], EntryType.COMMAND.value(), command, 0, length);
    }

    private void create(String name, long sequence) {
        Requests request = new Requests().create(1, sequence, name, 2, Metric.DOT);
        apply(0, request.buffer(), request.length());
    }

    /** Runs the spreader and commits what it proposes. */
    private int spread() {
        proposals.clear();
        spreader.doWork(nowNs += TimeUnit.SECONDS.toNanos(3));
        proposals.forEach(proposal ->
                apply(proposal.groupId(), proposal.command(), proposal.command().capacity()));
        return proposals.size();
    }

    private List<String> names(int groupId) {
        return machines.get(groupId).catalog().all().stream()
                .map(Collection::name)
                .toList();
    }

    @Test
    void aCollectionReachesADataGroupWhenItHasALeaderAgain() {
        Statuses.lead(statuses.get(0), true, 1);
        Statuses.lead(statuses.get(1), true, 1);
        spread();
        create("points", 1);
        assertThat(spread()).as("group 2 has no leader here").isEqualTo(1);
        assertThat(names(1)).containsExactly("points");
        assertThat(names(2)).isEmpty();
        assertThat(spread()).as("nothing is left to tell").isZero();
        Statuses.lead(statuses.get(2), true, 5);
        assertThat(spread()).isEqualTo(1);
        assertThat(names(2)).containsExactly("points");
        assertThat(machines.get(2).catalog().byName("points").id())
                .isEqualTo(machines.get(0).catalog().byName("points").id());
    }

    @Test
    void aLateTellingOfAnOlderCatalogBringsNothingBack() {
        Statuses.lead(statuses.get(1), true, 1);
        create("points", 1);
        spread();
        UnsafeBuffer old = proposals.getFirst().command();
        Requests drop = new Requests().drop(1, 2, 1);
        apply(0, drop.buffer(), drop.length());
        spread();
        assertThat(names(1)).isEmpty();
        apply(1, old, old.capacity());
        assertThat(names(1)).isEmpty();
    }

    @Test
    void aProposalThatWasLostIsMadeAgainInTheNextTermOrLater() {
        Statuses.lead(statuses.get(1), true, 1);
        create("points", 1);
        spreader.doWork(nowNs);
        spreader.doWork(nowNs + 1);
        assertThat(proposals).hasSize(1);
        Statuses.lead(statuses.get(1), true, 3);
        spreader.doWork(nowNs + 2);
        assertThat(proposals).hasSize(2);
        spreader.doWork(nowNs + TimeUnit.SECONDS.toNanos(5));
        assertThat(proposals).hasSize(3);
    }

    @Test
    void theClusterIsFormedOnceByTheLeaderOfGroup0() {
        assertThat(spread()).isZero();
        Statuses.lead(statuses.get(0), true, 1);
        assertThat(spread()).isEqualTo(1);
        assertThat(cluster.isFormed()).isTrue();
        assertThat(spread()).isZero();
    }

    @Test
    void aNodeOfAnotherShapeStopsInsteadOfGoingOn() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        FormClusterEncoder form = new FormClusterEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .shardCount(16)
                .groupCount(3)
                .hashVersion(ShardHash.VERSION);
        int length = MessageHeaderDecoder.ENCODED_LENGTH + form.encodedLength();
        assertThatThrownBy(() -> apply(0, buffer, length))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("16 shards, 3 groups", "16, 2");
    }
}
