package io.grape.shards.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Placement;
import io.grape.shards.table.TableFill;
import io.grape.shards.table.TableFillProperty;
import io.grape.shards.table.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PlannerProperty {
    @Property(tries = 100, seed = "4")
    void anyPlacementBecomesWellFormedAndMeetsItsQuotas(@ForAll long seed) {
        Random random = new Random(seed);
        Topology before = TableFillProperty.topology(random);
        Topology after = TableFillProperty.topology(random);
        int units = 1 << random.nextInt(8);
        Placement placed = TableFill.fill(before, units, 1 + random.nextInt(4));
        Plan plan = Planner.plan(PlanRequest.of(after, placed));
        TableFillProperty.assertWellFormed(after, plan.after());
        assertMeetsQuotas(after, placed, plan);
    }

    @Property(tries = 60, seed = "5")
    void equalInputGivesAnEqualPlan(@ForAll long seed) {
        assertThat(arbitraryPlan(seed)).isEqualTo(arbitraryPlan(seed));
    }

    @Property(tries = 60, seed = "6")
    void aPlanIsCompleteAfterWhichThereIsNothingToDo(@ForAll long seed) {
        Random random = new Random(seed);
        Topology topology = TableFillProperty.topology(random);
        Placement placed = TableFill.fill(TableFillProperty.topology(random), 128, 3);
        Plan first = Planner.plan(PlanRequest.of(topology, placed));
        Plan second = Planner.plan(PlanRequest.of(topology, first.after()));
        assertThat(second.moves()).isEmpty();
        assertThat(second.transfers()).isEmpty();
    }

    @Property(tries = 60, seed = "7")
    void theMovesLeadFromThePlacementBeforeToTheOneAfter(@ForAll long seed) {
        Random random = new Random(seed);
        Topology topology = TableFillProperty.topology(random);
        Placement placed = TableFill.fill(TableFillProperty.topology(random), 64, 3);
        double[] loads = random.doubles(64).map(load -> load * load * load).toArray();
        Plan plan = Planner.plan(
                new PlanRequest(topology, placed, new UnitStats(loads, new long[64]), PlannerLimits.DEFAULT));
        List<List<Integer>> held = held(placed);
        for (Move move : plan.moves()) {
            assertThat(held.get(move.unit())).doesNotContain(move.to());
            if (move.from() != Placement.VACANT) {
                assertThat(held.get(move.unit()).remove((Integer) move.from())).isTrue();
            }
            held.get(move.unit()).add(move.to());
        }
        List<List<Integer>> expected = held(plan.after());
        for (int unit = 0; unit < 64; unit++) {
            // A replica that nothing needs any more is dropped without a move.
            assertThat(held.get(unit)).containsAll(expected.get(unit));
        }
    }

    @Property(tries = 60, seed = "8")
    void withoutZonesNothingMovesThatNeedNot(@ForAll long seed) {
        Random random = new Random(seed);
        int nodes = 4 + random.nextInt(20);
        List<NodeSpec> specs = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            specs.add(NodeSpec.of(node));
        }
        Placement placed = TableFill.fill(Topology.of(specs), 512, 3);
        if (random.nextBoolean()) {
            specs.remove(random.nextInt(specs.size()));
        } else {
            specs.add(NodeSpec.of(nodes));
        }
        Topology after = Topology.of(specs);
        Plan plan = Planner.plan(PlanRequest.of(after, placed));
        int least = Movement.least(after, placed);
        assertThat(plan.moves().size()).isBetween(least, (int) (least * 1.05));
    }

    private static Plan arbitraryPlan(long seed) {
        Random random = new Random(seed);
        Topology before = TableFillProperty.topology(random);
        Topology after = TableFillProperty.topology(random);
        Placement placed = TableFill.fill(before, 128, 3);
        double[] loads = random.doubles(128).toArray();
        return Planner.plan(new PlanRequest(after, placed, new UnitStats(loads, new long[128]), PlannerLimits.DEFAULT));
    }

    private static void assertMeetsQuotas(Topology after, Placement placed, Plan plan) {
        double[] shares = after.shares(placed.units(), placed.replicationFactor());
        int[] held = TableFillProperty.held(after, plan.after());
        for (int node = 0; node < held.length; node++) {
            assertThat((double) held[node]).as("node %d", node).isBetween(shares[node] - 2, shares[node] + 2);
        }
    }

    private static List<List<Integer>> held(Placement placement) {
        List<List<Integer>> held = new ArrayList<>();
        for (int unit = 0; unit < placement.units(); unit++) {
            List<Integer> nodes = new ArrayList<>();
            for (int slot = 0; slot < placement.replicationFactor(); slot++) {
                if (placement.node(unit, slot) != Placement.VACANT) {
                    nodes.add(placement.node(unit, slot));
                }
            }
            held.add(nodes);
        }
        return held;
    }
}
