package io.grape.shards.handoff.group;

import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTable;
import io.grape.shards.handoff.DestinationView;
import io.grape.shards.handoff.HandoffCoordinator;
import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.HandoffLimits;
import io.grape.shards.handoff.HandoffStep;
import io.grape.shards.handoff.MigrationRecord.State;
import io.grape.shards.handoff.MigrationTable;
import io.grape.shards.handoff.SourceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two groups, group 0, clients, senders of chunks and any number of coordinators, under one seed. Whatever was ever sent may
 * arrive at any later time, any number of times, or never; a group may lose all that it did not write down, at any time.
 */
final class HandoffWorld {
    private static final int SHARD = 0;
    private static final int POINTS = 4;
    private static final HandoffLimits LIMITS = new HandoffLimits(1, 4, 3);

    private final SplittableRandom random;
    private final HandoffGuards guards;
    private final StagedRows[] stores;
    private final GroupShards[] groups = new GroupShards[2];
    private final long[] lastIndex = new long[2];
    private final TreeMap<Long, Long> acknowledged = new TreeMap<>();
    private final List<Runnable> sent = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private ShardTable table;
    private MigrationTable migrations;
    private long writes;
    private int commits;
    private int aborts;

    /** What a coordinator saw at one moment; it may act on it much later. */
    private record Seen(
            MigrationTable.Entry entry, SourceView source, DestinationView destination, ChunkCursor cursor) {}

    /** @param comparesDigests false takes the second net away, so that a guard is seen alone */
    HandoffWorld(long seed, HandoffGuards guards, boolean comparesDigests) {
        this.random = new SplittableRandom(seed);
        this.guards = guards;
        this.stores = new StagedRows[] {new StagedRows(comparesDigests), new StagedRows(comparesDigests)};
        for (int i = 0; i < 2; i++) {
            groups[i] = new GroupShards(1, 3, stores[i], guards);
        }
        groups[0].found(SHARD);
        migrations = new MigrationTable(guards);
        table = new ShardTable(1, new short[] {0}, new long[] {1}, List.of(group(0), group(1)));
    }

    private static ShardGroup group(int id) {
        return new ShardGroup(id, ShardGroup.NO_LEADER, List.of());
    }

    int commits() {
        return commits;
    }

    int aborts() {
        return aborts;
    }

    /** One thing happens. */
    void step() {
        switch (random.nextInt(16)) {
            case 0, 1 -> write(random.nextInt(2));
            case 2 -> crash(random.nextInt(2));
            case 3 -> act(random.nextInt(4) == 0);
            case 4, 5, 6, 7, 8 -> {
                look();
                act(random.nextInt(24) == 0);
                arrive();
            }
            case 9 -> mischief();
            case 10 -> deliver();
            default -> {
                send();
                arrive();
            }
        }
    }

    /** What was sent last comes at once, mostly. */
    private void arrive() {
        if (!sent.isEmpty() && random.nextInt(6) != 0) {
            sent.get(sent.size() - 1).run();
        }
    }

    private void write(int to) {
        if (groups[to].access(SHARD) != Access.OWNED || random.nextInt(3) != 0) {
            return;
        }
        long point = random.nextInt(POINTS);
        long index = ++lastIndex[to];
        if (random.nextInt(3) == 0) {
            if (stores[to].data.remove(point) != null) {
                groups[to].changed(SHARD, 1, 0, point, index);
            }
            acknowledged.remove(point);
        } else {
            writes++;
            stores[to].data.put(point, new StagedRows.Row(writes, index));
            groups[to].changed(SHARD, 1, 0, point, index);
            acknowledged.put(point, writes);
        }
    }

    /** What is not written down is gone; rows and staged rows are. */
    private void crash(int which) {
        byte[] state = groups[which].encode();
        groups[which] = new GroupShards(1, 3, stores[which], guards);
        groups[which].decode(new UnsafeBuffer(state), 0, state.length);
        byte[] records = migrations.encode();
        migrations = new MigrationTable(guards);
        migrations.decode(new UnsafeBuffer(records), 0, records.length);
    }

