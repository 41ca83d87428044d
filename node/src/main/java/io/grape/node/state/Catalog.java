package io.grape.node.state;

import io.grape.codecs.HotPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The collections at one moment. Immutable: a change makes a new one, and whoever holds the old one keeps reading it.
 */
public final class Catalog {
    /** No collections. */
    public static final Catalog EMPTY = new Catalog(new Int2ObjectHashMap<>(), Map.of());

    private final Int2ObjectHashMap<Collection> byId;
    private final Map<String, Collection> byName;

    private Catalog(Int2ObjectHashMap<Collection> byId, Map<String, Collection> byName) {
        this.byId = byId;
        this.byName = byName;
    }

    /** Returns a collection, or null. */
    @HotPath
    public @Nullable Collection byId(int id) {
        return byId.get(id);
    }

    /** Returns a collection, or null. */
    public @Nullable Collection byName(String name) {
        return byName.get(name);
    }

    /** Returns all collections by ascending id. */
    public List<Collection> all() {
        return byName.values().stream()
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .toList();
    }

    /** Returns the number of collections. */
    public int size() {
        return byId.size();
    }

    /** Returns the live points of all collections. */
    public long points() {
        long points = 0;
        for (Collection collection : byName.values()) {
            points += collection.store().size();
        }
        return points;
    }

    /** Returns a hash of all points and shapes, equal on replicas that hold the same. */
    long hash() {
        long hash = 0;
        for (Collection collection : all()) {
            long shape = collection.id() * 31L + collection.dimension();
            hash += (collection.store().stateHash() ^ shape) * 0x9E37_79B9_7F4A_7C15L;
        }
        return hash;
    }

    /** Returns the same collections, those among the shapes under the names that they have there. */
    Catalog renamed(List<CollectionShape> shapes) {
        Catalog next = this;
        List<Collection> renamed = new ArrayList<>();
        for (CollectionShape shape : shapes) {
            Collection held = next.byId(shape.id());
            if (held != null && !held.name().equals(shape.name())) {
                // All of them are taken out first: one may have got the name that another had.
                next = next.without(held);
                renamed.add(held.named(shape.name()));
            }
        }
        for (Collection collection : renamed) {
            next = next.with(collection);
        }
        return next;
    }

    Catalog with(Collection added) {
        Int2ObjectHashMap<Collection> ids = new Int2ObjectHashMap<>(byId);
        Map<String, Collection> names = new TreeMap<>(byName);
        ids.put(added.id(), added);
        names.put(added.name(), added);
        return new Catalog(ids, names);
    }

    Catalog without(Collection removed) {
        Int2ObjectHashMap<Collection> ids = new Int2ObjectHashMap<>(byId);
        Map<String, Collection> names = new TreeMap<>(byName);
        ids.remove(removed.id());
        names.remove(removed.name());
        return new Catalog(ids, names);
    }
}
