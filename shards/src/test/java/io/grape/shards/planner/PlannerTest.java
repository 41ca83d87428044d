package io.grape.shards.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.shards.planner.RebalanceTrigger.Decision;
import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Placement;
import io.grape.shards.table.TableFill;
import io.grape.shards.table.Topology;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final PlannerLimits LIMITS = PlannerLimits.DEFAULT;

    @Test
    void oneNodeGrowsToThreeByAddedReplicasAlone() {
        Placement single = TableFill.fill(topology(1), 64, 3);
        Plan plan = Planner.plan(PlanRequest.of(topology(3), single));
        assertThat(plan.moves())
                .hasSize(128)
                .allMatch(move -> move.from() == Placement.VACANT && move.reason() == MoveReason.REPAIR);
        assertThat(plan.leaders().after()).isLessThan(0.04);
    }

    @Test
    void threeNodesShrinkToOneWithoutAMove() {
        Plan plan = Planner.plan(PlanRequest.of(topology(1), TableFill.fill(topology(3), 64, 3)));
        assertThat(plan.moves()).isEmpty();
        assertThat(IntStream.range(0, 64)).allMatch(unit -> plan.after().leader(unit) == 0);
    }

    @Test
    void whatStoodOnANodeThatIsGoneIsRepairedFirst() {
        Topology without = Topology.of(List.of(NodeSpec.of(0), NodeSpec.of(1), NodeSpec.of(2), NodeSpec.of(4)));
        Plan plan = Planner.plan(PlanRequest.of(without, TableFill.fill(topology(5), 100, 3)));
        assertThat(plan.moves().getFirst().reason()).isSameAs(MoveReason.REPAIR);
        assertThat(plan.moves()).filteredOn(move -> move.from() == 3).hasSize(60);
    }

    @Test
    void replicasCrowdedIntoAZoneLeaveIt() {
        Placement crowded = TableFill.fill(topology(6), 60, 3);
        Topology zoned = Topology.of(IntStream.range(0, 6)
                .mapToObj(node -> new NodeSpec(node, 1, "zone-" + node / 2))
                .toList());
        Plan plan = Planner.plan(PlanRequest.of(zoned, crowded));
        assertThat(plan.moves()).isNotEmpty().allMatch(move -> move.reason() == MoveReason.ZONE);
        assertThat(plan.replicas().after()).isZero();
    }

    @Test
    void aPlanExplainsItself() {
        double[] loads = new double[100];
        long[] bytes = new long[100];
        Arrays.fill(loads, 1);
        Arrays.fill(bytes, 1_000_000);
        UnitStats stats = new UnitStats(loads, bytes);
        Plan plan = Planner.plan(new PlanRequest(topology(5), TableFill.fill(topology(4), 100, 3), stats, LIMITS));
        assertThat(plan.bytes()).isEqualTo(60_000_000);
        assertThat(plan.firstMoves()).hasSize(5);
        assertThat(plan.explain())
                .contains("replicas  100.00 % ->   0.00 %")
                .contains("moves: 60 of 60,000,000 bytes, 5 units at a time")
                .contains("COUNT     60 moves, 60,000,000 bytes")
                .doesNotContain("Read replicas");
    }

    @Test
    void loadIsExchangedUnderUnchangedCounts() {
        Placement placed = TableFill.fill(topology(5), 100, 3);
        double[] loads = new double[100];
        Arrays.fill(loads, 1);
        for (int unit = 0; unit < 100; unit++) {
            loads[unit] = placed.holds(unit, 2) ? 2 : 1;
        }
        Plan plan = Planner.plan(new PlanRequest(topology(5), placed, new UnitStats(loads, new long[100]), LIMITS));
        assertThat(plan.load().before()).isGreaterThan(0.10);
        assertThat(plan.load().after()).isLessThanOrEqualTo(0.05);
        assertThat(plan.moves()).isNotEmpty().allMatch(move -> move.reason() == MoveReason.LOAD);
        assertThat(plan.replicas().after()).isEqualTo(plan.replicas().before());
    }

    @Test
    void aLoadThatNoPlacementCanShareMovesNothingAndSaysWhatWouldHelp() {
        double[] loads = new double[100];
        loads[7] = 1;
        UnitStats stats = new UnitStats(loads, new long[100]);
        Plan plan = Planner.plan(new PlanRequest(topology(10), TableFill.fill(topology(10), 100, 3), stats, LIMITS));
        assertThat(plan.moves()).isEmpty();
        assertThat(plan.isBeyondPlacement()).isTrue();
        assertThat(plan.loadBound()).isEqualTo(10.0 / 3 - 1);
        assertThat(plan.explain()).contains("Read replicas of the hottest units, or a split, can");
    }

    @Test
    void balancingBeginsHighEndsLowRestsAndWaits() {
        assertThat(decide(0.09, false, 0, Long.MAX_VALUE)).isSameAs(Decision.REST);
        assertThat(decide(0.11, false, 0, Long.MAX_VALUE)).isSameAs(Decision.RUN);
        assertThat(decide(0.07, true, 0, 0)).isSameAs(Decision.RUN);
        assertThat(decide(0.04, true, 0, 0)).isSameAs(Decision.FINISH);
        assertThat(decide(0.11, false, 0, LIMITS.coolDownNs() - 1)).isSameAs(Decision.COOL_DOWN);
        assertThat(decide(0.11, false, 1, Long.MAX_VALUE)).isSameAs(Decision.WAIT_FOR_REPLICAS);
        assertThat(decide(0.07, true, 1, 0)).isSameAs(Decision.WAIT_FOR_REPLICAS);
    }

    @Test
    void limitsAndStatsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new PlannerLimits(0.05, 0.1, 0.05, 0)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new PlannerLimits(0.1, 0, 0.05, 0)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new PlannerLimits(0.1, 0.05, 1.1, 0)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new PlannerLimits(0.1, 0.05, 0.05, -1)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new UnitStats(new double[] {-1}, new long[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UnitStats(new double[2], new long[1]))
                .isInstanceOf(IllegalArgumentException.class);
        Placement placed = TableFill.fill(topology(3), 4, 3);
        assertThatThrownBy(() -> new PlanRequest(topology(3), placed, UnitStats.unknown(5), LIMITS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(LIMITS.maxMoving(4)).isEqualTo(1);
    }

    private static Decision decide(double deviation, boolean running, int underReplicated, long sinceNs) {
        return RebalanceTrigger.decide(deviation, running, underReplicated, sinceNs, LIMITS);
    }

    private static Topology topology(int nodes) {
        return Topology.of(IntStream.range(0, nodes).mapToObj(NodeSpec::of).toList());
    }
}
