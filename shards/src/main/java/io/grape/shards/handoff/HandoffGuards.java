package io.grape.shards.handoff;

/**
 * The six guards of the hand-off. Each is necessary: a search of all states finds two owners or lost writes without any one
 * of them, and none with all.
 *
 * <p>They are an interface so that the search can take one out; everyone else uses {@link #ALL}.
 */
public interface HandoffGuards {
    /** Every guard. */
    HandoffGuards ALL = new HandoffGuards() {};

    /** 1. A sealed source serves again only when group 0 has committed the abort; never because time has passed. */
    default boolean mayUnseal(boolean abortIsCommitted) {
        return abortIsCommitted;
    }

    /** 2. The destination is ready only with exactly the index at which the source was sealed. */
    default boolean isReady(long stagedIndex, long sealedIndex) {
        return sealedIndex != ShardHolding.NOT_SEALED && stagedIndex == sealedIndex;
    }

    /** 3. The destination owns the shard only once group 0 has committed; readiness is not ownership. */
    default boolean mayOwn(boolean commitIsCommitted) {
        return commitIsCommitted;
    }

    /** 4a. A commit excludes an abort for ever ... */
    default boolean mayCommit(MigrationRecord migration) {
        return migration.state() == MigrationRecord.State.READY;
    }

    /** 4b. ... and an abort a commit. */
    default boolean mayAbort(MigrationRecord migration) {
        return !migration.isClosed();
    }

    /** 5. Chunks and deltas are applied only where the last one ended. */
    default boolean mayStage(long stagedIndex, long from) {
        return from == stagedIndex;
    }

    /** 6. A message of a migration that the group has closed is from the past. */
    default boolean isLive(long migrationId, long closedThrough) {
        return migrationId > closedThrough;
    }
}
