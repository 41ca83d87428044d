package io.grape.shards.handoff;

/**
 * What one group durably knows of one shard: whether it owns it, and what it does for which migration.
 *
 * <p>Immutable. Each method is one command of the group's log and returns the holding after it, the same one when the
 * command does not apply: a repetition, a stale message, or one that a guard turns away.
 *
 * @param owner         whether the group owns the shard
 * @param exporting     migration that the shard is being copied for, or 0
 * @param sealedFor     migration that writes wait for, or 0
 * @param sealedIndex   last index of the shard's data when it was sealed, or {@link #NOT_SEALED}
 * @param staging       migration whose copy is being taken in, hidden from every reader, or 0
 * @param stagedIndex   index up to which the copy is complete
 * @param closedThrough last migration that this group has seen the end of
 */
public record ShardHolding(
        boolean owner,
        long exporting,
        long sealedFor,
        long sealedIndex,
        long staging,
        long stagedIndex,
        long closedThrough) {
    /** No sealed index is known. */
    public static final long NOT_SEALED = -1;

    /** A group that owns the shard from the beginning. */
    public static ShardHolding owned() {
        return new ShardHolding(true, 0, 0, NOT_SEALED, 0, 0, 0);
    }

    /** A group that has nothing to do with the shard. */
    public static ShardHolding none() {
        return new ShardHolding(false, 0, 0, NOT_SEALED, 0, 0, 0);
    }

    /** Whether writes are accepted: checked when they arrive and again when they are applied. */
    public boolean acceptsWrites() {
        return owner && sealedFor == 0;
    }

    /** Step 1, destination: begins to take a copy in. */
    public ShardHolding importBegin(long migrationId, HandoffGuards guards) {
        boolean applies = !owner && staging == 0 && guards.isLive(migrationId, closedThrough);
        return applies ? new ShardHolding(false, 0, 0, NOT_SEALED, migrationId, 0, closedThrough) : this;
    }

    /** Step 2, source: pins a snapshot and keeps the operations after it. */
    public ShardHolding exportBegin(long migrationId, HandoffGuards guards) {
        boolean applies = owner && exporting == 0 && guards.isLive(migrationId, closedThrough);
        return applies ? new ShardHolding(true, migrationId, 0, NOT_SEALED, 0, 0, closedThrough) : this;
    }

    /** Steps 3, 4 and 6, destination: takes in the operations after {@code from} up to {@code to}. */
    public ShardHolding stage(long migrationId, long from, long to, HandoffGuards guards) {
        boolean applies = staging == migrationId && to > stagedIndex && guards.mayStage(stagedIndex, from);
        return applies ? new ShardHolding(owner, 0, 0, NOT_SEALED, migrationId, to, closedThrough) : this;
    }

    /** Step 5, source: from here on writes wait. */
    public ShardHolding seal(long migrationId, long lastIndex) {
        boolean applies = owner && exporting == migrationId && sealedFor == 0;
        return applies ? new ShardHolding(true, exporting, migrationId, lastIndex, 0, 0, closedThrough) : this;
    }

    /** Step 6, destination: whether the copy is complete. An empty answer never means that it is. */
    public boolean isReady(long migrationId, long sealedIndexOfSource, HandoffGuards guards) {
        return staging == migrationId && guards.isReady(stagedIndex, sealedIndexOfSource);
    }

    /** Step 9, destination: owns what it has staged. */
    public ShardHolding own(long migrationId, boolean commitIsCommitted, HandoffGuards guards) {
        boolean applies =
                staging == migrationId && guards.mayOwn(commitIsCommitted) && guards.isLive(migrationId, closedThrough);
        return applies ? closed(true, migrationId) : this;
    }

    /** Step 9, source, after a commit: the shard is the destination's. */
    public ShardHolding drop(long migrationId, HandoffGuards guards) {
        return sealedFor == migrationId && guards.isLive(migrationId, closedThrough)
                ? closed(false, migrationId)
                : this;
    }

    /** After an abort, or before one where no guard asks: a source serves again. */
    public ShardHolding unseal(long migrationId, boolean abortIsCommitted, HandoffGuards guards) {
        return exporting == migrationId && guards.mayUnseal(abortIsCommitted) ? closed(true, migrationId) : this;
    }

    /** After an abort: whatever part this group has in the migration ends. An owner stays one. */
    public ShardHolding abort(long migrationId, HandoffGuards guards) {
        if (exporting == migrationId || staging == migrationId) {
            return unsealOrClean(migrationId, guards);
        }
        boolean unheard = exporting == 0 && staging == 0 && migrationId > closedThrough;
        return unheard ? closed(owner, migrationId) : this;
    }

    private ShardHolding unsealOrClean(long migrationId, HandoffGuards guards) {
        return owner ? unseal(migrationId, true, guards) : closed(false, migrationId);
    }

    private ShardHolding closed(boolean owns, long migrationId) {
        return new ShardHolding(owns, 0, 0, NOT_SEALED, 0, 0, Math.max(closedThrough, migrationId));
    }
}
