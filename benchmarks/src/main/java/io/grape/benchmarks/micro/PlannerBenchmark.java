package io.grape.benchmarks.micro;

import io.grape.shards.planner.Plan;
import io.grape.shards.planner.PlanRequest;
import io.grape.shards.planner.Planner;
import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Placement;
import io.grape.shards.table.TableFill;
import io.grape.shards.table.Topology;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A node joins: the plan, and the first filling of a table. Bar: a plan under 5 ms at 1024 shards and 100 nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlannerBenchmark {
    private static final int REPLICATION_FACTOR = 3;

    @Param({"3", "100"})
    public int nodes;

    @Param({"1024"})
    public int shards;

    private Topology topology;
    private PlanRequest join;

    @Setup
    public void place() {
        topology = topology(nodes);
        Placement placed = TableFill.fill(topology, shards, REPLICATION_FACTOR);
        join = PlanRequest.of(topology(nodes + 1), placed);
    }

    @Benchmark
    public Plan planAJoin() {
        return Planner.plan(join);
    }

    @Benchmark
    public Placement fillATable() {
        return TableFill.fill(topology, shards, REPLICATION_FACTOR);
    }

    @Benchmark
    public Topology buildTheRing() {
        return topology(nodes);
    }

    private static Topology topology(int nodes) {
        return Topology.of(IntStream.range(0, nodes).mapToObj(NodeSpec::of).toList());
    }
}
