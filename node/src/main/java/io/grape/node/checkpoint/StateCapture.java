package io.grape.node.checkpoint;

import io.grape.node.state.Collection;
import io.grape.node.state.MappedStore;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.vectors.PointStore;
import io.grape.vectors.segment.StoreManifest;
import java.util.ArrayList;
import java.util.List;

/**
 * A group's state at an index, taken between two entries on the apply thread; fast, because no file is touched.
 *
 * @param groupId    the group
 * @param index      last entry that is part of the state
 * @param term       of that entry
 * @param membership members as of the index
 * @param state      catalog and clients
 * @param stores     sections without checksums
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
public record StateCapture(
        int groupId, long index, long term, byte[] membership, byte[] state, List<StoreSection> stores) {
    /** Captures the state as it is. Thread: the apply agent's. */
    static StateCapture of(StateMachine machine, int groupId, long index, long term, byte[] membership) {
        List<StoreSection> sections = new ArrayList<>();
        for (Collection collection : machine.catalog().all()) {
            if (collection.store() instanceof NoStore) {
                continue;
            }
            if (!(collection.store() instanceof MappedStore mapped)) {
                throw new IllegalStateException("collection " + collection.id() + " is not in files");
            }
            PointStore store = mapped.points();
            // In step, so that little is linked again after a crash; the two need not match.
            mapped.collection().requestIndexCheckpoint();
            StoreManifest manifest = store.image(index);
            String name = store.directory().getFileName().toString();
            int at = name.indexOf('@');
            long installedAt = at < 0 ? 0 : Long.parseLong(name.substring(at + 1));
            sections.add(new StoreSection(collection.id(), installedAt, store.shape(), manifest, new int[0][]));
        }
        return new StateCapture(groupId, index, term, membership, machine.save(), sections);
    }
}
