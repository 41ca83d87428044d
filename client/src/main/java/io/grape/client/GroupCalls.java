package io.grape.client;

import io.grape.client.gather.GetGather;
import io.grape.client.gather.SearchGather;
import io.grape.client.gather.WriteGather;
import io.grape.client.session.ClientCore;
import io.grape.client.session.ReplyHandler;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.shards.ShardTable;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Divides requests over the groups that own their points, and sends each group its part; a request of one group is sent as it is.
 *
 * <p>Any thread. Each method takes all the places that its parts need before the first is sent, and answers false if it may
 * not wait and there are not enough. Allocates nothing for a request of one group.
 */
final class GroupCalls {
    private static final int NO_GROUP = -1;
    private static final int METADATA = 0;

    private final ClientCore core;
    private final RequestEncoder[] encoders;
    private final boolean mayWait;
    private final long timeoutNs;
    /** Two that each hold some places and wait for more would wait for each other. */
    private final ReentrantLock takingSeveral = new ReentrantLock();

    /**
     * @param mayWait   whether to wait for places
     * @param timeoutNs for a place, and for each request
     */
    GroupCalls(ClientCore core, RequestEncoder[] encoders, boolean mayWait, long timeoutNs) {
        this.core = core;
        this.encoders = encoders;
        this.mayWait = mayWait;
        this.timeoutNs = timeoutNs;
    }

    /** Returns the newest table. */
    ShardTable table() {
        ShardTable table = core.table();
        if (table == null) {
            throw new GrapeException(ErrorCode.NOT_OWNER, "No node has told the shard table yet; try again.");
        }
        return table;
    }

    @HotPath
    boolean upsert(CollectionInfo collection, PointBatch batch, ReplyHandler reply) {
        ShardTable table = table();
        int only = batch.route(table, collection.id());
        if (only != NO_GROUP) {
            RequestSlot slot = take();
            if (slot == null) {
                return false;
            }
            int length = encoders[slot.index()].upsert(slot.buffer(), collection.id(), table.epoch(), batch, only);
            core.submit(slot, length, true, RequestSlot.LEADER, only, reply, timeoutNs);
            return true;
        }
        return upsertParts(table, collection, batch, reply);
    }

