package io.grape.shards.handoff.group;

import io.grape.shards.handoff.ContentDigest;
import org.agrona.DirectBuffer;

/**
 * Where a destination keeps the rows of one shard that come in, hidden from every search, look-up and count. Part of the
 * replicated state: each replica keeps its own. Thread: the apply agent's.
 */
public interface Staging {
    /** Makes room for the copy of a shard; what an earlier try has left there goes. */
    void begin(int shard, long migrationId);

    /** Stores and removes what a chunk says. The same chunk, or an older one of the same round, may come again. */
    void take(int shard, long migrationId, DirectBuffer rows, int offset, int length);

    /** Returns what the staged rows come to. */
    ContentDigest digest(int shard, long migrationId);

    /**
     * Makes the staged rows the group's own, all at once for every reader.
     *
     * @return what these rows come to where they are now
     */
    ContentDigest publish(int shard, long migrationId);

    /** Throws the copy away. */
    void discard(int shard, long migrationId);
}
