package io.grape.shards.handoff.group;

import io.grape.codecs.HotPath;
import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.DestinationView;
import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.ShardHolding;
import io.grape.shards.handoff.SourceView;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * What one group durably knows of every shard: part of its replicated state, changed by committed commands alone. Each method
 * that changes something is one command; false, or a verdict, says that it did not apply, and then nothing has changed.
 *
 * <pre>
 * Shards v1, little-endian
 * offset  size  field         meaning
 *      0     4  version       1
 *      4     4  shardCount    S
 *      8   16S  shard         long closedThrough, int owned, int movedTo (-1: never)
 *      +     *  sources       int count, each: int shard, holding, int overfull, int awaitsPurge, digest, changes
 *      +     *  destinations  int count, each: int shard, holding, cursor, int check, digest
 * </pre>
 *
 * <p>Thread: the apply agent's; {@link #access}, {@link #movedTo} and {@link #forEachChangeAfter} may be asked by any, and answer as of the last command that
 * had an effect.
 */
public final class GroupShards {
    private static final int VERSION = 1;
    private static final byte OWNED = 0;
    private static final byte SEALED = 1;
    private static final byte NOT_OWNED = 2;

    private final HandoffGuards guards;
    private final Staging staging;
    private final int maxChanges;
    private final boolean[] owned;
    private final long[] closedThrough;
    private final ConcurrentSkipListMap<Integer, SourceShard> sources = new ConcurrentSkipListMap<>();
    private final TreeMap<Integer, DestinationShard> destinations = new TreeMap<>();
    /** Replaced as a whole, so that readers on other threads see one moment. */
    private volatile byte[] access;

    private volatile int[] movedTo;

    /**
     * A group that owns nothing.
     *
     * @param shardCount   of the cluster
     * @param maxChanges changed points that an export remembers; more, and it must be aborted
     * @param staging      where copies go that come in
     */
    public GroupShards(int shardCount, int maxChanges, Staging staging) {
        this(shardCount, maxChanges, staging, HandoffGuards.ALL);
    }

    /** For tests that take a guard out; everyone else has all of them. */
    public GroupShards(int shardCount, int maxChanges, Staging staging, HandoffGuards guards) {
        this.guards = guards;
        this.staging = staging;
        this.maxChanges = maxChanges;
        this.owned = new boolean[shardCount];
        this.closedThrough = new long[shardCount];
        this.access = new byte[shardCount];
        this.movedTo = new int[shardCount];
        Arrays.fill(access, NOT_OWNED);
        Arrays.fill(movedTo, -1);
    }

    /** The group owns a shard from the beginning of the cluster. */
    public void found(int shard) {
        owned[shard] = true;
        publish(shard);
    }

    /** Returns what may be done with a shard. Any thread. */
    @HotPath
    public Access access(int shard) {
        byte found = access[shard];
        return found == OWNED ? Access.OWNED : found == SEALED ? Access.SEALED : Access.NOT_OWNED;
    }

    /** Returns the group that a shard was last handed to, or -1. A hint. Any thread. */
    public int movedTo(int shard) {
        return movedTo[shard];
    }

    /** Returns whether any shard is on its way out, so that {@link #changed} must be told. */
    @HotPath
    public boolean isExporting() {
        return !sources.isEmpty();
    }

    /** Returns what a coordinator needs to know of the shard as a source. */
    public SourceView source(int shard) {
        SourceShard source = sources.get(shard);
        return source != null ? source.view() : new SourceView(holding(shard), false, ContentDigest.EMPTY, false);
    }

    /** Returns what a coordinator needs to know of the shard as a destination. */
    public DestinationView destination(int shard) {
        DestinationShard destination = destinations.get(shard);
        return destination != null
                ? destination.view()
                : new DestinationView(holding(shard), 0, 0, DestinationView.Check.PENDING);
    }

    /** Step 2, at the source. */
    public boolean exportBegin(int shard, long migrationId) {
        ShardHolding before = holding(shard);
        ShardHolding after = before.exportBegin(migrationId, guards);
        boolean applies = !after.equals(before) && !isBusy(shard);
        if (applies) {
            destinations.remove(shard);
            sources.put(shard, new SourceShard(after, maxChanges));
        }
        return applies;
    }

    /** A point of a shard was stored or deleted by the entry of this index. */
    public void changed(int shard, int collectionId, long idMost, long idLeast, long index) {
        SourceShard source = sources.get(shard);
        if (source != null) {
            source.changed(collectionId, idMost, idLeast, index);
        }
    }

