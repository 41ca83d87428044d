package io.grape.node.metrics;

import io.grape.node.state.Collection;
import io.grape.node.state.MappedStore;
import io.grape.node.state.NodeBudget;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The vectors off the heap, over all groups and collections of the node. */
public final class StoreMetrics {
    private final Supplier<List<GroupView>> groups;
    private final NodeBudget budget;

    /**
     * @param groups of this node; any thread
     * @param budget of all stores
     */
    public StoreMetrics(Supplier<List<GroupView>> groups, NodeBudget budget) {
        this.groups = groups;
        this.budget = budget;
    }

    /** Adds the metrics of stores to a registry. */
    public void register(Registrar registrar) {
        registrar.level(
                "grape_store_bytes",
                "Off-heap bytes of vectors, payloads and id maps: mapped files.",
                budget::usedBytes);
        registrar.level(
                "grape_store_budget_bytes",
                "Most bytes that all stores of the node may take: limits.node-budget-mib.",
                budget::limitBytes);
        sum(
                registrar,
                "grape_index_tail_points",
                "Points that searches compare one by one, because they are not linked into a graph yet.",
                MappedStore::tailRows);
        sum(
                registrar,
                "grape_store_deleted_rows",
                "Rows of deleted or replaced points that still take room.",
                mapped -> mapped.points().stats().deletedRows());
        sum(
                registrar,
                "grape_store_segments",
                "Segment files.",
                mapped -> mapped.points().stats().segments());
    }

    private void sum(Registrar registrar, String name, String help, ToLongFunction<MappedStore> figure) {
        registrar.level(name, help, () -> {
            long sum = 0;
            for (GroupView group : groups.get()) {
                for (Collection collection : group.state().catalog().all()) {
                    sum += of(collection, figure);
                }
            }
            return sum;
        });
    }

    private static long of(Collection collection, ToLongFunction<MappedStore> figure) {
        if (!(collection.store() instanceof MappedStore mapped)) {
            return 0;
        }
        try {
            return figure.applyAsLong(mapped);
        } catch (VectorsException closed) {
            if (closed.reason() == Reason.STORE_CLOSED) {
                // Dropped since the catalog was read.
                return 0;
            }
            throw closed;
        }
    }
}
