package io.grape.node.state;

import io.grape.codecs.sbe.Metric;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/**
 * Catalog and clients as bytes: the part of the state that is not in stores.
 *
 * <pre>
 * State v3, little-endian
 * offset  size  field             meaning
 *      0     4  nextCollectionId  no collection had this id or a later one
 *      4     4  version           3
 *      8     8  catalogRevision   index of the entry of group 0 that changed the collections last
 *     16     4  collections       number
 *      +     *  collection        int id, int dimension, int metric (wire code), int nameBytes, UTF-8 name
 *      +     4  commandBytes      length
 *      +     *  commands          what the group replicates beside points, see GroupCommands
 *      +     *  clients           see ClientTable
 * </pre>
 *
 * <p>Equal states have equal bytes. Thread: the apply agent's.
 */
public final class StateCodec {
    private static final int VERSION = 3;

    private static final int REVISION_OFFSET = 2 * Integer.BYTES;

    private StateCodec() {}

    /** Returns the id that the next collection would have had. */
    public static int nextCollectionId(byte[] state) {
        return ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    /** Returns the index of the entry of group 0 that changed the collections last. */
    public static long catalogRevision(byte[] state) {
        return ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getLong(REVISION_OFFSET);
    }

    static byte[] encode(
            int nextCollectionId, long catalogRevision, Catalog catalog, byte[] commands, ClientTable clients) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(4096);
        List<Collection> collections = catalog.all();
        int at = putInt(out, 0, nextCollectionId);
        at = putInt(out, at, VERSION);
        out.putLong(at, catalogRevision, ByteOrder.LITTLE_ENDIAN);
        at += Long.BYTES;
        at = putInt(out, at, collections.size());
        for (Collection collection : collections) {
            byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
            at = putInt(out, at, collection.id());
            at = putInt(out, at, collection.dimension());
            at = putInt(out, at, collection.metric().value());
            at = putInt(out, at, name.length);
            out.putBytes(at, name);
            at += name.length;
        }
        at = putInt(out, at, commands.length);
        out.putBytes(at, commands);
        at = clients.encode(out, at + commands.length);
        byte[] bytes = new byte[at];
        out.getBytes(0, bytes);
        return bytes;
    }

    private static int putInt(ExpandableArrayBuffer out, int at, int value) {
        out.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
        return at + Integer.BYTES;
    }

    /** Returns the collections; {@link #decodeCommands} reads what follows in {@code state}. */
    static List<CollectionShape> decodeCollections(ByteBuffer state) {
        state.order(ByteOrder.LITTLE_ENDIAN).position(Integer.BYTES);
        int version = state.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("state of version " + version + ", this one reads " + VERSION);
        }
        state.getLong();
        int count = state.getInt();
        List<CollectionShape> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = state.getInt();
            int dimension = state.getInt();
            Metric metric = Metric.get((short) state.getInt());
            byte[] name = new byte[state.getInt()];
            state.get(name);
            found.add(new CollectionShape(id, new String(name, StandardCharsets.UTF_8), dimension, metric));
        }
        return found;
    }

    /** Returns what follows the collections; the bytes behind it are the clients'. */
    static byte[] decodeCommands(ByteBuffer state) {
        byte[] commands = new byte[state.getInt()];
        state.get(commands);
        return commands;
    }
}
