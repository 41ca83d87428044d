package io.grape.shards.handoff;

import io.grape.shards.handoff.MigrationRecord.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Two groups, the arbiter, and a network that loses, repeats, delays and reorders: a message that could once have been sent
 * can be delivered at any later time, any number of times, or never. Clients write to whichever group accepts it.
 */
final class HandoffModel {
    static final int MIGRATIONS = 2;
    static final int MAX_WRITES = 3;

    private final HandoffGuards guards;

    HandoffModel(HandoffGuards guards) {
        this.guards = guards;
    }

    /** One group: its holding, the writes in its data and in its staging (bit n is write n + 1). */
    record Group(ShardHolding holding, int data, int staged) {
        /** The index of the last write, for writes are numbered as they are applied. */
        int lastIndex() {
            return Integer.SIZE - Integer.numberOfLeadingZeros(data);
        }

        Group with(ShardHolding next) {
            return new Group(next, data, staged);
        }
    }

    /** What has been sent for one migration and can be delivered for ever. */
    record Sent(int operations, long sealedIndex, boolean ready, boolean commit, boolean abort) {
        static final Sent NOTHING = new Sent(0, ShardHolding.NOT_SEALED, false, false, false);
    }

    /** The whole state. */
    record World(List<Group> groups, int ownerByArbiter, List<MigrationRecord> migrations, List<Sent> sent, int acked) {
        static World first() {
            Group source = new Group(ShardHolding.owned(), 0, 0);
            Group destination = new Group(ShardHolding.none(), 0, 0);
            return new World(List.of(source, destination), 0, List.of(), List.of(), 0);
        }

        World with(int group, Group next) {
            List<Group> changed = new ArrayList<>(groups);
            changed.set(group, next);
            return new World(List.copyOf(changed), ownerByArbiter, migrations, sent, acked);
        }

        World with(int at, MigrationRecord next, int owner) {
            List<MigrationRecord> changed = new ArrayList<>(migrations);
            changed.set(at, next);
            return new World(groups, owner, List.copyOf(changed), sent, acked);
        }

        World with(int at, Sent next) {
            List<Sent> changed = new ArrayList<>(sent);
            changed.set(at, next);
            return new World(groups, ownerByArbiter, migrations, List.copyOf(changed), acked);
        }
    }

    /** Returns what is wrong with a state, or null. */
    static String violation(World world) {
        int accepting = 0;
        boolean kept = false;
        for (Group group : world.groups()) {
            kept |= (group.data() & world.acked()) == world.acked()
                    || (group.staged() & world.acked()) == world.acked();
            if (group.holding().acceptsWrites()) {
                accepting++;
                if (group.data() != world.acked()) {
                    return "an owner serves other data than what was acknowledged";
                }
            }
        }
        if (accepting > 1) {
            return "two groups accept writes";
        }
        return kept ? null : "acknowledged writes are nowhere";
    }

    /** Gives every state that one step can lead to. */
    void successors(World world, Consumer<World> out) {
        for (int group = 0; group < 2; group++) {
            write(world, group, out);
        }
        if (world.migrations().size() < MIGRATIONS
                && world.migrations().stream().allMatch(MigrationRecord::isClosed)) {
            start(world, out);
        }
        for (int at = 0; at < world.migrations().size(); at++) {
            arbiter(world, at, out);
            source(world, at, out);
            destination(world, at, out);
        }
    }

    private static void write(World world, int number, Consumer<World> out) {
        Group group = world.groups().get(number);
        if (group.holding().acceptsWrites() && group.lastIndex() < MAX_WRITES) {
            int write = 1 << group.lastIndex();
            World next = world.with(number, new Group(group.holding(), group.data() | write, group.staged()));
            out.accept(new World(
                    next.groups(), next.ownerByArbiter(), next.migrations(), next.sent(), world.acked() | write));
        }
    }

    private static void start(World world, Consumer<World> out) {
        List<MigrationRecord> migrations = new ArrayList<>(world.migrations());
        List<Sent> sent = new ArrayList<>(world.sent());
        int owner = world.ownerByArbiter();
        migrations.add(MigrationRecord.start(migrations.size() + 1, owner, 1 - owner));
        sent.add(Sent.NOTHING);
        out.accept(new World(world.groups(), owner, List.copyOf(migrations), List.copyOf(sent), world.acked()));
    }

