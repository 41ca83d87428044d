package io.grape.shards;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.RouteReplyDecoder;
import io.grape.codecs.sbe.RouteReplyEncoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link ShardTable} into a {@code RouteReply} and takes it out again. Stateless; any thread; not a hot path.
 */
public final class ShardTableCodec {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private ShardTableCodec() {}

    /** What a node knows of who leads a group; each of them changes without the table. */
    public interface Leaders {
        /** Returns the leader, or {@link ShardGroup#NO_LEADER}. */
        int nodeId(int groupId);

        /** Returns the term in which it leads. */
        long term(int groupId);

        /** Returns the last entry of the group that is known to be committed; 0 if nothing is known of the group. */
        long commitIndex(int groupId);
    }

    /** As {@link #encode(ShardTable, long, Leaders, RouteReplyEncoder)}, with the leaders that the table names. */
    public static void encode(ShardTable table, long heldEpoch, RouteReplyEncoder reply) {
        Leaders named = new Leaders() {
            @Override
            public int nodeId(int groupId) {
                return table.leaderOf(groupId);
            }

            @Override
            public long term(int groupId) {
                return 0;
            }

            @Override
            public long commitIndex(int groupId) {
                return 0;
            }
        };
        encode(table, heldEpoch, named, reply);
    }

    /**
     * Encodes who leads, and the table unless the asker holds one that is as new.
     *
     * @param table     to send
     * @param heldEpoch epoch of the asker's table, or -1
     * @param leaders   as they are known now
     * @param reply     wrapped, with session and correlation id set
     */
    public static void encode(ShardTable table, long heldEpoch, Leaders leaders, RouteReplyEncoder reply) {
        boolean newer = table.epoch() > heldEpoch;
        List<ShardGroup> groups = table.groups();
        int shardCount = table.shardCount();
        reply.epoch(table.epoch()).hashVersion(ShardHash.VERSION).shardCount(shardCount);
        RouteReplyEncoder.GroupsEncoder encoded = reply.groupsCount(groups.size());
        for (ShardGroup group : groups) {
            byte[] members = members(group);
            encoded.next()
                    .groupId(group.groupId())
                    .leaderNodeId(leaders.nodeId(group.groupId()))
                    .leaderTerm(leaders.term(group.groupId()))
                    .commitIndex(leaders.commitIndex(group.groupId()))
                    .putMembers(members, 0, members.length);
        }
        int sent = newer ? shardCount : 0;
        UnsafeBuffer owners = new UnsafeBuffer(new byte[sent * Short.BYTES]);
        UnsafeBuffer epochs = new UnsafeBuffer(new byte[sent * Long.BYTES]);
        for (int shard = 0; shard < sent; shard++) {
            owners.putShort(shard * Short.BYTES, (short) table.groupOf(shard), ORDER);
            epochs.putLong(shard * Long.BYTES, table.shardEpoch(shard), ORDER);
        }
        reply.putShardToGroup(owners, 0, owners.capacity()).putShardEpochs(epochs, 0, epochs.capacity());
    }

    /**
     * Decodes a table.
     *
     * @param reply wrapped; its frame was checked
     * @return the table, or null when the reply says that the one held is as new
     * @throws GrapeException with {@code UNSUPPORTED_VERSION} for another hash, {@code MALFORMED_MESSAGE} or
     *     {@code INVALID_CONFIGURATION} for a table that contradicts itself
     */
    public static @Nullable ShardTable decode(RouteReplyDecoder reply) {
        long epoch = reply.epoch();
        int shardCount = reply.shardCount();
        if (reply.hashVersion() != ShardHash.VERSION) {
            throw new GrapeException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "the cluster maps points to shards by hash version " + reply.hashVersion() + "; this build knows "
                            + ShardHash.VERSION + ": use a build of the cluster's version");
        }
        List<ShardGroup> groups = new ArrayList<>();
        for (RouteReplyDecoder.GroupsDecoder group : reply.groups()) {
            int groupId = group.groupId();
            int leaderNodeId = group.leaderNodeId();
            groups.add(new ShardGroup(groupId, leaderNodeId, members(group)));
        }
        int ownersLength = reply.shardToGroupLength();
        if (ownersLength == 0) {
            return null;
        }
        ShardTable.requireShardCount(shardCount);
        requireLength("shardToGroup", shardCount * Short.BYTES, ownersLength);
        UnsafeBuffer owners = new UnsafeBuffer(new byte[ownersLength]);
        reply.getShardToGroup(owners, 0, ownersLength);
        int epochsLength = reply.shardEpochsLength();
        requireLength("shardEpochs", shardCount * Long.BYTES, epochsLength);
        UnsafeBuffer epochs = new UnsafeBuffer(new byte[epochsLength]);
        reply.getShardEpochs(epochs, 0, epochsLength);
        short[] shardToGroup = new short[shardCount];
        long[] shardEpochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            shardToGroup[shard] = owners.getShort(shard * Short.BYTES, ORDER);
            shardEpochs[shard] = epochs.getLong(shard * Long.BYTES, ORDER);
        }
        return new ShardTable(epoch, shardToGroup, shardEpochs, groups);
    }

    private static byte[] members(ShardGroup group) {
        byte[] bytes = new byte[group.members().size() * Integer.BYTES];
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int i = 0; i < group.members().size(); i++) {
            buffer.putInt(i * Integer.BYTES, group.members().get(i), ORDER);
        }
        return bytes;
    }

    private static List<Integer> members(RouteReplyDecoder.GroupsDecoder group) {
        int length = group.membersLength();
        requireLength("members", length / Integer.BYTES * Integer.BYTES, length);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        group.getMembers(buffer, 0, length);
        List<Integer> members = new ArrayList<>(length / Integer.BYTES);
        for (int i = 0; i < length; i += Integer.BYTES) {
            members.add(buffer.getInt(i, ORDER));
        }
        return members;
    }

    private static void requireLength(String field, int expected, int found) {
        if (expected != found) {
            throw new GrapeException(
                    ErrorCode.MALFORMED_MESSAGE,
                    "RouteReply." + field + " has " + found + " bytes instead of " + expected);
        }
    }
}
