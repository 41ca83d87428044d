package io.grape.benchmarks.micro;

import io.grape.shards.ShardGroup;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** From a point id to the group that owns it. Bar: under 5 ns and nothing allocated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RouterBenchmark {
    private static final int GROUPS = 5;
    private static final int COLLECTION = 3;

    @Param({"1024", "16384"})
    public int shards;

    private ShardRouter router;
    private long id;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        List<ShardGroup> groups = new ArrayList<>();
        for (int groupId = 0; groupId < GROUPS; groupId++) {
            groups.add(new ShardGroup(groupId, groupId, List.of(groupId)));
        }
        short[] owners = new short[shards];
        long[] epochs = new long[shards];
        for (int shard = 0; shard < shards; shard++) {
            owners[shard] = (short) random.nextInt(GROUPS);
            epochs[shard] = 1;
        }
        router = new ShardRouter(new ShardTable(1, owners, epochs, groups));
    }

    /** The hash alone. */
    @Benchmark
    public long hash() {
        return ShardHash.hash(COLLECTION, 0, id++);
    }

    /** Independent lookups, as a client's batch makes them. */
    @Benchmark
    public int groupOf() {
        return router.groupOf(COLLECTION, 0, id++);
    }

    /** Each lookup waits for the one before: the latency of one. */
    @Benchmark
    public long groupOfDependent() {
        id += router.groupOf(COLLECTION, 0, id) + 1;
        return id;
    }

    /** What a write needs: the shard, its epoch, its group and the group's leader, from one table. */
    @Benchmark
    public long shardEpochGroupAndLeader() {
        ShardTable table = router.table();
        int shard = table.shardOf(COLLECTION, 0, id++);
        int groupId = table.groupOf(shard);
        return table.shardEpoch(shard) + table.leaderOf(groupId);
    }
}