    private void look() {
        MigrationTable.Entry entry = migrations.of(SHARD);
        if (entry != null) {
            seen.add(see(entry));
        } else if (random.nextBoolean()) {
            start();
        }
        if (entry != null && entry.isFinished() && random.nextInt(4) == 0) {
            start();
        }
    }

    private void start() {
        int owner = table.groupOf(SHARD);
        long id = migrations.nextId(SHARD);
        sent.add(() -> migrations.start(table, SHARD, owner, 1 - owner, id));
    }

    private Seen see(MigrationTable.Entry entry) {
        GroupShards from = groups[entry.migration().source()];
        GroupShards to = groups[entry.migration().destination()];
        return new Seen(entry, from.source(SHARD), to.destination(SHARD), to.cursor(SHARD));
    }

    private void act(boolean giveUp) {
        if (!seen.isEmpty()) {
            // Mostly of late, but any coordinator may wake up with what it saw long ago.
            int at = random.nextInt(8) == 0 ? random.nextInt(seen.size()) : seen.size() - 1;
            command(seen.get(at), giveUp);
        }
    }

    private HandoffStep command(Seen view, boolean giveUp) {
        HandoffStep step = HandoffCoordinator.next(view.entry(), view.source(), view.destination(), LIMITS, giveUp);
        long id = view.entry().migration().migrationId();
        int from = view.entry().migration().source();
        int to = view.entry().migration().destination();
        boolean committed = view.entry().migration().state() == State.COMMITTED;
        Runnable command = switch (step) {
            case IMPORT_BEGIN -> () -> groups[to].importBegin(SHARD, id);
            case EXPORT_BEGIN -> () -> groups[from].exportBegin(SHARD, id);
            case COPY -> () -> beginRound(from, to, id, view.cursor());
            case SEAL -> () -> groups[from].seal(SHARD, id, ++lastIndex[from], stores[from].digestOfData());
            case VERIFY ->
                () -> groups[to].verify(
                        SHARD,
                        id,
                        view.source().holding().sealedIndex(),
                        view.source().sealed());
            case READY -> () -> migrations.ready(SHARD, id);
            case COMMIT -> () -> commit(id);
            case ABORT -> () -> aborts += migrations.abort(SHARD, id) ? 1 : 0;
            case OWN -> () -> own(to, id, committed);
            case DROP -> () -> groups[from].drop(SHARD, id, to);
            case PURGE -> () -> purge(from, id);
            case CLEAN_SOURCE -> () -> groups[from].abort(SHARD, id);
            case CLEAN_DESTINATION -> () -> groups[to].abort(SHARD, id);
            case FINISH -> () -> migrations.finish(SHARD, id);
            case ALARM, NONE -> () -> {};
        };
        sent.add(command);
        return step;
    }

    private void commit(long id) {
        ShardTable next = migrations.commit(table, SHARD, id);
        commits += next.epoch() > table.epoch() ? 1 : 0;
        table = next;
    }

    private void own(int to, long id, boolean committed) {
        stores[to].index = ++lastIndex[to];
        groups[to].own(SHARD, id, committed);
    }

    private void purge(int from, long id) {
        if (groups[from].purge(SHARD, id)) {
            stores[from].data.clear();
        }
    }

