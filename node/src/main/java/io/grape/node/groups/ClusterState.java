package io.grape.node.groups;

import io.grape.codecs.FaultException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.FormClusterDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MigrationCommandDecoder;
import io.grape.node.state.GroupCommands;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.shards.handoff.MigrationTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What group 0 replicates beside the names of collections: what the cluster was formed with, and the shard table.
 *
 * <pre>
 * State v2, little-endian
 * offset  size  field       meaning
 *      0     4  version     2
 *      4     4  formed      1 once the cluster is formed
 *      8     8  epoch       of the table
 *     16     4  shardCount  power of two
 *     20     *  nodes       see NodeRegistry
 *      +     4  groups      number
 *      +     *  group       int groupId, int members, int nodeId for each
 *      +   2*S  owners      group of each shard
 *      +   8*S  epochs      of each shard
 *      +     *  migrations  bytes of MigrationTable
 * </pre>
 *
 * <p>Thread: the apply agent's writes; the router that it feeds is for any.
 */
public final class ClusterState implements GroupCommands {
    private static final int VERSION = 2;

    private final ShardRouter router;
    private final MigrationTable migrations = new MigrationTable();
    private final MigrationCommandDecoder command = new MigrationCommandDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private volatile List<MigrationTable.Entry> published = List.of();
    private volatile long migrationsHash = Arrays.hashCode(migrations.encode());
    private volatile boolean formed;
    private volatile NodeRegistry registry = NodeRegistry.EMPTY;
    /** The table as the log has it; the router never goes back, this one may when a snapshot is loaded. */
    private ShardTable table;

    /** @param router holds the first table, and is told of each newer one */
    public ClusterState(ShardRouter router) {
        this.router = router;
        this.table = router.table();
    }

    /** Returns whether the log says what the cluster was formed with. Any thread. */
    public boolean isFormed() {
        return formed;
    }

    /** Returns the nodes that were added and removed. Any thread. */
    public NodeRegistry registry() {
        return registry;
    }

    @Override
    public ErrorCode changeNode(int nodeId, String endpoint) {
        ErrorCode code = registry.judge(nodeId, endpoint);
        if (code == ErrorCode.OK) {
            registry = registry.with(nodeId, endpoint);
            nameMember(nodeId, !endpoint.isEmpty());
        }
        return code;
    }

    /** Every node holds every group, so the table names a node that joins in each of them. */
    private void nameMember(int nodeId, boolean joins) {
        List<ShardGroup> groups = new ArrayList<>();
        for (ShardGroup group : table.groups()) {
            List<Integer> members = new ArrayList<>(group.members());
            members.removeIf(member -> member == nodeId);
            if (joins) {
                members.add(nodeId);
            }
            groups.add(new ShardGroup(group.groupId(), ShardGroup.NO_LEADER, members));
        }
        ShardTable changed = table.withGroups(groups);
        if (!changed.groups().equals(table.groups())) {
            install(changed);
        }
    }

    /** Takes a newer table. Apply agent only. */
    void install(ShardTable next) {
        table = next;
        router.install(next);
    }

