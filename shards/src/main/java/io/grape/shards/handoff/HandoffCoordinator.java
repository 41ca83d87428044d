package io.grape.shards.handoff;

import io.grape.shards.handoff.DestinationView.Check;

/**
 * Says what comes next, from durable records alone.
 *
 * <p>There is no state: whoever leads group 0 asks the three groups what they hold, gives the command that this names, and asks
 * again. So a coordinator may die between any two steps, and two of them do no harm: a command that does not apply any more
 * changes nothing, because every group checks it again ({@link ShardHolding}, {@link MigrationTable}).
 *
 * <p>Pure; any thread.
 */
public final class HandoffCoordinator {
    private HandoffCoordinator() {}

    /**
     * Names the next step of a migration.
     *
     * @param entry       what group 0 has committed of it
     * @param source      what the source group has applied
     * @param destination what the destination group has applied
     * @param limits      when to seal, when to give up
     * @param giveUp      whether somebody wants it ended: an operator, a deadline, a planner that sees a node fail. Heeded only as
     *     long as group 0 may still abort
     */
    public static HandoffStep next(
            MigrationTable.Entry entry,
            SourceView source,
            DestinationView destination,
            HandoffLimits limits,
            boolean giveUp) {
        if (entry.isFinished()) {
            return HandoffStep.NONE;
        }
        long id = entry.migration().migrationId();
        return switch (entry.migration().state()) {
            case STARTED -> giveUp ? HandoffStep.ABORT : copy(id, source, destination, limits);
            case READY -> giveUp ? HandoffStep.ABORT : HandoffStep.COMMIT;
            case COMMITTED -> handOver(id, source, destination);
            case ABORTED -> cleanUp(id, source, destination);
        };
    }

    private static HandoffStep copy(long id, SourceView source, DestinationView destination, HandoffLimits limits) {
        ShardHolding from = source.holding();
        ShardHolding to = destination.holding();
        if (to.staging() != id) {
            // Owning, or with a later migration closed, it would never begin.
            boolean hopeless = to.owner() || to.closedThrough() >= id;
            return hopeless ? HandoffStep.ABORT : HandoffStep.IMPORT_BEGIN;
        }
        if (from.exporting() != id) {
            boolean hopeless = !from.owner() || from.closedThrough() >= id;
            return hopeless ? HandoffStep.ABORT : HandoffStep.EXPORT_BEGIN;
        }
        if (source.isOverfull() || destination.check() == Check.DIFFERENT) {
            return HandoffStep.ABORT;
        }
        if (from.sealedFor() == id) {
            if (to.stagedIndex() < from.sealedIndex()) {
                return HandoffStep.COPY;
            }
            return destination.check() == Check.EQUAL ? HandoffStep.READY : HandoffStep.VERIFY;
        }
        return beforeSeal(destination, limits);
    }

    private static HandoffStep beforeSeal(DestinationView destination, HandoffLimits limits) {
        if (destination.rounds() == 0) {
            return HandoffStep.COPY;
        }
        // The first round carries the whole shard; only those after it tell how fast it is written to.
        boolean small = destination.lastRoundRows() <= limits.sealBelowRows();
        if (small) {
            return HandoffStep.SEAL;
        }
        if (destination.rounds() < limits.maxRounds()) {
            return HandoffStep.COPY;
        }
        return destination.lastRoundRows() <= limits.maxSealRows() ? HandoffStep.SEAL : HandoffStep.ABORT;
    }

    private static HandoffStep handOver(long id, SourceView source, DestinationView destination) {
        if (destination.holding().closedThrough() < id) {
            return HandoffStep.OWN;
        }
        if (destination.check() != Check.EQUAL) {
            return HandoffStep.ALARM;
        }
        if (source.holding().closedThrough() < id) {
            return HandoffStep.DROP;
        }
        return source.awaitsPurge() ? HandoffStep.PURGE : HandoffStep.FINISH;
    }

    private static HandoffStep cleanUp(long id, SourceView source, DestinationView destination) {
        if (source.holding().closedThrough() < id) {
            return HandoffStep.CLEAN_SOURCE;
        }
        return destination.holding().closedThrough() < id ? HandoffStep.CLEAN_DESTINATION : HandoffStep.FINISH;
    }
}
