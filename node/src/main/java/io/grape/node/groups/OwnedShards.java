package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.HandoffCommandDecoder;
import io.grape.codecs.sbe.ImportChunkDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.node.handoff.ShardRows;
import io.grape.node.handoff.StagedShards;
import io.grape.node.state.GroupCommands;
import io.grape.node.state.GroupRows;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardTable;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.RowDigest;
import io.grape.shards.handoff.group.Access;
import io.grape.shards.handoff.group.ChangeConsumer;
import io.grape.shards.handoff.group.ChunkHeader;
import io.grape.shards.handoff.group.GroupShards;
import io.grape.shards.handoff.group.ShardViews;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The shards that a data group owns, by its own log, and those that are on their way out of it or into it: what its writes are
 * judged by, and what the commands of a hand-off do here.
 *
 * <p>Thread: the apply agent's writes; any reads. A change of what is owned is a new snapshot behind one volatile write; while
 * rows come or go with it {@link #coverVersion} is odd, so that a search can tell that it saw neither the one nor the other. {@link
 * OwnedShardsCodec} draws the saved state.
 */
public final class OwnedShards implements GroupCommands {
    /** Points that an export remembers to have changed; more, and the migration is aborted. */
    private static final int MAX_CHANGES = 1 << 18;

    private final int shardBits;
    private final ShardRows shardRows;
    private final StagedShards staged;
    private final GroupShards shards;
    private final AtomicReferenceArray<ShardViews> views;
    private final Map<Integer, TreeMap<Long, byte[]>> sealedClients = new ConcurrentHashMap<>();
    private final HandoffCommandDecoder command = new HandoffCommandDecoder();
    private final ImportChunkDecoder chunk = new ImportChunkDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer chunkRows = new UnsafeBuffer(new byte[0]);
    private final long[] epochs;
    private @Nullable GroupRows rows;
    private volatile ShardCover cover = ShardCover.NONE;
    private volatile boolean sealed;
    private volatile long coverVersion;
    private volatile long stateHash;
    private long chunksHash;

