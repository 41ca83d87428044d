package io.grape.shards.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

public class TableFillProperty {
    @Property(tries = 150, seed = "2")
    void quotasHoldAndReplicasAreOnDistinctNodesAndZones(@ForAll long seed) {
        Random random = new Random(seed);
        Topology topology = topology(random);
        int units = 1 << random.nextInt(9);
        int replicationFactor = 1 + random.nextInt(5);
        Placement placement = TableFill.fill(topology, units, replicationFactor);
        assertWellFormed(topology, placement);
        int[] quotas = topology.quotas(units, replicationFactor, new int[topology.size()]);
        assertThat(held(topology, placement)).containsExactly(quotas);
    }

    @Property(tries = 50, seed = "3")
    void theOrderInWhichNodesAreNamedDoesNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        Topology topology = topology(random);
        List<NodeSpec> shuffled = new ArrayList<>(topology.nodes());
        Collections.shuffle(shuffled, random);
        assertThat(TableFill.fill(Topology.of(shuffled), 256, 3)).isEqualTo(TableFill.fill(topology, 256, 3));
    }

    @Test
    void leadersAreEvenToAUnit() {
        Topology topology =
                Topology.of(IntStream.range(0, 7).mapToObj(NodeSpec::of).toList());
        Placement placement = TableFill.fill(topology, 1024, 3);
        int[] led = new int[7];
        IntStream.range(0, 1024).forEach(unit -> led[placement.leader(unit)]++);
        assertThat(led).containsOnly(146, 147);
    }

    @Test
    void fewerNodesThanReplicasLeaveSlotsVacant() {
        Topology topology = Topology.of(List.of(NodeSpec.of(4), NodeSpec.of(9)));
        Placement placement = TableFill.fill(topology, 8, 3);
        for (int unit = 0; unit < 8; unit++) {
            assertThat(new int[] {placement.node(unit, 0), placement.node(unit, 1)})
                    .containsExactlyInAnyOrder(4, 9);
            assertThat(placement.node(unit, 2)).isEqualTo(Placement.VACANT);
        }
    }

    @Test
    void aZoneHoldsNoMoreThanItMust() {
        assertThat(zones(1, 1, 1).zoneLimit(3)).isEqualTo(1);
        assertThat(zones(5, 5).zoneLimit(3)).isEqualTo(2);
        assertThat(zones(1, 5).zoneLimit(4)).isEqualTo(3);
        assertThat(zones(9).zoneLimit(3)).isEqualTo(3);
    }

    @Test
    void aTopologyThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Topology.of(List.of())).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> Topology.of(List.of(NodeSpec.of(1), NodeSpec.of(1))))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> new NodeSpec(1, 0, "")).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> NodeSpec.of(-1)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new Placement(3, new int[4])).isInstanceOf(IllegalArgumentException.class);
    }

    /** Checks what must hold of any placement: full, distinct nodes, zones within their limit. */
    public static void assertWellFormed(Topology topology, Placement placement) {
        int replicas = topology.replicas(placement.replicationFactor());
        int limit = topology.zoneLimit(placement.replicationFactor());
        for (int unit = 0; unit < placement.units(); unit++) {
            List<Integer> nodes = new ArrayList<>();
            int[] inZone = new int[topology.zones()];
            for (int slot = 0; slot < placement.replicationFactor(); slot++) {
                if (placement.node(unit, slot) != Placement.VACANT) {
                    nodes.add(placement.node(unit, slot));
                    inZone[topology.zoneOf(topology.numberOf(placement.node(unit, slot)))]++;
                }
            }
            assertThat(nodes).as("unit %d", unit).hasSize(replicas).doesNotHaveDuplicates();
            assertThat(Arrays.stream(inZone).max().orElseThrow())
                    .as("unit %d", unit)
                    .isLessThanOrEqualTo(limit);
            assertThat(placement.leader(unit)).isNotEqualTo(Placement.VACANT);
        }
    }

    /** Returns how many replicas each node holds, by node number. */
    public static int[] held(Topology topology, Placement placement) {
        int[] held = new int[topology.size()];
        for (int node : placement.slots()) {
            if (node != Placement.VACANT) {
                held[topology.numberOf(node)]++;
            }
        }
        return held;
    }

    /** Returns nodes of any weights, ids and zones. */
    public static Topology topology(Random random) {
        int zones = random.nextInt(5);
        List<Integer> ids = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
        Collections.shuffle(ids, random);
        boolean equalWeights = random.nextBoolean();
        return Topology.of(ids.subList(0, 1 + random.nextInt(20)).stream()
                .map(id -> new NodeSpec(
                        id,
                        equalWeights ? 1 : 0.5 + random.nextInt(4) * 0.5,
                        zones == 0 ? "" : "zone-" + random.nextInt(zones)))
                .toList());
    }

    private static Topology zones(int... sizes) {
        List<NodeSpec> nodes = new ArrayList<>();
        for (int zone = 0; zone < sizes.length; zone++) {
            for (int i = 0; i < sizes[zone]; i++) {
                nodes.add(new NodeSpec(nodes.size(), 1, "zone-" + zone));
            }
        }
        return Topology.of(nodes);
    }
}
