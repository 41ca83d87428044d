package io.grape.shards.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One step at a time by example, and whole moves against a group that changes under them. */
class ReplicaMoverTest {
    private static final ReplicaMove MOVE = new ReplicaMove(5, 1, 4);

    @Test
    void theNewReplicaLearnsBeforeItVotes() {
        assertThat(next(members(List.of(1, 2, 3), List.of(), 2, List.of())))
                .isEqualTo(new ReplicaStep.Change(10, List.of(1, 2, 3), List.of(4)));
        assertThat(next(members(List.of(1, 2, 3), List.of(4), 2, List.of()))).isInstanceOf(ReplicaStep.Wait.class);
        assertThat(next(members(List.of(1, 2, 3), List.of(4), 2, List.of(4))))
                .isEqualTo(new ReplicaStep.Change(10, List.of(2, 3, 4), List.of()));
    }

    @Test
    void aLeaderHandsOverBeforeItsReplicaLeaves() {
        assertThat(next(members(List.of(1, 2, 3), List.of(4), 1, List.of(4))))
                .isEqualTo(new ReplicaStep.Transfer(10, 2));
    }

    @Test
    void aSingleVoterTakesItsSuccessorInBesideIt() {
        assertThat(next(members(List.of(1), List.of(4), 1, List.of(4))))
                .isEqualTo(new ReplicaStep.Change(10, List.of(1, 4), List.of()));
        assertThat(next(members(List.of(1, 4), List.of(), 1, List.of()))).isEqualTo(new ReplicaStep.Transfer(10, 4));
        assertThat(next(members(List.of(1, 4), List.of(), 4, List.of())))
                .isEqualTo(new ReplicaStep.Change(10, List.of(4), List.of()));
    }

    @Test
    void filesAreDeletedOnlyOnceTheNodeIsNoMember() {
        GroupMembers left = new GroupMembers(10, false, List.of(2, 3, 4), List.of(), 2, List.of(), List.of(1, 2, 3, 4));
        assertThat(next(left)).isEqualTo(new ReplicaStep.Release(1));
        assertThat(next(members(List.of(2, 3, 4), List.of(), 2, List.of()))).isEqualTo(new ReplicaStep.Done(true));
    }

    @Test
    void nothingIsAskedForWhileAChangeIsUnderWay() {
        GroupMembers changing = new GroupMembers(10, true, List.of(1, 2, 3), List.of(), 2, List.of(), List.of());
        assertThat(next(changing)).isInstanceOf(ReplicaStep.Wait.class);
    }

    @Test
    void aMoveThatIsGivenUpLeavesNoLearner() {
        assertThat(ReplicaMover.next(MOVE, members(List.of(1, 2, 3), List.of(4), 2, List.of(4)), true))
                .isEqualTo(new ReplicaStep.Change(10, List.of(1, 2, 3), List.of()));
        assertThat(ReplicaMover.next(MOVE, members(List.of(1, 2, 3), List.of(), 2, List.of()), true))
                .isEqualTo(new ReplicaStep.Done(false));
        assertThat(ReplicaMover.next(MOVE, members(List.of(2, 3, 4), List.of(), 2, List.of()), true))
                .as("too late to give up")
                .isEqualTo(new ReplicaStep.Done(true));
    }

    @Test
    void theLastVoterIsNotTakenAway() {
        ReplicaMove only = new ReplicaMove(5, 1, ReplicaMove.NOBODY);
        assertThat(ReplicaMover.next(only, members(List.of(1), List.of(), 1, List.of()), false))
                .isInstanceOf(ReplicaStep.Wait.class);
    }

