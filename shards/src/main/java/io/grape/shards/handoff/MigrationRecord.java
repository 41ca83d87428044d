package io.grape.shards.handoff;

/**
 * What group 0 knows of one migration. The commit is the linearization point of the hand-off.
 *
 * @param migrationId 1, 2, 3 ... for each shard; one is live at a time
 * @param source      group that hands the shard over
 * @param destination group that takes it
 * @param state       how far it is
 */
public record MigrationRecord(long migrationId, int source, int destination, State state) {
    /** How far a migration is. */
    public enum State {
        /** Begun; data is being copied. */
        STARTED,
        /** The destination holds everything up to the sealed index. */
        READY,
        /** The destination owns the shard, for ever. */
        COMMITTED,
        /** The source keeps the shard, for ever. */
        ABORTED
    }

    /** A new migration. */
    public static MigrationRecord start(long migrationId, int source, int destination) {
        return new MigrationRecord(migrationId, source, destination, State.STARTED);
    }

    /** The destination says that it is ready. Anything but a migration that has just started stays as it is. */
    public MigrationRecord ready() {
        return state == State.STARTED ? with(State.READY) : this;
    }

    /** Commits if the guards let it; otherwise it stays as it is. */
    public MigrationRecord commit(HandoffGuards guards) {
        return guards.mayCommit(this) ? with(State.COMMITTED) : this;
    }

    /** Aborts if the guards let it; otherwise it stays as it is. */
    public MigrationRecord abort(HandoffGuards guards) {
        return guards.mayAbort(this) ? with(State.ABORTED) : this;
    }

    /** Returns whether nothing will change it any more. */
    public boolean isClosed() {
        return state == State.COMMITTED || state == State.ABORTED;
    }

    private MigrationRecord with(State next) {
        return new MigrationRecord(migrationId, source, destination, next);
    }
}