    /** Gives what has changed in an exported shard after an index, at least up to this call. Any thread. */
    public void forEachChangeAfter(int shard, long index, ChangeConsumer consumer) {
        SourceShard source = sources.get(shard);
        if (source != null) {
            source.forEachChangeAfter(index, consumer);
        }
    }

    /**
     * Step 5, at the source: from here on writes wait.
     *
     * @param index  of the entry that seals
     * @param digest what the shard's rows come to now
     */
    public boolean seal(int shard, long migrationId, long index, ContentDigest digest) {
        SourceShard source = sources.get(shard);
        return source != null && source.seal(migrationId, index, digest) && publish(shard);
    }

    /** Step 9, at the source, after a commit: the shard is another group's, and its rows wait for {@link #purge}. */
    public boolean drop(int shard, long migrationId, int newOwner) {
        SourceShard source = sources.get(shard);
        if (source == null || !source.drop(migrationId, guards)) {
            return false;
        }
        int[] moved = movedTo.clone();
        moved[shard] = newOwner;
        movedTo = moved;
        return settle(shard, source.holding());
    }

    /** Step 10, at the source: the caller deletes the shard's rows in the same command. */
    public boolean purge(int shard, long migrationId) {
        SourceShard source = sources.get(shard);
        boolean applies =
                source != null && source.awaitsPurge() && source.holding().closedThrough() == migrationId;
        if (applies) {
            sources.remove(shard);
        }
        return applies;
    }

    /** Step 1, at the destination. */
    public boolean importBegin(int shard, long migrationId) {
        ShardHolding before = holding(shard);
        ShardHolding after = before.importBegin(migrationId, guards);
        boolean applies = !after.equals(before) && !isBusy(shard);
        if (applies) {
            staging.begin(shard, migrationId);
            destinations.put(shard, new DestinationShard(after));
        }
        return applies;
    }

    /** Steps 3, 4 and 6, at the destination. */
    public ChunkVerdict importChunk(ChunkHeader chunk, DirectBuffer rows, int offset, int length) {
        DestinationShard destination = destinations.get(chunk.shard());
        return destination == null
                ? ChunkVerdict.STALE
                : destination.take(chunk, rows, offset, length, staging, guards);
    }

    /** Returns the number of the highest attempt that has begun, and in it the next chunk's; 0 and 0 where none is. */
    public ChunkCursor cursor(int shard) {
        DestinationShard destination = destinations.get(shard);
        return destination == null
                ? new ChunkCursor(0, 0, 0)
                : new ChunkCursor(destination.holding().stagedIndex(), destination.attempt(), destination.nextNumber());
    }

    /** Step 6, at the destination: index, number and digest are compared with what was sealed. */
    public DestinationView.Check verify(int shard, long migrationId, long sealedIndex, ContentDigest sealed) {
        DestinationShard destination = destinations.get(shard);
        if (destination == null || destination.holding().staging() != migrationId) {
            return DestinationView.Check.PENDING;
        }
        return destination.verify(migrationId, sealedIndex, sealed, staging.digest(shard, migrationId), guards);
    }

    /** Step 9, at the destination: owns what it has staged, but only from a committed record. */
    public boolean own(int shard, long migrationId, boolean commitIsCommitted) {
        DestinationShard destination = destinations.get(shard);
        if (destination == null || !destination.mayOwn(migrationId, commitIsCommitted, guards)) {
            return false;
        }
        destination.own(migrationId, commitIsCommitted, staging.publish(shard, migrationId), guards);
        return settle(shard, destination.holding());
    }

    /** After a committed abort, at either group: a source serves again, a destination keeps nothing. */
    public boolean abort(int shard, long migrationId) {
        SourceShard source = sources.get(shard);
        DestinationShard destination = destinations.get(shard);
        if (source != null && source.holding().exporting() == migrationId) {
            return source.unseal(migrationId, true, guards) && forget(shard, source.holding());
        }
        if (destination != null && destination.holding().staging() == migrationId) {
            boolean cleaned = destination.abort(migrationId, guards);
            if (cleaned) {
                staging.discard(shard, migrationId);
            }
            return cleaned && forget(shard, destination.holding());
        }
        // It never heard of it: it must not begin late.
        boolean unheard = !isBusy(shard) && migrationId > closedThrough[shard];
        return unheard && forget(shard, holding(shard).abort(migrationId, guards));
    }