    @Override
    public boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length) {
        if (templateId == FormClusterDecoder.TEMPLATE_ID) {
            onForm(new FormClusterDecoder().wrapAndApplyHeader(payload, offset, new MessageHeaderDecoder()));
            return true;
        }
        if (templateId == MigrationCommandDecoder.TEMPLATE_ID) {
            onMigration(command.wrapAndApplyHeader(payload, offset, header));
            publish();
            return true;
        }
        return false;
    }

    private void publish() {
        published = migrations.all();
        migrationsHash = Arrays.hashCode(migrations.encode());
    }

    private void onMigration(MigrationCommandDecoder asked) {
        int shard = asked.shard();
        long id = asked.migrationId();
        switch (asked.action()) {
            case START -> {
                if (asked.destination() != HostedGroups.METADATA) {
                    migrations.start(table, shard, asked.source(), asked.destination(), id);
                }
            }
            case READY -> migrations.ready(shard, id);
            case COMMIT -> install(migrations.commit(table, shard, id));
            case ABORT -> migrations.abort(shard, id);
            case FINISH -> migrations.finish(shard, id);
            default -> throw new IllegalStateException("an unknown step of migration " + id + " of shard " + shard);
        }
    }

    /** Returns the last migration of each shard that has ever moved, by ascending shard. Any thread. */
    public List<MigrationTable.Entry> migrations() {
        return published;
    }

    /** Every node derives the first table from its own configuration: one that derived another must not go on. */
    private void onForm(FormClusterDecoder form) {
        if (formed) {
            return;
        }
        int groups = (int) table.groups().stream()
                .filter(group -> group.groupId() != HostedGroups.METADATA)
                .count();
        if (form.shardCount() != table.shardCount()
                || form.groupCount() != groups
                || form.hashVersion() != ShardHash.VERSION) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.INVALID_CONFIGURATION,
                    "the cluster was formed with " + form.shardCount() + " shards, " + form.groupCount()
                            + " groups and hash version " + form.hashVersion() + ", this node was started with "
                            + table.shardCount() + ", " + groups + " and " + ShardHash.VERSION
                            + ": set cluster.shards and cluster.groups to what the cluster was formed with",
                    null);
        }
        formed = true;
    }

    @Override
    @HotPath
    public ErrorCode judge(int collectionId, long idMost, long idLeast) {
        return ErrorCode.NOT_OWNER;
    }

    @Override
    public byte[] save() {
        ShardTable saved = table;
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(1024);
        int at = putInt(out, 0, VERSION);
        at = putInt(out, at, formed ? 1 : 0);
        out.putLong(at, saved.epoch(), ByteOrder.LITTLE_ENDIAN);
        at = putInt(out, at + Long.BYTES, saved.shardCount());
        at = registry.encode(out, at);
        at = putInt(out, at, saved.groups().size());
        for (ShardGroup group : saved.groups()) {
            at = putInt(out, at, group.groupId());
            at = putInt(out, at, group.members().size());
            for (int member : group.members()) {
                at = putInt(out, at, member);
            }
        }
        for (int shard = 0; shard < saved.shardCount(); shard++) {
            out.putShort(at, (short) saved.groupOf(shard), ByteOrder.LITTLE_ENDIAN);
            at += Short.BYTES;
        }
        for (int shard = 0; shard < saved.shardCount(); shard++) {
            out.putLong(at, saved.shardEpoch(shard), ByteOrder.LITTLE_ENDIAN);
            at += Long.BYTES;
        }
        byte[] moved = migrations.encode();
        out.putBytes(at, moved);
        byte[] bytes = new byte[at + moved.length];
        out.getBytes(0, bytes);
        return bytes;
    }

    private static int putInt(ExpandableArrayBuffer out, int at, int value) {
        out.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
        return at + Integer.BYTES;
    }

    @Override
    public void load(byte[] state) {
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        int version = in.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("cluster state of version " + version + ", this one reads " + VERSION);
        }
        boolean wasFormed = in.getInt() == 1;
        long epoch = in.getLong();
        int shardCount = in.getInt();
        NodeRegistry savedRegistry = NodeRegistry.decode(in);
        int groupCount = in.getInt();
        List<ShardGroup> groups = new ArrayList<>();
        for (int i = 0; i < groupCount; i++) {
            int groupId = in.getInt();
            int members = in.getInt();
            List<Integer> nodes = new ArrayList<>();
            for (int j = 0; j < members; j++) {
                nodes.add(in.getInt());
            }
            groups.add(new ShardGroup(groupId, ShardGroup.NO_LEADER, nodes));
        }
        short[] owners = new short[shardCount];
        long[] epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            owners[shard] = in.getShort();
        }
        for (int shard = 0; shard < shardCount; shard++) {
            epochs[shard] = in.getLong();
        }
        install(new ShardTable(epoch, owners, epochs, groups));
        migrations.decode(new UnsafeBuffer(state), in.position(), in.remaining());
        publish();
        registry = savedRegistry;
        formed = wasFormed;
    }

    @Override
    public long hash() {
        return (table.hashCode() * 31L + migrationsHash) * 31 + (formed ? 1 : 0) + registry.hashCode() * 0x9E37_79B9L;
    }
}
