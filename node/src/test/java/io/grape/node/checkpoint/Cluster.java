package io.grape.node.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.node.request.Requests;
import io.grape.node.state.Collection;
import io.grape.node.state.StoreReader;
import io.grape.raft.core.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Replicas on one thread and one clock, with a network that can be cut. Each loop of {@link #run} is a millisecond. */
final class Cluster implements AutoCloseable {
    /** Above the manifest's frame, below that of any block. */
    private static final int LONG_MESSAGE = 2_000;

    private static final long STEP_NS = 1_000_000;
    private static final long PATIENCE_NS = 30_000_000_000L;

    private final Path directory;
    private final List<Integer> members;
    private final Map<Integer, Replica> running = new TreeMap<>();
    private final List<Sent> network = new ArrayList<>();
    private final Requests requests = new Requests();
    private CheckpointPolicy policy;
    private ManifestFiles files = new PlatformManifestFiles();
    private final int segmentRows;
    private long nowNs = 1;
    private long incarnation;
    private long sequence;
    private int dropEvery = Integer.MAX_VALUE;
    private int sent;
    private volatile int spoil;

    /** An upsert; the second component of its vector is the mark. */
    private record Written(int collectionId, long id, long mark) {}

    private final List<Written> written = new ArrayList<>();

    private record Sent(int from, int to, byte[] message) {}

    Cluster(Path directory, int size, CheckpointPolicy policy, int segmentRows) {
        this.directory = directory;
        this.members = IntStream.rangeClosed(1, size).boxed().toList();
        this.policy = policy;
        this.segmentRows = segmentRows;
    }

    /** A checkpoint whenever so many entries were applied, and so many kept. */
    static CheckpointPolicy every(long entries, long trailing) {
        return new CheckpointPolicy(entries, 1L << 40, 1L << 60, 0, trailing);
    }

    void policy(CheckpointPolicy other) {
        policy = other;
    }

    void files(ManifestFiles other) {
        files = other;
    }

    /** Every so-many-th message gets lost. */
    void dropEvery(int count) {
        dropEvery = count;
    }

    /** The next so many long messages arrive with a wrong last byte. */
    void spoilLongMessages(int count) {
        spoil = count;
    }

    Replica start(int nodeId) {
        return start(nodeId, CheckpointStep.Listener.NONE);
    }

    Replica start(int nodeId, CheckpointStep.Listener steps) {
        Replica replica = new Replica(
                nodeId,
                new Replica.Parts(directory.resolve("n" + nodeId), members, this, policy, segmentRows),
                files,
                steps);
        running.put(nodeId, replica);
        return replica;
    }

    void startAll() {
        members.forEach(this::start);
    }

    void kill(int nodeId) {
        Replica replica = running.remove(nodeId);
        if (replica != null) {
            replica.kill();
        }
    }

    void stop(int nodeId) {
        Replica replica = running.remove(nodeId);
        if (replica != null) {
            replica.close();
        }
    }

    Replica at(int nodeId) {
        Replica replica = running.get(nodeId);
        assertThat(replica).as("node %d runs", nodeId).isNotNull();
        return replica;
    }

    Path directory(int nodeId) {
        return directory.resolve("n" + nodeId);
    }

    long nowNs() {
        return nowNs;
    }

    long nextIncarnation() {
        return ++incarnation;
    }

    private static boolean isSnapshot(DirectBuffer message, int offset) {
        return new MessageHeaderDecoder().wrap(message, offset).templateId() == InstallSnapshotDecoder.TEMPLATE_ID;
    }

    boolean send(int from, int to, DirectBuffer message, int offset, int length) {
        if (++sent % dropEvery != 0) {
            byte[] copy = new byte[length];
            message.getBytes(offset, copy);
            if (spoil > 0 && length > LONG_MESSAGE && isSnapshot(message, offset)) {
                spoil--;
                copy[length / 2] ^= 1;
            }
            network.add(new Sent(from, to, copy));
        }
        return true;
    }

    /** Turns everything until the condition holds. */
    void run(String what, BooleanSupplier until) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for: %s; %s", what, this).isLessThan(deadline);
            turn();
        }
    }

    void turn() throws Exception {
        nowNs += STEP_NS;
        List<Sent> now = new ArrayList<>(network);
        network.clear();
        for (Sent message : now) {
            Replica to = running.get(message.to());
            if (to != null && running.containsKey(message.from())) {
                assertThat(to.receive(new UnsafeBuffer(message.message()), 0, message.message().length))
                        .isTrue();
            }
        }
        for (Replica replica : running.values()) {
            replica.turn();
        }
        Thread.onSpinWait();
    }

    Replica leader() throws Exception {
        run("a leader", () -> running.values().stream().anyMatch(Cluster::leads));
        return running.values().stream().filter(Cluster::leads).findFirst().orElseThrow();
    }

    private static boolean leads(Replica replica) {
        return replica.group().role() == Role.LEADER
                && replica.group().commitIndex() >= replica.group().termStartIndex();
    }

    void createCollection(String name) throws Exception {
        Replica leader = leader();
        leader.propose(requests.create(1, ++sequence, name, 2, Metric.EUCLIDEAN));
        awaitApplied(leader);
    }

    void drop(int collectionId) throws Exception {
        Replica leader = leader();
        leader.propose(requests.drop(1, ++sequence, collectionId));
        awaitApplied(leader);
    }

    /** Writes points with these ids, an entry each, and waits until the leader has applied them. */
    void write(int collectionId, long from, long to) throws Exception {
        Replica leader = leader();
        for (long id = from; id < to; id++) {
            float[] vector = {id, sequence};
            leader.propose(requests.upsert(1, sequence + 1, sequence, collectionId, id, true, vector));
            sequence++;
            written.add(new Written(collectionId, id, sequence - 1));
            if (id % 64 == 63) {
                turn();
            }
        }
        awaitApplied(leader);
    }

    private void awaitApplied(Replica leader) throws Exception {
        turn();
        run("all applied", () -> leader.applied() == leader.log().lastIndex());
    }

    /** The mark of the newest write to a collection that a replica holds. */
    long newestMark(Replica replica, int collectionId) {
        long newest = -1;
        for (Written write : written) {
            newest = Math.max(newest, markOf(replica, collectionId, write.id()));
        }
        return newest;
    }

    /** Compares a replica, point by point, with the writes up to a mark: none is lost, none is older, none is too many. */
    void assertHoldsAllThrough(Replica replica, int collectionId, long mark) {
        Map<Long, Long> expected = new TreeMap<>();
        for (Written write : written) {
            if (write.collectionId() == collectionId && write.mark() <= mark) {
                expected.put(write.id(), write.mark());
            }
        }
        expected.forEach((id, wanted) ->
                assertThat(markOf(replica, collectionId, id)).as("point %d", id).isEqualTo(wanted));
        assertThat(replica.machine().catalog().points()).isEqualTo(expected.size());
    }

    private static long markOf(Replica replica, int collectionId, long id) {
        Collection collection = replica.machine().catalog().byId(collectionId);
        if (collection == null) {
            return -1;
        }
        try (StoreReader reader = collection.store().newReader()) {
            return reader.get(0, id)
                    ? (long) reader.vector().getFloat(Float.BYTES, java.nio.ByteOrder.LITTLE_ENDIAN)
                    : -1;
        }
    }

    /** Waits until every running replica has applied what the leader has, and compares their states. */
    void awaitSameState() throws Exception {
        Replica leader = leader();
        run(
                "the same state everywhere",
                () -> running.values().stream()
                        .allMatch(replica -> replica.applied() == leader.log().lastIndex()
                                && replica.applied() == leader.applied()));
        for (Replica replica : running.values()) {
            assertThat(replica.hash()).as("state of node %d", replica.nodeId()).isEqualTo(leader.hash());
            assertThat(replica.machine().save())
                    .as("catalog and clients of node %d", replica.nodeId())
                    .isEqualTo(leader.machine().save());
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        running.values()
                .forEach(replica -> text.append(replica.nodeId())
                        .append(": ")
                        .append(replica.group().role())
                        .append(" log ")
                        .append(replica.log().firstIndex())
                        .append("..")
                        .append(replica.log().lastIndex())
                        .append(" applied ")
                        .append(replica.applied())
                        .append(" incoming ")
                        .append(replica.checkpoints().counters().incomingBytes())
                        .append("; "));
        return text.toString();
    }

    @Override
    public void close() {
        running.values().forEach(Replica::kill);
        running.clear();
    }
}