    /** Time has passed. With its guards a source answers false, however long it was: only group 0 can end its seal. */
    public boolean timeOut(int shard, long migrationId) {
        SourceShard source = sources.get(shard);
        return source != null && source.unseal(migrationId, false, guards) && forget(shard, source.holding());
    }

    /** Whether a migration has left something here that must go before another one begins. */
    private boolean isBusy(int shard) {
        DestinationShard destination = destinations.get(shard);
        return sources.containsKey(shard)
                || (destination != null && destination.holding().staging() != 0);
    }

    private ShardHolding holding(int shard) {
        SourceShard source = sources.get(shard);
        DestinationShard destination = destinations.get(shard);
        if (source != null) {
            return source.holding();
        }
        return destination != null
                ? destination.holding()
                : new ShardHolding(owned[shard], 0, 0, ShardHolding.NOT_SEALED, 0, 0, closedThrough[shard]);
    }

    private boolean forget(int shard, ShardHolding last) {
        sources.remove(shard);
        destinations.remove(shard);
        return settle(shard, last);
    }

    private boolean settle(int shard, ShardHolding last) {
        owned[shard] = last.owner();
        closedThrough[shard] = last.closedThrough();
        return publish(shard);
    }

    private boolean publish(int shard) {
        ShardHolding now = holding(shard);
        byte next = now.acceptsWrites() ? OWNED : now.owner() ? SEALED : NOT_OWNED;
        if (access[shard] != next) {
            byte[] changed = access.clone();
            changed[shard] = next;
            access = changed;
        }
        return true;
    }

    /** Returns all of it as bytes; equal states give equal bytes. */
    public byte[] encode() {
        Bytes out = new Bytes(new ExpandableArrayBuffer(64 + owned.length * 16));
        out.putInt(VERSION).putInt(owned.length);
        int[] moved = movedTo;
        for (int shard = 0; shard < owned.length; shard++) {
            out.putLong(closedThrough[shard]).putInt(owned[shard] ? 1 : 0).putInt(moved[shard]);
        }
        out.putInt(sources.size());
        sources.forEach((shard, source) -> source.encode(out.putInt(shard)));
        out.putInt(destinations.size());
        destinations.forEach((shard, destination) -> destination.encode(out.putInt(shard)));
        return out.toArray();
    }

    /**
     * Takes what {@link #encode} wrote in place of what there is; the staged rows come back with the node's stores.
     *
     * @throws IllegalArgumentException if it is of another version or of another number of shards
     */
    public void decode(DirectBuffer state, int offset, int length) {
        Bytes in = new Bytes(state, offset, length);
        in.requireVersion(VERSION, "shards");
        int count = in.getInt();
        if (count != owned.length) {
            throw new IllegalArgumentException("state of " + count + " shards, the cluster has " + owned.length);
        }
        int[] moved = new int[count];
        for (int shard = 0; shard < count; shard++) {
            closedThrough[shard] = in.getLong();
            owned[shard] = in.getInt() != 0;
            moved[shard] = in.getInt();
        }
        sources.clear();
        for (int left = in.getCount(Integer.BYTES); left > 0; left--) {
            sources.put(in.getIntBelow(count), SourceShard.decode(in, maxChanges));
        }
        destinations.clear();
        for (int left = in.getCount(Integer.BYTES); left > 0; left--) {
            destinations.put(in.getIntBelow(count), DestinationShard.decode(in));
        }
        movedTo = moved;
        for (int shard = 0; shard < count; shard++) {
            publish(shard);
        }
    }

    /** Returns everything that a coordinator asks for. */
    public ShardViews views(int shard) {
        return new ShardViews(source(shard), destination(shard), cursor(shard));
    }

    /** Returns the shards that are on their way, out or in, or whose rows wait to be deleted. */
    public Set<Integer> moving() {
        Set<Integer> moving = new TreeSet<>(sources.keySet());
        moving.addAll(destinations.keySet());
        return moving;
    }

    /** Returns the migration that a shard is on its way for, out or in, or 0. */
    public long migrationOf(int shard) {
        SourceShard source = sources.get(shard);
        DestinationShard destination = destinations.get(shard);
        long out = source == null ? 0 : source.holding().exporting();
        return out != 0 || destination == null ? out : destination.holding().staging();
    }
}
