package io.grape.node.groups;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;

/**
 * What {@link OwnedShards} keeps, as bytes.
 *
 * <pre>
 * State v2, little-endian
 * offset  size  field       meaning
 *      0     4  version     2
 *      4     4  shardCount  power of two
 *      8   8*S  epochs      of each shard, as the group knows it
 *      +     8  chunksHash  of all chunks that were ever applied
 *      +   4+n  shards      length and bytes of GroupShards
 *      +   4+n  staged      length and bytes of StagedShards
 *      +     *  clients     int shards, each: int shard, int clients, each: long clientId, int length, window
 * </pre>
 */
final class OwnedShardsCodec {
    private static final int VERSION = 2;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private OwnedShardsCodec() {}

    /** The parts. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Saved(
            long[] epochs,
            long chunksHash,
            byte[] shards,
            byte[] staged,
            Map<Integer, TreeMap<Long, byte[]>> sealedClients) {}

    static byte[] encode(Saved saved) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(1024 + saved.shards().length + saved.staged().length);
        int at = putInt(out, 0, VERSION);
        at = putInt(out, at, saved.epochs().length);
        for (long epoch : saved.epochs()) {
            at = putLong(out, at, epoch);
        }
        at = putLong(out, at, saved.chunksHash());
        at = putBytes(out, at, saved.shards());
        at = putBytes(out, at, saved.staged());
        at = putInt(out, at, saved.sealedClients().size());
        for (Map.Entry<Integer, TreeMap<Long, byte[]>> shard : new TreeMap<>(saved.sealedClients()).entrySet()) {
            at = putInt(out, at, shard.getKey());
            at = putInt(out, at, shard.getValue().size());
            for (Map.Entry<Long, byte[]> client : shard.getValue().entrySet()) {
                at = putLong(out, at, client.getKey());
                at = putBytes(out, at, client.getValue());
            }
        }
        byte[] bytes = new byte[at];
        out.getBytes(0, bytes);
        return bytes;
    }

    /** @throws IllegalArgumentException if it is of another version or number of shards */
    static Saved decode(byte[] state, int expectedShards) {
        ByteBuffer in = ByteBuffer.wrap(state).order(ORDER);
        int version = in.getInt();
        int shardCount = in.getInt();
        if (version != VERSION || shardCount != expectedShards) {
            throw new IllegalArgumentException("owned shards of version " + version + " of " + shardCount
                    + " shards cannot be loaded into version " + VERSION + " of " + expectedShards);
        }
        long[] epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            epochs[shard] = in.getLong();
        }
        long chunksHash = in.getLong();
        byte[] shards = getBytes(in);
        byte[] staged = getBytes(in);
        Map<Integer, TreeMap<Long, byte[]>> sealed = new TreeMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            int shard = in.getInt();
            TreeMap<Long, byte[]> clients = new TreeMap<>();
            for (int more = in.getInt(); more > 0; more--) {
                long clientId = in.getLong();
                clients.put(clientId, getBytes(in));
            }
            sealed.put(shard, clients);
        }
        return new Saved(epochs, chunksHash, shards, staged, sealed);
    }

    private static byte[] getBytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }

    private static int putBytes(ExpandableArrayBuffer out, int at, byte[] bytes) {
        out.putInt(at, bytes.length, ORDER);
        out.putBytes(at + Integer.BYTES, bytes);
        return at + Integer.BYTES + bytes.length;
    }

    private static int putInt(ExpandableArrayBuffer out, int at, int value) {
        out.putInt(at, value, ORDER);
        return at + Integer.BYTES;
    }

    private static int putLong(ExpandableArrayBuffer out, int at, long value) {
        out.putLong(at, value, ORDER);
        return at + Long.BYTES;
    }
}