    private boolean upsertParts(ShardTable table, CollectionInfo collection, PointBatch batch, ReplyHandler reply) {
        int[] groups = distinct(batch.owners(), batch.size());
        RequestSlot[] slots = take(groups.length);
        if (slots == null) {
            return false;
        }
        WriteGather gather = new WriteGather(reply, groups.length);
        int[] lengths = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            RequestSlot slot = slots[i];
            lengths[i] = encoders[slot.index()].upsert(slot.buffer(), collection.id(), table.epoch(), batch, groups[i]);
        }
        for (int i = 0; i < groups.length; i++) {
            core.submit(slots[i], lengths[i], true, RequestSlot.LEADER, groups[i], gather.part(i), timeoutNs);
        }
        return true;
    }

    @HotPath
    boolean delete(CollectionInfo collection, long[] ids, long @Nullable [] expectedVersions, ReplyHandler reply) {
        ShardTable table = table();
        int only = ownerOf(table, collection.id(), ids);
        if (only != NO_GROUP) {
            RequestSlot slot = take();
            if (slot == null) {
                return false;
            }
            int length =
                    encoders[slot.index()].delete(slot.buffer(), collection.id(), table.epoch(), ids, expectedVersions);
            core.submit(slot, length, true, RequestSlot.LEADER, only, reply, timeoutNs);
            return true;
        }
        return deleteParts(table, collection, ids, expectedVersions, reply);
    }

    private boolean deleteParts(
            ShardTable table,
            CollectionInfo collection,
            long[] ids,
            long @Nullable [] expectedVersions,
            ReplyHandler reply) {
        int[] owners = owners(table, collection.id(), ids);
        int[] groups = distinct(owners, ids.length);
        RequestSlot[] slots = take(groups.length);
        if (slots == null) {
            return false;
        }
        WriteGather gather = new WriteGather(reply, groups.length);
        for (int i = 0; i < groups.length; i++) {
            RequestSlot slot = slots[i];
            long[] some = of(groups[i], owners, ids);
            long[] versions = expectedVersions == null ? null : of(groups[i], owners, expectedVersions);
            int length = encoders[slot.index()].delete(slot.buffer(), collection.id(), table.epoch(), some, versions);
            core.submit(slot, length, true, RequestSlot.LEADER, groups[i], gather.part(i), timeoutNs);
        }
        return true;
    }

    @HotPath
    boolean search(
            int target,
            CollectionInfo collection,
            float[] query,
            int k,
            Consistency consistency,
            SearchOptions options,
            ReplyHandler reply) {
        ShardTable table = table();
        int only = table.soleOwner();
        if (only != NO_GROUP) {
            RequestSlot slot = take();
            if (slot == null) {
                return false;
            }
            int length =
                    encoders[slot.index()].search(slot.buffer(), collection.id(), query, k, consistency, options, only);
            core.submit(slot, length, false, target, only, reply, timeoutNs);
            return true;
        }
        return searchParts(table, target, collection, query, k, consistency, options, reply);
    }

    private boolean searchParts(
            ShardTable table,
            int target,
            CollectionInfo collection,
            float[] query,
            int k,
            Consistency consistency,
            SearchOptions options,
            ReplyHandler reply) {
        int[] groups = distinctOwners(table);
        RequestSlot[] slots = take(groups.length);
        if (slots == null) {
            return false;
        }
        // A node refuses a k that is too large; what is kept here must only not be larger than what can come.
        int kept = Math.clamp(k, 0, PointBatch.MAX_POINTS);
        SearchGather gather =
                new SearchGather(reply, table, groups.length, kept, collection.metric() == Metric.EUCLIDEAN);
        for (int i = 0; i < groups.length; i++) {
            RequestSlot slot = slots[i];
            int length = encoders[slot.index()].search(
                    slot.buffer(), collection.id(), query, k, consistency, options, groups[i]);
            core.submit(slot, length, false, target, groups[i], gather.part(i), timeoutNs);
        }
        return true;
    }

    @HotPath
    boolean get(
            int target,
            CollectionInfo collection,
            long[] ids,
            boolean withVectors,
            Consistency consistency,
            ReplyHandler reply) {
        ShardTable table = table();
        int only = ownerOf(table, collection.id(), ids);
        if (only != NO_GROUP) {
            RequestSlot slot = take();
            if (slot == null) {
                return false;
            }
            int length =
                    encoders[slot.index()].get(slot.buffer(), collection.id(), ids, withVectors, consistency, only);
            core.submit(slot, length, false, target, only, reply, timeoutNs);
            return true;
        }
        return getParts(table, target, collection, ids, withVectors, consistency, reply);
    }

    private boolean getParts(
            ShardTable table,
            int target,
            CollectionInfo collection,
            long[] ids,
            boolean withVectors,
            Consistency consistency,
            ReplyHandler reply) {
        int[] owners = owners(table, collection.id(), ids);
        int[] groups = distinct(owners, ids.length);
        RequestSlot[] slots = take(groups.length);
        if (slots == null) {
            return false;
        }
        GetGather gather = new GetGather(reply, owners, groups);
        for (int i = 0; i < groups.length; i++) {
            RequestSlot slot = slots[i];
            long[] some = of(groups[i], owners, ids);
            int length = encoders[slot.index()].get(
                    slot.buffer(), collection.id(), some, withVectors, consistency, groups[i]);
            core.submit(slot, length, false, target, groups[i], gather.part(i), timeoutNs);
        }
        return true;
    }

    @HotPath
    private @Nullable RequestSlot take() {
        return mayWait ? core.acquire(timeoutNs) : core.tryAcquire();
    }

    private RequestSlot @Nullable [] take(int count) {
        if (count > core.maxInFlight()) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The request concerns " + count + " groups and the client may have " + core.maxInFlight()
                            + " requests in flight; raise maxInFlight.");
        }
        boolean isMine = core.isPollingThread() ? takingSeveral.tryLock() : lock();
        if (!isMine) {
            if (mayWait) {
                throw new GrapeException(ErrorCode.BACK_PRESSURE, "No place is free; nothing was sent.");
            }
            return null;
        }
        RequestSlot[] slots = new RequestSlot[count];
        int taken = 0;
        try {
            while (taken < count) {
                RequestSlot slot = take();
                if (slot == null) {
                    break;
                }
                slots[taken++] = slot;
            }
        } finally {
            takingSeveral.unlock();
            for (int i = 0; taken < count && i < taken; i++) {
                core.abandon(slots[i]);
            }
        }
        return taken == count ? slots : null;
    }

    private boolean lock() {
        takingSeveral.lock();
        return true;
    }

    /** Returns the group that owns all ids, or {@link #NO_GROUP} if there are several. */
    @HotPath
    private static int ownerOf(ShardTable table, int collectionId, long[] ids) {
        int owner = NO_GROUP;
        for (int i = 0; i < ids.length; i++) {
            int group = table.groupOf(table.shardOf(collectionId, 0, ids[i]));
            if (i > 0 && group != owner) {
                return NO_GROUP;
            }
            owner = group;
        }
        return owner;
    }

    /** Returns the groups that own shards, ascending. */
    private static int[] distinctOwners(ShardTable table) {
        int[] owners = new int[table.shardCount()];
        for (int shard = 0; shard < owners.length; shard++) {
            owners[shard] = table.groupOf(shard);
        }
        return distinct(owners, owners.length);
    }

    /** Returns the groups that hold points or may, ascending. */
    int[] dataGroups() {
        return table().groups().stream()
                .mapToInt(group -> group.groupId())
                .filter(group -> group != METADATA)
                .toArray();
    }

    private static int[] owners(ShardTable table, int collectionId, long[] ids) {
        int[] owners = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            owners[i] = table.groupOf(table.shardOf(collectionId, 0, ids[i]));
        }
        return owners;
    }

    private static int[] distinct(int[] owners, int count) {
        return Arrays.stream(owners, 0, count).distinct().sorted().toArray();
    }

    private static long[] of(int group, int[] owners, long[] values) {
        long[] some = new long[owners.length];
        int count = 0;
        for (int i = 0; i < owners.length; i++) {
            if (owners[i] == group) {
                some[count++] = values[i];
            }
        }
        return Arrays.copyOf(some, count);
    }
}