    private void arbiter(World world, int at, Consumer<World> out) {
        MigrationRecord migration = world.migrations().get(at);
        Sent sent = world.sent().get(at);
        if (sent.ready()) {
            out.accept(world.with(at, migration.ready(), world.ownerByArbiter()));
        }
        MigrationRecord committed = migration.commit(guards);
        if (committed.state() == State.COMMITTED) {
            out.accept(world.with(at, committed, committed.destination())
                    .with(at, new Sent(sent.operations(), sent.sealedIndex(), sent.ready(), true, sent.abort())));
        }
        MigrationRecord aborted = migration.abort(guards);
        if (aborted.state() == State.ABORTED) {
            out.accept(world.with(at, aborted, aborted.source())
                    .with(at, new Sent(sent.operations(), sent.sealedIndex(), sent.ready(), sent.commit(), true)));
        }
    }

    private void source(World world, int at, Consumer<World> out) {
        MigrationRecord migration = world.migrations().get(at);
        long id = migration.migrationId();
        Sent sent = world.sent().get(at);
        Group group = world.groups().get(migration.source());
        ShardHolding holding = group.holding();
        out.accept(world.with(migration.source(), group.with(holding.exportBegin(id, guards))));
        if (holding.exporting() == id) {
            int operations = sent.operations() | group.data();
            out.accept(world.with(
                    at, new Sent(operations, sent.sealedIndex(), sent.ready(), sent.commit(), sent.abort())));
        }
        ShardHolding sealed = holding.seal(id, group.lastIndex());
        if (sealed.sealedFor() == id) {
            out.accept(world.with(migration.source(), group.with(sealed))
                    .with(
                            at,
                            new Sent(
                                    sent.operations(),
                                    sealed.sealedIndex(),
                                    sent.ready(),
                                    sent.commit(),
                                    sent.abort())));
        }
        if (sent.commit()) {
            ShardHolding dropped = holding.drop(id, guards);
            boolean gone = holding.owner() && !dropped.owner();
            out.accept(
                    world.with(migration.source(), gone ? new Group(dropped, 0, group.staged()) : group.with(dropped)));
        }
        // A timer may fire at any time; the guard says whether that matters.
        out.accept(world.with(migration.source(), group.with(holding.unseal(id, sent.abort(), guards))));
        if (sent.abort()) {
            out.accept(world.with(migration.source(), group.with(holding.abort(id, guards))));
        }
    }

    private void destination(World world, int at, Consumer<World> out) {
        MigrationRecord migration = world.migrations().get(at);
        long id = migration.migrationId();
        int number = migration.destination();
        Sent sent = world.sent().get(at);
        Group group = world.groups().get(number);
        ShardHolding holding = group.holding();
        ShardHolding begun = holding.importBegin(id, guards);
        if (begun != holding) {
            out.accept(world.with(number, new Group(begun, group.data(), 0)));
        }
        for (int index = 1; index <= MAX_WRITES; index++) {
            int write = 1 << index - 1;
            ShardHolding staged = holding.stage(id, index - 1L, index, guards);
            if ((sent.operations() & write) != 0 && staged != holding) {
                out.accept(world.with(number, new Group(staged, group.data(), group.staged() | write)));
            }
        }
        if (holding.isReady(id, sent.sealedIndex(), guards)) {
            out.accept(
                    world.with(at, new Sent(sent.operations(), sent.sealedIndex(), true, sent.commit(), sent.abort())));
        }
        if (sent.ready() || sent.commit()) {
            ShardHolding owning = holding.own(id, sent.commit(), guards);
            if (owning != holding) {
                out.accept(world.with(number, new Group(owning, group.staged(), 0)));
            }
        }
        if (sent.abort()) {
            ShardHolding cleaned = holding.abort(id, guards);
            int staged = cleaned.staging() == 0 ? 0 : group.staged();
            out.accept(world.with(number, new Group(cleaned, group.data(), staged)));
        }
    }
}