    /** Two actors with old views, leaders that change by themselves, and disks that are bound in between. */
    @Test
    void whateverHappensTheGroupNeverHasFewerVotersAndTheMoveEnds() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            World world = new World(1 + random.nextInt(5));
            ReplicaMove move = new ReplicaMove(1, 0, 100);
            List<GroupMembers> seen = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                seen.add(world.view());
                GroupMembers view = seen.get(random.nextInt(4) == 0 ? random.nextInt(seen.size()) : seen.size() - 1);
                world.does(ReplicaMover.next(move, view, false));
                world.happens(random);
                assertThat(world.voters).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(world.atFirst);
            }
            for (int step = 0; step < 12; step++) {
                world.catchesUp = true;
                world.does(ReplicaMover.next(move, world.view(), false));
            }
            assertThat(ReplicaMover.next(move, world.view(), false)).isEqualTo(new ReplicaStep.Done(true));
            assertThat(world.voters).hasSize(world.atFirst).contains(100).doesNotContain(0);
        }
    }

    @Test
    void aDrainedNodeKeepsNothingAndNoGroupLosesAReplica() {
        List<NodeSpec> nodes = List.of(node(1), node(2), node(3), node(4));
        Placement placement = new Placement(3, new int[] {1, 2, 3, 2, 3, 4, 3, 4, 1});
        NodeDrain.Result drain = NodeDrain.plan(nodes, new int[] {0, 1, 2}, placement, new long[3], 3);
        assertThat(drain.isPossible()).isTrue();
        assertThat(drain.moves())
                .containsExactlyInAnyOrder(
                        new ReplicaMove(0, 3, 4), new ReplicaMove(1, 3, 1), new ReplicaMove(2, 3, 2));
    }

    @Test
    void aNodeThatNobodyCanReplaceIsNotDrained() {
        Placement placement = new Placement(3, new int[] {1, 2, 3});
        NodeDrain.Result drain =
                NodeDrain.plan(List.of(node(1), node(2), node(3)), new int[] {7}, placement, new long[1], 3);
        assertThat(drain.isPossible()).isFalse();
        assertThat(drain.groupsWithoutPlace()).containsExactly(7);
    }

    private static NodeSpec node(int id) {
        return new NodeSpec(id, 1, "z" + id);
    }

    private static ReplicaStep next(GroupMembers members) {
        return ReplicaMover.next(MOVE, members, false);
    }

    private static GroupMembers members(
            List<Integer> voters, List<Integer> learners, int leader, List<Integer> caughtUp) {
        return new GroupMembers(10, false, voters, learners, leader, caughtUp, voters);
    }

    /** A group that refuses what was asked for by another configuration, and that needs time for everything. */
    private static final class World {
        private final TreeSet<Integer> voters = new TreeSet<>();
        private final TreeSet<Integer> learners = new TreeSet<>();
        private final TreeSet<Integer> holders = new TreeSet<>();
        private final int atFirst;
        private long index = 1;
        private int leader;
        private boolean catchesUp;

        World(int size) {
            for (int node = 0; node < size; node++) {
                voters.add(node);
            }
            holders.addAll(voters);
            atFirst = size;
        }

        GroupMembers view() {
            List<Integer> caughtUp = catchesUp ? List.copyOf(learners) : List.of();
            return new GroupMembers(
                    index, false, List.copyOf(voters), List.copyOf(learners), leader, caughtUp, List.copyOf(holders));
        }

        void does(ReplicaStep step) {
            switch (step) {
                case ReplicaStep.Change change
                when change.expectedConfigurationIndex() == index -> {
                    assertThat(change.voters()).as("the leader stays").contains(leader);
                    voters.clear();
                    voters.addAll(change.voters());
                    learners.clear();
                    learners.addAll(change.learners());
                    holders.addAll(voters);
                    holders.addAll(learners);
                    index++;
                }
                case ReplicaStep.Transfer transfer
                when transfer.expectedConfigurationIndex() == index -> leader = transfer.to();
                case ReplicaStep.Release release
                when !voters.contains(release.node()) -> holders.remove(release.node());
                default -> {}
            }
        }

        void happens(SplittableRandom random) {
            catchesUp = random.nextInt(3) == 0;
            switch (random.nextInt(6)) {
                case 0 -> index++;
                case 1 -> {
                    List<Integer> all = List.copyOf(voters);
                    leader = all.get(random.nextInt(all.size()));
                    // An election begins with a new entry, and what was asked of the old leader is refused.
                    index++;
                }
                default -> {}
            }
        }
    }
}
