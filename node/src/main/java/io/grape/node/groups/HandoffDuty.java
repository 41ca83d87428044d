package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.HandoffAction;
import io.grape.codecs.sbe.MigrationAction;
import io.grape.node.handoff.RoundSender;
import io.grape.node.handoff.ShardRows;
import io.grape.shards.ShardTable;
import io.grape.shards.handoff.HandoffCoordinator;
import io.grape.shards.handoff.HandoffLimits;
import io.grape.shards.handoff.HandoffStep;
import io.grape.shards.handoff.MigrationTable;
import io.grape.shards.handoff.ShardHolding;
import io.grape.shards.handoff.group.ShardViews;
import io.grape.vectors.model.VectorsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings hand-offs on, on every node: of each migration it looks at what group 0, the source and the destination have applied
 * here, asks {@link HandoffCoordinator} for the next step, and proposes it if this node leads the group that the step is for.
 *
 * <p>So no node asks another one, and there is no coordinator to lose: whoever leads a group next sees the same records. What a
 * node sees may be old; then it proposes what does not apply any more, and nothing happens. Rows are read from this node's own
 * replica of the source by whoever leads the destination, so the two groups must share that node; in this version every node
 * holds a replica of every group.
 *
 * <p>Thread: the inbound agent's; {@link #request} is for any.
 */
public final class HandoffDuty implements InboundDuty {
    private static final Logger LOG = LoggerFactory.getLogger(HandoffDuty.class);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Before a proposal whose effect is not seen is made again. */
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** After which a round that does not arrive is begun again. */
    private static final long STALLED_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final HostedGroups groups;
    private final ClusterState cluster;
    private final HandoffProposals proposals;
    private final HandoffLimits limits;
    private final ShardRows shardRows;
    private final ConcurrentLinkedQueue<Wish> wishes = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Sent> sent = new HashMap<>();
    private final Map<Integer, Round> rounds = new HashMap<>();
    private final Set<Integer> givenUp = new HashSet<>();
    private long lookedNs;
    private boolean looked;
    private volatile long chunkBytes;
    private volatile long alarms;

    private record Wish(int shard, int destination) {}

    private record Sent(HandoffStep step, long migrationId, long atNs) {}

    /** A round that is being sent, and when its destination was last seen to move. */
    private static final class Round {
        private final RoundSender sender;
        private int seenNumber;
        private long movedNs;

        Round(RoundSender sender, long nowNs) {
            this.sender = sender;
            this.movedNs = nowNs;
        }
    }

    /**
     * @param groups    of this node
     * @param cluster   group 0's
     * @param proposals where commands go
     * @param limits    when a shard is sealed, and when a migration is given up
     */
    public HandoffDuty(HostedGroups groups, ClusterState cluster, Proposals proposals, HandoffLimits limits) {
        this.groups = groups;
        this.cluster = cluster;
        this.proposals = new HandoffProposals(proposals);
        this.limits = limits;
        int shards = groups.router().table().shardCount();
        this.shardRows = new ShardRows(Integer.numberOfTrailingZeros(shards));
    }

    /**
     * Asks for a shard to be handed over. Any thread; answers before anything has happened.
     *
     * @param destination group that is to take it, or -1 to give up the migration that is going on
     * @return OK when this node leads group 0 and has taken it up; NOT_LEADER, or INVALID_CONFIGURATION for a shard or a group
     *     that there is not
     */
    public ErrorCode request(int shard, int destination) {
        ShardTable table = groups.router().table();
        boolean known = destination == -1
                || (destination != HostedGroups.METADATA
                        && table.groups().stream().anyMatch(group -> group.groupId() == destination));
        if (shard < 0 || shard >= table.shardCount() || !known) {
            return ErrorCode.INVALID_CONFIGURATION;
        }
        if (!groups.metadata().status().isLeader()) {
            return ErrorCode.NOT_LEADER;
        }
        wishes.add(new Wish(shard, destination));
        return ErrorCode.OK;
    }

    /** Returns the bytes of rows that this node has proposed to destinations. Any thread. */
    public long chunkBytes() {
        return chunkBytes;
    }

