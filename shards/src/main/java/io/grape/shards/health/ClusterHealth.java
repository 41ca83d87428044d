package io.grape.shards.health;

/** How well the cluster is; of all its shards, the worst counts. */
public enum ClusterHealth {
    /** Everything is there; moves may be going on. */
    GREEN,
    /** Everything answers; something lacks a replica. */
    YELLOW,
    /** Something does not answer, or data is damaged. */
    RED;

    /** Returns the health of a cluster with these shards; one without shards is green. */
    public static ClusterHealth of(Iterable<ShardHealth> shards) {
        ClusterHealth worst = GREEN;
        for (ShardHealth shard : shards) {
            ClusterHealth health = shard.ofCluster();
            worst = health.compareTo(worst) > 0 ? health : worst;
        }
        return worst;
    }
}
