package io.grape.simulation.workload;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.client.session.SessionConfig;
import io.grape.codecs.sbe.Consistency;
import io.grape.shards.ShardTable;
import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import io.grape.simulation.node.NodeSettings;
import io.grape.simulation.world.LocalClock;
import io.grape.simulation.world.VirtualNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * One client: the real session core, turned by the simulation, with a few requests in flight on a few points.
 */
public final class SimClient {
    /** Points that all clients write to: few, so that they meet. */
    public static final int KEYS = 6;

    /** What a client does at the end of a run. */
    public enum Goal {
        /** Nothing. */
        NONE,
        /** Writes one point. */
        WRITE,
        /** Reads all points, one after the other. */
        READ
    }

    private static final String COLLECTION = "points";
    private static final int MAX_IN_FLIGHT = 3;
    private static final long MS = 1_000_000;
    private static final long ATTEMPT_NS = 250 * MS;
    private static final long TIMEOUT_NS = 1_500 * MS;
    private static final long MAX_THINK_NS = 25 * MS;

    private final int address;
    private final long clientId;
    private final NanoClock world;
    private final SplittableRandom random;
    private final HistoryRecorder history;
    private final WorkloadListener listener;
    private final SimClientNetwork network;
    private final ClientCore core;
    private final RequestWriter writer = new RequestWriter();
    /** What the client last read of each point, or wrote to it: what its conditional writes expect. */
    private final long[] versions = new long[KEYS + 1];

    private int collectionId;
    private final Long2LongHashMap seenIndexes = new Long2LongHashMap(0);
    private long nextRequestNs;
    private boolean isQuiet;
    private Goal goal = Goal.NONE;
    private boolean isGoalInFlight;
    private boolean isGoalMet;
    private long goalKey = 1;
    private long completed;
    private long values;
    private int inFlight;
    private final int nodes;