    /** Returns how often a destination was seen to own other rows than it had compared. Any thread. */
    public long alarms() {
        return alarms;
    }

    @Override
    @HotPath
    public int doWork(long nowNs) {
        boolean idle = cluster.migrations().isEmpty() && wishes.isEmpty();
        if (idle || (looked && nowNs - lookedNs < LOOK_NS)) {
            return 0;
        }
        return look(nowNs);
    }

    private int look(long nowNs) {
        looked = true;
        lookedNs = nowNs;
        int work = takeWishes();
        for (MigrationTable.Entry entry : cluster.migrations()) {
            if (!entry.isFinished()) {
                work += bringOn(entry, nowNs);
            } else {
                endRound(entry.shard());
                sent.remove(entry.shard());
            }
        }
        return work;
    }

    private int takeWishes() {
        int work = 0;
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            work++;
            MigrationTable.Entry last = last(wish.shard());
            if (wish.destination() == -1) {
                givenUp.add(wish.shard());
            } else {
                givenUp.remove(wish.shard());
                long id = last == null ? 1 : last.migration().migrationId() + 1;
                int owner = groups.router().table().groupOf(wish.shard());
                proposals.start(wish.shard(), id, owner, wish.destination());
            }
        }
        return work;
    }

    private MigrationTable.@Nullable Entry last(int shard) {
        for (MigrationTable.Entry entry : cluster.migrations()) {
            if (entry.shard() == shard) {
                return entry;
            }
        }
        return null;
    }

    private int bringOn(MigrationTable.Entry entry, long nowNs) {
        HostedGroup source = groups.get(entry.migration().source());
        HostedGroup destination = groups.get(entry.migration().destination());
        if (source == null
                || destination == null
                || !(source.state().commands() instanceof OwnedShards from)
                || !(destination.state().commands() instanceof OwnedShards to)) {
            return 0;
        }
        ShardViews there = from.views(entry.shard());
        ShardViews here = to.views(entry.shard());
        HandoffStep step = HandoffCoordinator.next(
                entry, there.source(), here.destination(), limits, givenUp.contains(entry.shard()));
        if (step == HandoffStep.COPY && isQuiet(source, there, here)) {
            step = HandoffStep.SEAL;
        }
        if (step != HandoffStep.COPY) {
            endRound(entry.shard());
            return propose(step, entry, there, nowNs);
        }
        return destination.status().isLeader() ? copy(entry, source, from, here, nowNs) : 0;
    }

    /** The source has applied nothing since the last round: another one would copy nothing. */
    private static boolean isQuiet(HostedGroup source, ShardViews there, ShardViews here) {
        return here.destination().rounds() > 0
                && there.source().holding().sealedFor() == 0
                && source.appliedIndex().getAsLong() <= here.cursor().stagedIndex();
    }

    private int propose(HandoffStep step, MigrationTable.Entry entry, ShardViews source, long nowNs) {
        Sent last = sent.get(entry.shard());
        long id = entry.migration().migrationId();
        boolean again = false;
        if (last != null && last.step() == step && last.migrationId() == id) {
            if (nowNs - last.atNs() < AGAIN_NS) {
                return 0;
            }
            again = true;
        }
        sent.put(entry.shard(), new Sent(step, id, nowNs));
        int from = entry.migration().source();
        int to = entry.migration().destination();
        // The commit has made it one higher; the table here is at least as new as the record that says so.
        long epoch = groups.router().table().shardEpoch(entry.shard());
        boolean offered = switch (step) {
            case IMPORT_BEGIN -> leads(to) && proposals.handoff(to, HandoffAction.IMPORT_BEGIN, entry, epoch);
            case EXPORT_BEGIN -> leads(from) && proposals.handoff(from, HandoffAction.EXPORT_BEGIN, entry, epoch);
            case SEAL -> leads(from) && proposals.handoff(from, HandoffAction.SEAL, entry, epoch);
            case VERIFY -> leads(to) && proposals.verify(to, entry, source.source());
            case READY -> leads(HostedGroups.METADATA) && proposals.migration(MigrationAction.READY, entry);
            case COMMIT -> leads(HostedGroups.METADATA) && proposals.migration(MigrationAction.COMMIT, entry);
            case ABORT -> leads(HostedGroups.METADATA) && proposals.migration(MigrationAction.ABORT, entry);
            case FINISH -> leads(HostedGroups.METADATA) && proposals.migration(MigrationAction.FINISH, entry);
            case OWN -> leads(to) && proposals.handoff(to, HandoffAction.OWN, entry, epoch);
            case DROP -> leads(from) && proposals.handoff(from, HandoffAction.DROP, entry, epoch);
            case PURGE -> leads(from) && proposals.handoff(from, HandoffAction.PURGE, entry, epoch);
            case CLEAN_SOURCE -> leads(from) && proposals.handoff(from, HandoffAction.CLEAN, entry, epoch);
            case CLEAN_DESTINATION -> leads(to) && proposals.handoff(to, HandoffAction.CLEAN, entry, epoch);
            case ALARM -> alarm(entry, again);
            case COPY, NONE -> false;
        };
        return offered ? 1 : 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private boolean alarm(MigrationTable.Entry entry, boolean again) {
        if (!again) {
            alarms++;
            LOG.error(
                    "shard={} migration={} from={} to={}: the new owner's rows are not those that it compared; the old"
                            + " owner stays sealed and keeps its rows",
                    entry.shard(),
                    entry.migration().migrationId(),
                    entry.migration().source(),
                    entry.migration().destination());
        }
        return false;
    }

    private boolean leads(int groupId) {
        HostedGroup group = groups.get(groupId);
        return group != null && group.status().isLeader();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private int copy(MigrationTable.Entry entry, HostedGroup source, OwnedShards from, ShardViews here, long nowNs) {
        Round round = rounds.get(entry.shard());
        if (round != null && isOver(round, here, nowNs)) {
            endRound(entry.shard());
            round = null;
        }
        if (round == null) {
            round = beginRound(entry, source, from, here, nowNs);
        }
        try {
            int groupId = entry.migration().destination();
            return round.sender.step(here.cursor(), (header, rows, length) -> {
                boolean taken = proposals.chunk(groupId, header, rows, length);
                chunkBytes += taken ? length : 0;
                return taken;
            });
        } catch (VectorsException dropped) {
            LOG.info(
                    "shard={} migration={}: a round is begun again: {}",
                    entry.shard(),
                    entry.migration().migrationId(),
                    dropped.getMessage());
            endRound(entry.shard());
            return 1;
        }
    }

    private static boolean isOver(Round round, ShardViews here, long nowNs) {
        RoundSender.Plan plan = round.sender.plan();
        boolean otherRound =
                here.cursor().stagedIndex() != plan.from() || here.cursor().attempt() > plan.attempt();
        if (here.cursor().attempt() == plan.attempt() && here.cursor().nextNumber() != round.seenNumber) {
            round.seenNumber = here.cursor().nextNumber();
            round.movedNs = nowNs;
        }
        return otherRound || nowNs - round.movedNs >= STALLED_NS;
    }

    private Round beginRound(
            MigrationTable.Entry entry, HostedGroup source, OwnedShards from, ShardViews here, long nowNs) {
        // Read before any row is: whatever is applied up to it is in what the round reads.
        long applied = source.appliedIndex().getAsLong();
        ShardHolding holding = from.views(entry.shard()).source().holding();
        boolean sealed = holding.sealedFor() == entry.migration().migrationId();
        RoundSender.Plan plan = new RoundSender.Plan(
                entry.migration().migrationId(),
                entry.shard(),
                here.cursor().stagedIndex(),
                sealed ? holding.sealedIndex() : applied,
                here.cursor().attempt() + 1,
                sealed);
        Round begun = new Round(new RoundSender(new GroupSource(source, from), shardRows, plan), nowNs);
        rounds.put(entry.shard(), begun);
        return begun;
    }

    private void endRound(int shard) {
        Round round = rounds.remove(shard);
        if (round != null) {
            round.sender.close();
        }
    }
}
