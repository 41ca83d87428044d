package io.grape.node.handoff;

import io.grape.node.state.Collection;
import io.grape.node.state.GroupRows;
import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.RowDigest;
import io.grape.shards.handoff.group.Staging;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies of shards that come in, on the heap and in the group's saved state, where no search, look-up or count can see them. A
 * shard is small beside a group: a thousandth of it by default.
 *
 * <p>Thread: the apply agent's.
 */
public final class StagedShards implements Staging {
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final ShardRows shardRows;
    private final TreeMap<Integer, Copy> copies = new TreeMap<>();
    private @Nullable GroupRows rows;
    private long index;

    /** One shard's copy. */
    private static final class Copy {
        final long migrationId;
        final TreeMap<Key, Row> rows = new TreeMap<>();
        final TreeMap<Long, byte[]> clients = new TreeMap<>();

        Copy(long migrationId) {
            this.migrationId = migrationId;
        }
    }

    private record Key(int collectionId, long idMost, long idLeast) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byCollection = Integer.compare(collectionId, other.collectionId);
            int byMost = Long.compare(idMost, other.idMost);
            int byId = byMost != 0 ? byMost : Long.compare(idLeast, other.idLeast);
            return byCollection != 0 ? byCollection : byId;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(long version, byte[] vector, byte[] payload) {}

    /** @param shardRows finds a shard's rows in stores */
    public StagedShards(ShardRows shardRows) {
        this.shardRows = shardRows;
    }

    /** Is given the group's points and clients, once. */
    public void bind(GroupRows groupRows) {
        rows = groupRows;
    }

    /** Is told the index of the entry that is being applied. */
    public void at(long entryIndex) {
        index = entryIndex;
    }

    private GroupRows rows() {
        GroupRows bound = rows;
        if (bound == null) {
            throw new IllegalStateException("no group was given");
        }
        return bound;
    }

    private Copy copy(int shard, long migrationId) {
        Copy copy = copies.get(shard);
        if (copy == null || copy.migrationId != migrationId) {
            throw new IllegalStateException("shard " + shard + " has no copy of migration " + migrationId);
        }
        return copy;
    }

    @Override
    public void begin(int shard, long migrationId) {
        copies.put(shard, new Copy(migrationId));
    }

    @Override
    public void take(int shard, long migrationId, DirectBuffer chunk, int offset, int length) {
        Copy copy = copy(shard, migrationId);
        ChunkRows.forEach(chunk, offset, length, (entry, buffer, at) -> {
            Key key = new Key(entry.collectionId(), entry.idMost(), entry.idLeast());
            byte[] payload = new byte[entry.payloadBytes()];
            buffer.getBytes(at + entry.vectorBytes(), payload);
            switch (entry.kind()) {
                case ChunkRows.ROW -> {
                    byte[] vector = new byte[entry.vectorBytes()];
                    buffer.getBytes(at, vector);
                    copy.rows.put(key, new Row(entry.version(), vector, payload));
                }
                case ChunkRows.DELETED -> copy.rows.remove(key);
                case ChunkRows.CLIENT -> copy.clients.put(entry.idLeast(), payload);
                default -> throw new IllegalStateException("an entry of kind " + entry.kind() + " in a chunk");
            }
        });
    }

    @Override
    public ContentDigest digest(int shard, long migrationId) {
        Copy copy = copy(shard, migrationId);
        RowDigest digest = new RowDigest();
        copy.rows.forEach((key, row) -> digest.row(key.collectionId(), key.idMost(), key.idLeast(), row.version())
                .bytes(new UnsafeBuffer(row.vector()), 0, row.vector().length)
                .bytes(new UnsafeBuffer(row.payload()), 0, row.payload().length)
                .add());
        addClients(copy.clients, digest);
        return digest.digest();
    }

    /** Adds what is remembered of clients to a digest. */
    public static void addClients(SortedMap<Long, byte[]> clients, RowDigest into) {
        clients.forEach((clientId, window) -> into.row(0, 0, clientId, 0)
                .bytes(NOTHING, 0, 0)
                .bytes(new UnsafeBuffer(window), 0, window.length)
                .add());
    }

    @Override
    public ContentDigest publish(int shard, long migrationId) {
        Copy copy = copy(shard, migrationId);
        copy.rows.forEach((key, row) -> {
            Collection collection = rows().catalog().byId(key.collectionId());
            if (collection != null && row.vector().length == collection.dimension() * Float.BYTES) {
                UnsafeBuffer payload = new UnsafeBuffer(row.payload());
                collection
                        .store()
                        .upsert(
                                key.idMost(),
                                key.idLeast(),
                                row.version(),
                                new UnsafeBuffer(row.vector()),
                                0,
                                payload,
                                0,
                                payload.capacity());
            }
        });
        copy.clients.forEach((clientId, window) ->
                rows().mergeClient(clientId, ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN), index));
        copies.remove(shard);
        RowDigest digest = new RowDigest();
        shardRows.digest(rows().catalog(), shard, digest);
        addClients(copy.clients, digest);
        return digest.digest();
    }

    @Override
    public void discard(int shard, long migrationId) {
        copies.remove(shard);
    }

    /** Returns the copies as bytes; equal ones give equal bytes. */
    public byte[] encode() {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
        int[] at = {putInt(buffer, 0, copies.size())};
        ChunkRows entries = new ChunkRows();
        copies.forEach((shard, copy) -> {
            entries.clear();
            copy.rows.forEach((key, row) -> entries.put(
                    new ChunkRows.Entry(
                            ChunkRows.ROW,
                            key.collectionId(),
                            key.idMost(),
                            key.idLeast(),
                            row.version(),
                            row.vector().length,
                            row.payload().length),
                    new UnsafeBuffer(row.vector()),
                    new UnsafeBuffer(row.payload())));
            copy.clients.forEach((clientId, window) -> putClient(entries, clientId, window));
            at[0] = putInt(buffer, at[0], shard);
            buffer.putLong(at[0], copy.migrationId, ByteOrder.LITTLE_ENDIAN);
            at[0] = putInt(buffer, at[0] + Long.BYTES, entries.length());
            buffer.putBytes(at[0], entries.buffer(), 0, entries.length());
            at[0] += entries.length();
        });
        byte[] bytes = new byte[at[0]];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    static void putClient(ChunkRows into, long clientId, byte[] window) {
        into.put(
                new ChunkRows.Entry(ChunkRows.CLIENT, 0, 0, clientId, 0, 0, window.length),
                NOTHING,
                new UnsafeBuffer(window));
    }

    /** Takes what {@link #encode} wrote in place of what there is. */
    public void decode(DirectBuffer state, int offset, int length) {
        copies.clear();
        int count = new Bytes(state, offset, length).getInt();
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int shard = state.getInt(at, ByteOrder.LITTLE_ENDIAN);
            long migrationId = state.getLong(at + 4, ByteOrder.LITTLE_ENDIAN);
            int bytes = state.getInt(at + 12, ByteOrder.LITTLE_ENDIAN);
            begin(shard, migrationId);
            take(shard, migrationId, state, at + 16, bytes);
            at += 16 + bytes;
        }
    }

    private static int putInt(ExpandableArrayBuffer buffer, int at, int value) {
        buffer.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
        return at + Integer.BYTES;
    }
}