    /**
     * @param address on the network; also makes the client's id
     * @param nodes   in the cluster
     * @param random  of this client alone
     */
    public SimClient(
            int address,
            int nodes,
            NanoClock world,
            VirtualNetwork network,
            HistoryRecorder history,
            WorkloadListener listener,
            SplittableRandom random) {
        this.address = address;
        this.clientId = address;
        this.world = world;
        this.random = random;
        this.nodes = nodes;
        this.history = history;
        this.listener = listener;
        this.network = new SimClientNetwork(network, address);
        Arrays.fill(versions, Call.ABSENT_VERSION);
        List<String> endpoints = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            endpoints.add(NodeSettings.endpoint((node + address) % nodes));
        }
        SessionConfig config = new SessionConfig(endpoints, clientId, 1, ATTEMPT_NS, MAX_IN_FLIGHT, false, new byte[0]);
        this.core = new ClientCore(
                config,
                this.network,
                new LocalClock(world, random.nextLong(1L << 50)),
                new YieldingIdleStrategy(),
                random.nextLong());
    }

    /** Returns the client's address. */
    public int address() {
        return address;
    }

    /** A packet has come. */
    public void arrived(byte[] bytes) {
        network.arrived(bytes);
    }

    /** Asks for nothing more on its own. */
    public void quiet() {
        isQuiet = true;
    }

    /** Does a turn of the session core, and asks for something now and then. */
    public void turn() {
        core.doWork();
        if (isQuiet && goal != Goal.NONE && !isGoalMet && inFlight == 0) {
            pursueGoal();
        }
        if (!isQuiet && world.nanoTime() >= nextRequestNs && inFlight < MAX_IN_FLIGHT) {
            ask();
            nextRequestNs = world.nanoTime() + random.nextLong(MAX_THINK_NS);
        }
    }

    private void ask() {
        if (collectionId == 0) {
            if (inFlight == 0) {
                submit(
                        PendingOperation.Kind.CREATE,
                        new long[0],
                        new int[0],
                        RequestSlot.LEADER,
                        0,
                        buffer -> writer.create(buffer, COLLECTION));
            }
            return;
        }
        if (core.table() == null) {
            return;
        }
        int lot = random.nextInt(100);
        if (lot < 28) {
            upsert(someKeys(), Call.ANY_VERSION);
        } else if (lot < 40) {
            long key = 1L + random.nextInt(KEYS);
            upsert(new long[] {key}, versions[(int) key]);
        } else if (lot < 46) {
            delete(someKeys(), Call.ANY_VERSION);
        } else if (lot < 50) {
            long key = 1L + random.nextInt(KEYS);
            delete(new long[] {key}, versions[(int) key]);
        } else if (lot < 75) {
            get(someKeys(), Consistency.LINEARIZABLE, 0);
        } else if (lot < 82) {
            get(someKeys(), Consistency.LOCAL, 0);
        } else if (lot < 90) {
            long[] keys = someKeys();
            get(keys, Consistency.AT_LEAST_POSITION, seenIndexes.get(groupOf(keys[0])));
        } else {
            search(random.nextBoolean() ? Consistency.LINEARIZABLE : Consistency.AT_LEAST_POSITION);
        }
    }

    /** One key, or two of the same group: what the session core sends is for one group. */
    private long[] someKeys() {
        long first = 1L + random.nextInt(KEYS);
        long second = first % KEYS + 1;
        boolean isTwo = random.nextInt(4) == 0 && groupOf(first) == groupOf(second);
        return isTwo ? new long[] {first, second} : new long[] {first};
    }

    private int groupOf(long key) {
        ShardTable table = core.table();
        if (table == null) {
            throw new IllegalStateException("client " + clientId + " has no shard table");
        }
        return table.groupOf(table.shardOf(collectionId, 0, key));
    }

    private void upsert(long[] keys, long expectedVersion) {
        long value = clientId << 32 | ++values;
        int[] rows = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            rows[i] = history.upsert(clientId, 0, keys[i], value, expectedVersion, world.nanoTime());
        }
        submit(
                PendingOperation.Kind.WRITE,
                keys,
                rows,
                RequestSlot.LEADER,
                groupOf(keys[0]),
                buffer -> writer.upsert(buffer, collectionId, keys, value, expectedVersion));
    }

    private void delete(long[] keys, long expectedVersion) {
        int[] rows = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            rows[i] = history.delete(clientId, 0, keys[i], expectedVersion, world.nanoTime());
        }
        submit(
                PendingOperation.Kind.WRITE,
                keys,
                rows,
                RequestSlot.LEADER,
                groupOf(keys[0]),
                buffer -> writer.delete(buffer, collectionId, keys, expectedVersion));
    }

    private void get(long[] keys, Consistency consistency, long minPosition) {
        int[] rows = readRows(keys, consistency, minPosition);
        submit(
                PendingOperation.Kind.READ,
                keys,
                rows,
                target(consistency),
                groupOf(keys[0]),
                buffer -> writer.get(buffer, collectionId, keys, consistency, minPosition));
    }

    /** The points of one group. */
    private void search(Consistency consistency) {
        int groupId = groupOf(1L + random.nextInt(KEYS));
        long minPosition = seenIndexes.get(groupId);
        long[] keys = keysOf(groupId);
        int[] rows = readRows(keys, consistency, minPosition);
        submit(
                PendingOperation.Kind.READ,
                keys,
                rows,
                target(consistency),
                groupId,
                buffer -> writer.search(buffer, collectionId, KEYS * 2, consistency, minPosition));
    }

    private int target(Consistency consistency) {
        return consistency == Consistency.LINEARIZABLE ? RequestSlot.LEADER : random.nextInt(nodes);
    }

    private void submit(
            PendingOperation.Kind kind,
            long[] keys,
            int[] rows,
            int target,
            int groupId,
            ToIntFunction<MutableDirectBuffer> encoder) {
        RequestSlot slot = core.tryAcquire();
        if (slot == null) {
            throw new IllegalStateException("client " + clientId + " has no slot for its request number " + inFlight);
        }
        inFlight++;
        int length = encoder.applyAsInt(slot.buffer());
        PendingOperation operation = new PendingOperation(this, history, world, kind, keys, rows);
        core.submit(slot, length, kind != PendingOperation.Kind.READ, target, groupId, operation, TIMEOUT_NS);
    }

    void acknowledged(long correlationId, int groupId, long index, int changed, PendingOperation.Kind kind) {
        if (kind == PendingOperation.Kind.CREATE) {
            collectionId = changed;
        }
        saw(groupId, index);
        listener.onAcknowledged(groupId, clientId, network.sequenceOf(correlationId), index);
    }

    void saw(int groupId, long index) {
        seenIndexes.put(groupId, Math.max(seenIndexes.get(groupId), index));
    }

    void ended(boolean isAnswered) {
        inFlight--;
        if (isAnswered) {
            completed++;
            goalKey += isGoalInFlight ? 1 : 0;
            isGoalMet |= isGoalInFlight && (goal == Goal.WRITE || goalKey > KEYS);
        }
        isGoalInFlight = false;
    }

    /** Returns the requests that were answered. */
    public long completed() {
        return completed;
    }

    /** Returns the requests without an outcome. */
    public int inFlight() {
        return inFlight;
    }

    /** Returns how often a request was sent again. */
    public long resends() {
        return core.resends();
    }

    /** Notes what a read showed of a point. */
    void sawVersion(long key, long version) {
        versions[(int) key] = version;
    }

    private int[] readRows(long[] keys, Consistency consistency, long minPosition) {
        int[] rows = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            rows[i] = consistency == Consistency.LINEARIZABLE
                    ? history.read(clientId, 0, keys[i], world.nanoTime())
                    : history.readAt(clientId, 0, keys[i], minPosition, world.nanoTime());
        }
        return rows;
    }

    private long[] keysOf(int groupId) {
        return LongStream.rangeClosed(1, KEYS)
                .filter(key -> groupOf(key) == groupId)
                .toArray();
    }

    /** From now on does one thing only, again until it is answered. */
    public void finish(Goal newGoal) {
        goal = newGoal;
        isGoalMet = false;
        goalKey = 1;
    }

    /** Returns whether the goal's request was answered. */
    public boolean isGoalMet() {
        return isGoalMet;
    }

    private void pursueGoal() {
        if (collectionId == 0 || core.table() == null) {
            ask();
            return;
        }
        isGoalInFlight = true;
        if (goal == Goal.READ) {
            get(new long[] {goalKey}, Consistency.LINEARIZABLE, 0);
        } else {
            upsert(new long[] {1L + random.nextInt(KEYS)}, Call.ANY_VERSION);
        }
    }
}
