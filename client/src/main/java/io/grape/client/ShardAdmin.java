package io.grape.client;

import io.grape.shards.ShardTable;

/** What an operator does with shards. Any thread; waits for answers, so not for a reply's callback. */
public final class ShardAdmin {
    private static final int NO_GROUP = -1;

    private final GrapeClient client;
    private final Collections requests;
    private final GroupCalls calls;

    ShardAdmin(GrapeClient client, Collections requests, GroupCalls calls) {
        this.client = client;
        this.requests = requests;
        this.calls = calls;
    }

    /** Returns the newest shard table that this client holds. It learns of a newer one within a moment. */
    public ShardTable table() {
        return calls.table();
    }

    /**
     * Asks for a shard to be handed to another group. Returns as soon as the leader of group 0 has taken it up: the table
     * tells when it has moved.
     *
     * @param shard   0 to below the number of shards
     * @param groupId that is to own it
     * @throws io.grape.codecs.GrapeException INVALID_CONFIGURATION for a shard or a group that there is not
     */
    public void move(int shard, int groupId) {
        client.checkNotPolling();
        GrapeClient.await(requests.moveShard(shard, groupId));
    }

    /** Gives up the migration of a shard; without effect once it is committed. */
    public void giveUp(int shard) {
        client.checkNotPolling();
        GrapeClient.await(requests.moveShard(shard, NO_GROUP));
    }
}
