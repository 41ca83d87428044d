package io.grape.benchmarks.chaos;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.Position;
import io.grape.client.StoredPoint;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import io.grape.simulation.linearizability.history.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One client: writes, compares and sets, deletes and reads a few contended points, and between them writes points of its own once.
 * Takes down each call and each answer. Thread: its own; {@link #stop} from another one.
 *
 * <p>Only an answer that says so counts as done or as refused; everything else is left open, which is always sound.
 */
final class ChaosClient implements Runnable {
    static final int DIMENSION = 2;

    /** Where the points that are written once begin. */
    static final long LEDGER = 1L << 32;

    private static final int KEYS = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    /** Contended points change with time, so that no history of one point grows without bound. */
    private static final long EPOCH_NS = TimeUnit.SECONDS.toNanos(8);

    private final int number;
    private final GrapeClient client;
    private final CollectionInfo collection;
    private final Shared shared;
    private final RandomGenerator random;
    private final long pauseNs;
    private final HistoryRecorder history = new HistoryRecorder(1 << 14);
    private final Map<Long, Long> versions = new HashMap<>();
    private final Map<Long, Long> ledger = new HashMap<>();
    private volatile boolean stopped;
    /** The newest position seen of each group, and which group a point is of. */
    private final Map<Integer, Long> seen = new HashMap<>();

    private final Map<Long, Integer> groups = new HashMap<>();

    /** What all clients of a run have in common. */
    static final class Shared {
        private final long beginNs = System.nanoTime();
        private final AtomicInteger values = new AtomicInteger();
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong lastWriteNs = new AtomicLong(System.nanoTime());

        long answered() {
            return answered.get();
        }

        /** Returns when a write was last acknowledged. */
        long lastWriteNs() {
            return lastWriteNs.get();
        }
    }

    ChaosClient(
            int number,
            List<String> endpoints,
            String collection,
            Shared shared,
            RandomGenerator random,
            int perSecond) {
        this.number = number;
        this.shared = shared;
        this.random = random;
        this.pauseNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.client = GrapeClient.connect(ClientConfig.builder()
                .endpoints(endpoints)
                .requestTimeout(TIMEOUT)
                .connectTimeout(Duration.ofMinutes(1))
                .attemptTimeout(Duration.ofMillis(300))
                .build());
        this.collection = client.collection(collection);
    }

    @Override
    public void run() {
        while (!stopped) {
            long key = (System.nanoTime() - shared.beginNs) / EPOCH_NS * KEYS + random.nextInt(KEYS) + 1;
            try {
                step(random.nextInt(100), key);
            } catch (GrapeException | CompletionException open) {
                // The call stays without an answer in the history.
                LockSupport.parkNanos(pauseNs);
            }
            LockSupport.parkNanos(pauseNs);
        }
    }

    private void step(int draw, long key) {
        if (draw < 25) {
            upsert(key, Call.ANY_VERSION);
        } else if (draw < 45) {
            upsert(key, versions.getOrDefault(key, Call.ABSENT_VERSION));
        } else if (draw < 52) {
            delete(key);
        } else if (draw < 70) {
            keep();
        } else if (draw < 86) {
            read(key, Consistency.LINEARIZABLE);
        } else {
            read(key, draw < 93 ? Consistency.LOCAL : Consistency.atLeast(positions()));
        }
    }

    private void upsert(long key, long expectedVersion) {
        int value = shared.values.incrementAndGet();
        PointBatch batch = new PointBatch(DIMENSION);
        batch.add(key, vector(value));
        if (expectedVersion != Call.ANY_VERSION) {
            batch.ifVersion(expectedVersion);
        }
        int id = history.upsert(number, 0, key, value, expectedVersion, System.nanoTime());
        write(id, key, () -> client.upsert(collection, batch), true);
    }

    private void delete(long key) {
        int id = history.delete(number, 0, key, Call.ANY_VERSION, System.nanoTime());
        write(id, key, () -> client.delete(collection, key), false);
    }

    private void write(int id, long key, Supplier<WriteResult> request, boolean isUpsert) {
        try {
            WriteResult result = request.get();
            long nowNs = System.nanoTime();
            history.written(id, result.position().index(), result.changed(), nowNs);
            versions.put(key, isUpsert ? result.position().index() : Call.ABSENT_VERSION);
            wrote(key, result, nowNs);
        } catch (GrapeException refused) {
            if (refused.code() == ErrorCode.VERSION_MISMATCH) {
                history.mismatch(id, Outcome.NOT_SAID, System.nanoTime());
                versions.remove(key);
                shared.answered.incrementAndGet();
                return;
            }
            throw refused;
        }
    }

    private List<Position> positions() {
        return seen.entrySet().stream()
                .map(entry -> new Position(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void wrote(long key, WriteResult result, long nowNs) {
        Position position = result.position();
        seen.merge(position.groupId(), position.index(), Math::max);
        groups.put(key, position.groupId());
        shared.lastWriteNs.accumulateAndGet(nowNs, Math::max);
        shared.answered.incrementAndGet();
    }

    /** Writes a point that is never written again; an acknowledged one must be on every replica in the end. */
    private void keep() {
        int value = shared.values.incrementAndGet();
        WriteResult result = client.upsert(collection, new PointBatch(DIMENSION).add(LEDGER + value, vector(value)));
        ledger.put(LEDGER + value, result.position().index());
        wrote(LEDGER + value, result, System.nanoTime());
    }

    /** Reads a contended point and takes the answer down. */
    void read(long key, Consistency consistency) {
        boolean isLinearizable = consistency.kind() == Consistency.Kind.LINEARIZABLE;
        int id = isLinearizable
                ? history.read(number, 0, key, System.nanoTime())
                : history.readAt(number, 0, key, asked(key, consistency), System.nanoTime());
        GetResult result = isLinearizable
                ? client.get(collection, new long[] {key}, true, consistency)
                : anyNode(key, consistency);
        StoredPoint point = result.points().getFirst();
        long position = result.position().index();
        if (point.isPresent() && point.vector() != null) {
            history.found(id, point.version(), (long) point.vector()[0], position, System.nanoTime());
        } else {
            history.missing(id, position, System.nanoTime());
        }
        versions.put(key, point.isPresent() ? point.version() : Call.ABSENT_VERSION);
        shared.answered.incrementAndGet();
    }

    /** Returns what is asked of the point's group; nothing while it is not known which one that is. */
    private long asked(long key, Consistency consistency) {
        Integer group = groups.get(key);
        return group == null ? 0 : consistency.minPosition(group);
    }

    private GetResult anyNode(long key, Consistency consistency) {
        List<Integer> members = client.memberIds();
        return client.node(members.get(random.nextInt(members.size())))
                .getAsync(collection, new long[] {key}, true, consistency)
                .join();
    }

    /** Returns a key for each contended point so far. */
    long lastKey() {
        return ((System.nanoTime() - shared.beginNs) / EPOCH_NS + 1) * KEYS;
    }

    static float[] vector(int value) {
        return new float[] {value, 1};
    }

    void stop() {
        stopped = true;
    }

    HistoryRecorder history() {
        return history;
    }

    /** Returns the points that were written once and acknowledged, with their versions. */
    Map<Long, Long> ledger() {
        return ledger;
    }

    long resends() {
        return client.resends();
    }

    void close() {
        client.close();
    }
}
