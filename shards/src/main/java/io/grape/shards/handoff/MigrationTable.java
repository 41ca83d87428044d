package io.grape.shards.handoff;

import io.grape.shards.ShardTable;
import io.grape.shards.handoff.MigrationRecord.State;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Group 0's migrations: the last one of each shard that has ever moved. Part of group 0's replicated state; it is changed by
 * committed commands alone, and a command that does not apply changes nothing.
 *
 * <pre>
 * Migrations v1, little-endian
 * offset  size  field    meaning
 *      0     4  version  1
 *      4     4  count    entries, by ascending shard
 *      +    32  entry    int shard, int source, int destination, int state (0 to 3), long migrationId, int finished, int 0
 * </pre>
 *
 * <p>Thread: the apply agent's.
 */
public final class MigrationTable {
    private static final int VERSION = 1;
    private static final int ENTRY_BYTES = 32;
    private static final List<State> STATES = List.of(State.STARTED, State.READY, State.COMMITTED, State.ABORTED);

    private final TreeMap<Integer, Entry> entries = new TreeMap<>();
    private final HandoffGuards guards;

    /**
     * One migration as group 0 knows it.
     *
     * @param shard      that moves
     * @param migration  from where to where, and how far it is
     * @param isFinished whether both groups have nothing left to do for it
     */
    public record Entry(int shard, MigrationRecord migration, boolean isFinished) {}

    /** No shard has moved yet. */
    public MigrationTable() {
        this(HandoffGuards.ALL);
    }

    /** For tests that take a guard out; everyone else has all of them. */
    public MigrationTable(HandoffGuards guards) {
        this.guards = guards;
    }

    /** Returns the last migration of a shard, or null if it has never moved. */
    public @Nullable Entry of(int shard) {
        return entries.get(shard);
    }

    /** Returns the last migration of every shard that has ever moved, by ascending shard. */
    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    /** Returns the migrations that are not finished, by ascending shard. */
    public List<Entry> live() {
        return entries.values().stream().filter(entry -> !entry.isFinished()).toList();
    }

    /** Returns the id that the next migration of a shard must have. */
    public long nextId(int shard) {
        Entry last = entries.get(shard);
        return last == null ? 1 : last.migration().migrationId() + 1;
    }

    /**
     * Step 0. One live migration a shard: the one before must be finished, not only closed, so that neither group holds
     * anything of it any more.
     *
     * @param migrationId {@link #nextId} as the proposer saw it
     * @return false if it does not apply
     */
    public boolean start(ShardTable table, int shard, int source, int destination, long migrationId) {
        Entry last = entries.get(shard);
        boolean applies = shard >= 0
                && shard < table.shardCount()
                && migrationId == nextId(shard)
                && (last == null || last.isFinished())
                && source != destination
                && table.groupOf(shard) == source
                && table.groups().stream().anyMatch(group -> group.groupId() == destination);
        if (applies) {
            entries.put(shard, new Entry(shard, MigrationRecord.start(migrationId, source, destination), false));
        }
        return applies;
    }

    /** Step 7. */
    public boolean ready(int shard, long migrationId) {
        Entry entry = find(shard, migrationId);
        return entry != null && replace(entry, entry.migration().ready());
    }

    /**
     * Step 8, the linearization point: the shard is the destination's and its epoch one higher.
     *
     * @return the table after it; the same one if the commit does not apply
     */
    public ShardTable commit(ShardTable table, int shard, long migrationId) {
        Entry entry = find(shard, migrationId);
        if (entry == null || !replace(entry, entry.migration().commit(guards))) {
            return table;
        }
        return table.withOwner(shard, entry.migration().destination());
    }

    /** Step 8, the other way. */
    public boolean abort(int shard, long migrationId) {
        Entry entry = find(shard, migrationId);
        return entry != null && replace(entry, entry.migration().abort(guards));
    }

    /** Both groups have closed the migration, and the one that has lost the shard has deleted it. */
    public boolean finish(int shard, long migrationId) {
        Entry entry = find(shard, migrationId);
        if (entry == null || !entry.migration().isClosed() || entry.isFinished()) {
            return false;
        }
        entries.put(shard, new Entry(shard, entry.migration(), true));
        return true;
    }

    private @Nullable Entry find(int shard, long migrationId) {
        Entry entry = entries.get(shard);
        return entry != null && entry.migration().migrationId() == migrationId ? entry : null;
    }

    private boolean replace(Entry entry, MigrationRecord next) {
        if (next.equals(entry.migration())) {
            return false;
        }
        entries.put(entry.shard(), new Entry(entry.shard(), next, entry.isFinished()));
        return true;
    }

    /** Returns the migrations as bytes; equal tables give equal bytes. */
    public byte[] encode() {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer(8 + entries.size() * ENTRY_BYTES);
        Bytes bytes = new Bytes(out).putInt(VERSION).putInt(entries.size());
        for (Entry entry : entries.values()) {
            MigrationRecord migration = entry.migration();
            bytes.putInt(entry.shard())
                    .putInt(migration.source())
                    .putInt(migration.destination())
                    .putInt(STATES.indexOf(migration.state()))
                    .putLong(migration.migrationId())
                    .putInt(entry.isFinished() ? 1 : 0)
                    .putInt(0);
        }
        return bytes.toArray();
    }

    /**
     * Takes what {@link #encode} wrote in place of what there is.
     *
     * @throws IllegalArgumentException if it is of another version or shape
     */
    public void decode(DirectBuffer state, int offset, int length) {
        Bytes bytes = new Bytes(state, offset, length);
        bytes.requireVersion(VERSION, "migrations");
        List<Entry> read = new ArrayList<>();
        int count = bytes.getCount(ENTRY_BYTES);
        for (int i = 0; i < count; i++) {
            int shard = bytes.getInt();
            int source = bytes.getInt();
            int destination = bytes.getInt();
            State reached = STATES.get(bytes.getIntBelow(STATES.size()));
            MigrationRecord migration = new MigrationRecord(bytes.getLong(), source, destination, reached);
            read.add(new Entry(shard, migration, bytes.getInt() != 0));
            bytes.getInt();
        }
        entries.clear();
        read.forEach(entry -> entries.put(entry.shard(), entry));
    }
}
