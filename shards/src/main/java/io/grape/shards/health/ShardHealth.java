package io.grape.shards.health;

/** How well a shard is, from best to worst; of several, the worst counts. */
public enum ShardHealth {
    /** Every replica is there and up to date. */
    OK,
    /** It has fewer replicas than it should, and a majority. */
    DEGRADED,
    /** It is being handed to another group and answers as before. */
    MIGRATING,
    /** A hand-off is about to commit: writes wait. */
    SEALED,
    /** No majority: it answers only local reads. */
    UNAVAILABLE,
    /** Replicas disagree, or a file is damaged. */
    CORRUPT;

    /** Returns the worse of two. */
    public ShardHealth worse(ShardHealth other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Returns what a shard in this state makes of the cluster. */
    public ClusterHealth ofCluster() {
        return switch (this) {
            case OK, MIGRATING, SEALED -> ClusterHealth.GREEN;
            case DEGRADED -> ClusterHealth.YELLOW;
            case UNAVAILABLE, CORRUPT -> ClusterHealth.RED;
        };
    }
}
