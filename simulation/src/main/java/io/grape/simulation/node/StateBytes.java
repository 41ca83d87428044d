package io.grape.simulation.node;

import io.grape.node.state.Collection;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** All of a simulated replica's state as bytes: what the state machine saves, then each collection's points. */
final class StateBytes {
    private StateBytes() {}

    static byte[] save(StateMachine machine) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(1024);
        byte[] state = machine.save();
        out.putInt(0, state.length);
        out.putBytes(Integer.BYTES, state);
        int at = Integer.BYTES + state.length;
        // Group 0 knows the collections and holds no points.
        List<Collection> collections = machine.catalog().all().stream()
                .filter(collection -> !(collection.store() instanceof NoStore))
                .toList();
        out.putInt(at, collections.size());
        at += Integer.BYTES;
        for (Collection collection : collections) {
            if (!(collection.store() instanceof MemoryStore points)) {
                throw new IllegalStateException("collection " + collection.id() + " is not in memory");
            }
            out.putInt(at, collection.id());
            at = points.save(out, at + Integer.BYTES);
        }
        byte[] bytes = new byte[at];
        out.getBytes(0, bytes);
        return bytes;
    }

    static void load(StateMachine machine, long index, byte[] bytes) {
        UnsafeBuffer in = new UnsafeBuffer(bytes);
        byte[] state = new byte[in.getInt(0)];
        in.getBytes(Integer.BYTES, state);
        int at = Integer.BYTES + state.length;
        int collections = in.getInt(at);
        at += Integer.BYTES;
        Map<Integer, CollectionStore> stores = new HashMap<>();
        for (int i = 0; i < collections; i++) {
            int id = in.getInt(at);
            MemoryStore store = MemoryStore.empty(in, at + Integer.BYTES);
            at = store.load(in, at + Integer.BYTES);
            stores.put(id, store);
        }
        machine.load(index, state, id -> stores.getOrDefault(id, NoStore.INSTANCE));
    }
}