    /** Begins with the shards that a table gives to a group. */
    public OwnedShards(int groupId, ShardTable first) {
        int shardCount = first.shardCount();
        shardBits = Integer.numberOfTrailingZeros(shardCount);
        shardRows = new ShardRows(shardBits);
        staged = new StagedShards(shardRows);
        shards = new GroupShards(shardCount, MAX_CHANGES, staged);
        views = new AtomicReferenceArray<>(shardCount);
        epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            epochs[shard] = first.shardEpoch(shard);
            if (first.groupOf(shard) == groupId) {
                shards.found(shard);
            }
        }
        publishAll();
    }

    @Override
    public void bind(GroupRows groupRows) {
        rows = groupRows;
        staged.bind(groupRows);
    }

    /** Returns the number of shards of the cluster. */
    public int shardCount() {
        return 1 << shardBits;
    }

    /** Returns the shard of a point. */
    @HotPath
    public int shardOf(int collectionId, long idMost, long idLeast) {
        return ShardHash.shardOf(ShardHash.hash(collectionId, idMost, idLeast), shardBits);
    }

    /** Returns whether the group owns a shard, sealed or not. */
    @HotPath
    public boolean owns(int shard) {
        return shards.access(shard) != Access.NOT_OWNED;
    }

    /** Returns the shards that the group owns: what its part of a search covers. */
    @HotPath
    public ShardCover cover() {
        return cover;
    }

    /** Returns whether any of them is sealed for a hand-off. */
    @HotPath
    public boolean hasSealed() {
        return sealed;
    }

    /** Returns a number that differs when the rows behind {@link #cover} have come or gone with a shard. */
    @HotPath
    public long coverVersion() {
        return coverVersion;
    }

    /** Returns whether rows come or go while the version is this. */
    @HotPath
    public static boolean isChanging(long coverVersion) {
        return (coverVersion & 1) != 0;
    }

    /** Returns what a coordinator asks of a shard. Any thread. */
    public ShardViews views(int shard) {
        return views.get(shard);
    }

    /** Gives the points that have changed in an exported shard after an index. Any thread. */
    public void forEachChangeAfter(int shard, long index, ChangeConsumer consumer) {
        shards.forEachChangeAfter(shard, index, consumer);
    }

    /** Returns what was remembered of clients when a shard was sealed. Any thread. */
    public Map<Long, byte[]> sealedClients(int shard) {
        return sealedClients.getOrDefault(shard, new TreeMap<>());
    }

    @Override
    @HotPath
    public ErrorCode judge(int collectionId, long idMost, long idLeast) {
        Access access = shards.access(shardOf(collectionId, idMost, idLeast));
        return switch (access) {
            case OWNED -> ErrorCode.OK;
            case SEALED -> ErrorCode.MIGRATING;
            case NOT_OWNED -> ErrorCode.NOT_OWNER;
        };
    }

    @Override
    @HotPath
    public boolean watchesChanges() {
        return shards.isExporting();
    }

    @Override
    public void changed(int collectionId, long idMost, long idLeast, long index) {
        shards.changed(shardOf(collectionId, idMost, idLeast), collectionId, idMost, idLeast, index);
    }

    @Override
    public boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length) {
        if (templateId == HandoffCommandDecoder.TEMPLATE_ID) {
            command.wrapAndApplyHeader(payload, offset, header);
            onCommand(index);
            published(command.shard());
            return true;
        }
        if (templateId == ImportChunkDecoder.TEMPLATE_ID) {
            chunk.wrapAndApplyHeader(payload, offset, header);
            onChunk();
            published(chunk.shard());
            return true;
        }
        return false;
    }

    private void onCommand(long index) {
        int shard = command.shard();
        long id = command.migrationId();
        staged.at(index);
        switch (command.action()) {
            case IMPORT_BEGIN -> shards.importBegin(shard, id);
            case EXPORT_BEGIN -> shards.exportBegin(shard, id);
            case SEAL -> seal(shard, id, index);
            case VERIFY ->
                shards.verify(
                        shard,
                        id,
                        command.sealedIndex(),
                        new ContentDigest(command.rows(), command.digestHigh(), command.digestLow()));
            case OWN -> own(shard, id);
            case DROP -> drop(shard, id, index);
            case PURGE -> shards.purge(shard, id);
            case CLEAN -> {
                if (shards.abort(shard, id)) {
                    sealedClients.remove(shard);
                }
            }
            default -> throw new IllegalStateException("entry " + index + " asks for an unknown part of a hand-off");
        }
    }

    private GroupRows rows() {
        GroupRows bound = rows;
        if (bound == null) {
            throw new IllegalStateException("no group was given");
        }
        return bound;
    }

    private void seal(int shard, long id, long index) {
        TreeMap<Long, byte[]> clients = new TreeMap<>();
        rows().forEachClient((clientId, window, length) -> {
            byte[] bytes = new byte[length];
            window.getBytes(0, bytes);
            clients.put(clientId, bytes);
        });
        RowDigest digest = new RowDigest();
        shardRows.digest(rows().catalog(), shard, digest);
        StagedShards.addClients(clients, digest);
        if (shards.seal(shard, id, index, digest.digest())) {
            sealedClients.put(shard, clients);
        }
    }

    private void own(int shard, long id) {
        beginChange();
        // The command says that group 0 has committed: only its committed record makes anybody propose it.
        if (shards.own(shard, id, true)) {
            epochs[shard] = command.shardEpoch();
        }
        endChange();
    }

    /** The destination has compared its rows twice by now; readers that began before see the rows to their end. */
    private void drop(int shard, long id, long index) {
        beginChange();
        if (shards.drop(shard, id, command.otherGroup())) {
            epochs[shard] = command.shardEpoch();
            sealedClients.remove(shard);
            shardRows.delete(rows().catalog(), shard, index);
        }
        endChange();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void beginChange() {
        coverVersion++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void endChange() {
        publishCover();
        coverVersion++;
    }

    private void onChunk() {
        ChunkHeader chunkHeader = new ChunkHeader(
                chunk.migrationId(),
                chunk.shard(),
                chunk.from(),
                chunk.to(),
                chunk.attempt(),
                chunk.number(),
                chunk.rowCount(),
                chunk.isEnd() == BooleanType.TRUE,
                (int) chunk.crc());
        chunk.wrapRowBytes(chunkRows);
        shards.importChunk(chunkHeader, chunkRows, 0, chunkRows.capacity());
        chunksHash = chunksHash * 31 + chunkHeader.crc();
    }

    private void published(int shard) {
        views.set(shard, shards.views(shard));
        publishCover();
        stateHash = Arrays.hashCode(shards.encode()) * 31L + Arrays.hashCode(epochs) + chunksHash;
    }

    private void publishAll() {
        for (int shard = 0; shard < shardCount(); shard++) {
            views.set(shard, shards.views(shard));
        }
        publishCover();
        stateHash = Arrays.hashCode(shards.encode()) * 31L + Arrays.hashCode(epochs) + chunksHash;
    }

    private void publishCover() {
        ShardCover all = ShardCover.NONE;
        boolean anySealed = false;
        for (int shard = 0; shard < shardCount(); shard++) {
            Access access = shards.access(shard);
            anySealed |= access == Access.SEALED;
            all = access == Access.NOT_OWNED ? all : all.with(shard);
        }
        cover = all;
        sealed = anySealed;
    }

    @Override
    public byte[] save() {
        return OwnedShardsCodec.encode(
                new OwnedShardsCodec.Saved(epochs, chunksHash, shards.encode(), staged.encode(), sealedClients));
    }

    @Override
    public void load(byte[] state) {
        OwnedShardsCodec.Saved saved = OwnedShardsCodec.decode(state, shardCount());
        System.arraycopy(saved.epochs(), 0, epochs, 0, epochs.length);
        chunksHash = saved.chunksHash();
        shards.decode(new UnsafeBuffer(saved.shards()), 0, saved.shards().length);
        staged.decode(new UnsafeBuffer(saved.staged()), 0, saved.staged().length);
        sealedClients.clear();
        sealedClients.putAll(saved.sealedClients());
        publishAll();
    }

    @Override
    public long hash() {
        return stateHash;
    }
}
