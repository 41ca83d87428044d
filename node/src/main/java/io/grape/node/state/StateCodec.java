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
 * State v2, little-endian
 * offset  size  field             meaning
 *      0     4  nextCollectionId  no collection had this id or a later one
 *      4     4  version           2
 *      8     4  collections       number
 *      +     *  collection        int id, int dimension, int metric (wire code), int nameBytes, UTF-8 name
 *      +     *  clients           see ClientTable
 * </pre>
 *
 * <p>Equal states have equal bytes. Thread: the apply agent's.
 */
public final class StateCodec {
    private static final int VERSION = 2;

    private StateCodec() {}

    /** Returns the id that the next collection would have had. */
    public static int nextCollectionId(byte[] state) {
        return ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    static byte[] encode(int nextCollectionId, Catalog catalog, ClientTable clients) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(4096);
        List<Collection> collections = catalog.all();
        int at = putInt(out, 0, nextCollectionId);
        at = putInt(out, at, VERSION);
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
        at = clients.encode(out, at);
        byte[] bytes = new byte[at];
        out.getBytes(0, bytes);
        return bytes;
    }

    private static int putInt(ExpandableArrayBuffer out, int at, int value) {
        out.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
        return at + Integer.BYTES;
    }

    /**
     * What a collection is called and looks like, without its store.
     *
     * @param id        of the collection
     * @param name      unique
     * @param dimension components of each vector
     * @param metric    comparison
     */
    public record Described(int id, String name, int dimension, Metric metric) {}

    /** Returns the collections; the bytes that follow in {@code state} are the clients'. */
    static List<Described> decodeCollections(ByteBuffer state) {
        state.order(ByteOrder.LITTLE_ENDIAN).position(Integer.BYTES);
        int version = state.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("state of version " + version + ", this one reads " + VERSION);
        }
        int count = state.getInt();
        List<Described> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = state.getInt();
            int dimension = state.getInt();
            Metric metric = Metric.get((short) state.getInt());
            byte[] name = new byte[state.getInt()];
            state.get(name);
            found.add(new Described(id, new String(name, StandardCharsets.UTF_8), dimension, metric));
        }
        return found;
    }
}