    /** What nobody should do: a source's timer fires, a copy is compared early, and a destination that is only ready is told to own. */
    private void mischief() {
        MigrationTable.Entry entry = migrations.of(SHARD);
        if (entry != null) {
            long id = entry.migration().migrationId();
            int from = entry.migration().source();
            int to = entry.migration().destination();
            SourceView source = groups[from].source(SHARD);
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (source.holding().sealedFor() == id) {
                        groups[from].timeOut(SHARD, id);
                    }
                }
                case 1 -> groups[to].verify(SHARD, id, source.holding().sealedIndex(), source.sealed());
                default -> {
                    if (entry.migration().state() == State.READY) {
                        own(to, id, false);
                    }
                }
            }
        }
    }

    /** Reads the source's rows one by one, while they change. */
    private final class Sender {
        private final int from;
        private final int to;
        private final long migrationId;
        private final long after;
        private final long upTo;
        private final long attempt;
        private long nextPoint;
        private int number;

        Sender(int from, int to, long migrationId, long after, long upTo, long attempt) {
            this.from = from;
            this.to = to;
            this.migrationId = migrationId;
            this.after = after;
            this.upTo = upTo;
            this.attempt = attempt;
        }

        private void copy(long point, StagedRows.Chunk chunk) {
            StagedRows.Row row = stores[from].data.get(point);
            if (row != null) {
                chunk.put(point, row.content());
            } else {
                chunk.delete(point);
            }
        }

        boolean next() {
            boolean isEnd = nextPoint >= POINTS || after > 0;
            StagedRows.Chunk chunk = new StagedRows.Chunk();
            if (isEnd) {
                groups[from].forEachChangeAfter(SHARD, after, (collection, most, least) -> copy(least, chunk));
            } else {
                copy(nextPoint++, chunk);
            }
            byte[] rows = chunk.bytes();
            int crc = DestinationShard.crc(new UnsafeBuffer(rows), 0, rows.length);
            ChunkHeader header =
                    new ChunkHeader(migrationId, SHARD, after, upTo, attempt, number++, chunk.count(), isEnd, crc);
            sent.add(() -> groups[to].importChunk(header, new UnsafeBuffer(rows), 0, rows.length));
            return !isEnd;
        }
    }

    private void beginRound(int from, int to, long id, ChunkCursor cursor) {
        SourceView source = groups[from].source(SHARD);
        if (source.holding().exporting() != id) {
            return;
        }
        long upTo = source.holding().sealedFor() == id ? source.holding().sealedIndex() : ++lastIndex[from];
        senders.add(new Sender(from, to, id, cursor.stagedIndex(), upTo, cursor.attempt() + 1));
    }

    private void send() {
        if (!senders.isEmpty()) {
            Sender sender = senders.get(senders.size() - 1 - random.nextInt(Math.min(2, senders.size())));
            // A source that has nothing of the export any more has nothing to read.
            boolean exports = groups[sender.from].source(SHARD).holding().exporting() == sender.migrationId;
            if (!exports || !sender.next()) {
                senders.remove(sender);
            }
        }
    }

    private void deliver() {
        if (!sent.isEmpty()) {
            int at = random.nextInt(4) == 0
                    ? random.nextInt(sent.size())
                    : sent.size() - 1 - random.nextInt(Math.min(4, sent.size()));
            sent.get(at).run();
        }
    }

    /** Without any fault a coordinator that knows nothing brings it to its end. */
    void complete() {
        for (int i = 0; i < 200; i++) {
            MigrationTable.Entry entry = migrations.of(SHARD);
            if (entry == null || entry.isFinished()) {
                return;
            }
            senders.clear();
            HandoffStep step = command(see(entry), false);
            if (step == HandoffStep.ALARM) {
                throw new IllegalStateException("the destination owns other rows than it checked");
            }
            sent.get(sent.size() - 1).run();
            while (!senders.isEmpty()) {
                if (!senders.get(0).next()) {
                    senders.remove(0);
                }
                sent.get(sent.size() - 1).run();
            }
        }
        throw new IllegalStateException("not finished after 200 steps: " + see(migrations.of(SHARD)));
    }

    /** Returns what is wrong, or an empty text. */
    String violation() {
        int owners = 0;
        boolean kept = false;
        for (int i = 0; i < 2; i++) {
            Map<Long, Long> data = stores[i].contents(stores[i].data);
            kept |= data.equals(acknowledged) || stores[i].isStagedEqual(acknowledged);
            if (groups[i].access(SHARD) == Access.OWNED) {
                owners++;
                if (!data.equals(acknowledged)) {
                    return "an owner serves other data than what was acknowledged";
                }
            }
        }
        if (owners > 1) {
            return "two groups own the shard";
        }
        return kept ? "" : "acknowledged writes are nowhere";
    }

    /** Returns what is wrong once everything has come to its end, or an empty text. */
    String leftovers() {
        int owner = table.groupOf(SHARD);
        if (groups[owner].access(SHARD) != Access.OWNED) {
            return "nobody serves the shard";
        }
        if (!stores[1 - owner].data.isEmpty()) {
            return "rows are left where the shard is not";
        }
        return stores[0].staged.isEmpty() && stores[1].staged.isEmpty() ? "" : "a copy is left";
    }
}
