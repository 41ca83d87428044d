package io.grape.simulation.node;

import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeLimits;
import io.grape.raft.core.RaftLimits;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.journal.JournalConfig;
import io.grape.raft.pipeline.PipelineConfig;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What all nodes of a simulated cluster have in common: everything small, so that limits are met and segments roll.
 *
 * @param nodes  in the cluster
 * @param voters of the first membership: the nodes with the lowest ids
 * @param groups data groups, beside group 0
 * @param defect built in
 */
public record NodeSettings(int nodes, int voters, int groups, Defect defect) {
    private static final int SHARDS = 64;

    /** Where a node's journal lies on its disk. */
    public static final Path JOURNAL = Path.of("journal");

    static final long MS = 1_000_000;
    static final RaftTiming TIMING = new RaftTiming(150 * MS, 30 * MS, 10 * MS, 4);
    static final RaftLimits RAFT = new RaftLimits(16, 2048, 8, 16 << 10, 32 << 10, 64);
    static final PipelineConfig PIPELINE = new PipelineConfig(5 * MS, 300 * MS, 64, 4 << 10);
    static final NodeLimits LIMITS = new NodeLimits(32 << 10, 64, 64, 1024, 16, 64, 4, 1 << 30);
    /** Short, so that clients that are cut off are forgotten within a run. */
    static final int CLIENT_EXPIRY_MS = 3_200;

    static final int RING_SLOTS = 256;
    static final int RING_BYTES = 256 << 10;
    static final int QUERY_BYTES = 32 << 10;
    static final int APPLY_BATCH = 32;

    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int BATCH_BYTES = 8 << 10;
    private static final int ENTRY_BYTES = 2 << 10;

    /** Returns the nodes' addresses as clients hear them. */
    List<MemberConfig> members() {
        return IntStream.range(0, nodes)
                .mapToObj(node -> new MemberConfig(node, endpoint(node)))
                .toList();
    }

    /** Returns the voters of the first membership. */
    List<Integer> firstVoters() {
        return IntStream.range(0, voters).boxed().toList();
    }

    /** Returns the table that the cluster is formed with. */
    ShardTable firstTable() {
        return FirstTable.of(SHARDS, groups, firstVoters());
    }

    /** Returns where a node is reached. */
    public static String endpoint(int node) {
        return "node" + node;
    }

    /** Returns the node that is reached there. */
    public static int nodeAt(String endpoint) {
        return Integer.parseInt(endpoint.substring("node".length()));
    }

    static JournalConfig journal(int nodeId, int salt) {
        return JournalConfig.defaults(JOURNAL, nodeId, 0)
                .withSizes(SEGMENT_BYTES, BATCH_BYTES, ENTRY_BYTES)
                .withMinFreeAndSalt(0, salt);
    }
}
