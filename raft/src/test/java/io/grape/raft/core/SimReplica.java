package io.grape.raft.core;

import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.liveness.BeatPublisher;
import io.grape.raft.core.liveness.FrameSink;
import io.grape.raft.core.liveness.NodeLiveness;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.spec.TraceRecorder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** One replica with its log and its disk, driven batch by batch as the pipeline does. */
final class SimReplica {
    /** A message on its way. */
    record Packet(int from, int to, byte[] bytes) {}

    private record Force(int operations, long term, long index, List<Packet> released) {}

    final int nodeId;
    final MemoryLog log = new MemoryLog();
    final MemorySnapshots snapshots = new MemorySnapshots();
    final RaftOutput out;
    private final BeatAdapter beat = new BeatAdapter();
    private NodeLiveness liveness;
    private RaftConfig config;
    private final RaftRules rules;
    private final Consumer<Packet> network;
    private final Consumer<SimReplica> check;
    private final ArrayDeque<Force> forces = new ArrayDeque<>();
    private final TraceRecorder recorder;
    private int operationsInForces;
    private int survivors;
    RaftGroup group;
    /** What was on disks that are gone; it was durable when it was counted. */
    final List<MemoryLog> lostDisks = new ArrayList<>();

    private int startsEver;
    boolean up = true;
    long checkedCommit;

    /**
     * @param inFrames whether heartbeats travel in frames, as a pipeline sends them
     * @param recorder told of all that happens here, or null
     */
    SimReplica(
            RaftConfig config,
            RaftRules rules,
            boolean inFrames,
            Consumer<Packet> network,
            Consumer<SimReplica> check,
            TraceRecorder recorder) {
        this.out = new RaftOutput(inFrames);
        this.nodeId = config.nodeId();
        this.config = config;
        this.rules = rules;
        this.network = network;
        this.check = check;
        this.recorder = recorder;
        this.liveness = livenessOf(config);
        this.group = newGroup(HardState.NEW, 0);
    }

    private RaftGroup newGroup(HardState recovered, long nowNs) {
        RaftTrace trace = recorder == null ? RaftTrace.NONE : recorder.of(nodeId);
        return new RaftGroup(config, log, snapshots, recovered, nowNs, trace, rules);
    }

    private static NodeLiveness livenessOf(RaftConfig config) {
        return new NodeLiveness(
                config.timing().electionTimeoutNs(), config.timing().heartbeatIntervalNs());
    }

    /** Runs one batch: the input, then the end of the batch, then whatever may leave at once. */
    void batch(long nowNs, Consumer<RaftGroup> input) {
        ReplicaView before = ReplicaView.of(group);
        input.accept(group);
        RaftInvariants.check(before, ReplicaView.of(group));
        group.endOfBatch(nowNs, out);
        packets(out.sendNow()).forEach(network);
        sendFrames(nowNs);
        int operations = log.stagedCount() - operationsInForces;
        if (operations > 0) {
            operationsInForces += operations;
            forces.add(new Force(operations, group.state().lastTerm(), log.lastIndex(), new ArrayList<>()));
        }
        Consumer<Packet> release =
                forces.isEmpty() ? network : forces.peekLast().released()::add;
        packets(out.sendOnceDurable()).forEach(release);
        check.accept(this);
        out.clear();
    }

    /** Ends the oldest force that is under way. */
    void completeForce(long nowNs) {
        Force force = forces.poll();
        if (force == null) {
            return;
        }
        log.force(force.operations());
        operationsInForces -= force.operations();
        if (recorder != null) {
            recorder.forced(nodeId, force.operations());
        }
        force.released().forEach(network);
        batch(nowNs, g -> g.onDurable(force.term(), force.index(), nowNs, out));
    }

    int forcesUnderWay() {
        return forces.size();
    }

    int unforcedOperations() {
        return log.stagedCount();
    }

    void crash(int survivors) {
        up = false;
        this.survivors = survivors;
        forces.clear();
        operationsInForces = 0;
        log.crash(survivors);
        out.clear();
    }

    void restart(long nowNs) {
        NodeLife life = config.life();
        long incarnation = life.isTracked() ? nextIncarnation(life.incarnation()) : life.incarnation() + 1;
        restartAs(new NodeLife(life.diskId(), incarnation, life.formation(), life.mayForget()), nowNs);
    }

    private long nextIncarnation(long incarnation) {
        return Incarnation.of((incarnation & 0xFFFF_FFFFL) + 1, ++startsEver);
    }

    void restartAs(NodeLife life, long nowNs) {
        up = true;
        liveness = livenessOf(config);
        checkedCommit = 0;
        config = new RaftConfig(
                config.groupId(),
                config.nodeId(),
                config.members(),
                config.timing(),
                config.limits(),
                config.seed(),
                life);
        if (recorder != null) {
            recorder.restarting(nodeId, survivors, log);
        }
        group = newGroup(log.recovered(), nowNs);
    }

    NodeLife life() {
        return config.life();
    }

    /** Comes back with an empty disk, as the first life of another node would; a new disk if disks are told apart. */
    void restartWiped(long nowNs) {
        if (life().isTracked()) {
            lostDisks.add(log.copyOfDisk());
        }
        log.wipe();
        snapshots.wipe();
        if (life().isTracked()) {
            long disk = life().diskId() + 100;
            restartAs(
                    new NodeLife(disk, Incarnation.of(1, ++startsEver), life().formation(), life().mayForget()), nowNs);
        } else {
            restartAs(NodeLife.ofIncarnation(0), nowNs);
        }
    }

    /** Comes back with an old copy of its disk, and counts its starts on from there. */
    void restartFrom(MemoryLog copy, NodeLife lifeOfCopy, long nowNs) {
        lostDisks.add(log.copyOfDisk());
        log.restore(copy);
        long incarnation = nextIncarnation(lifeOfCopy.incarnation());
        restartAs(
                new NodeLife(lifeOfCopy.diskId(), incarnation, lifeOfCopy.formation(), lifeOfCopy.mayForget()), nowNs);
    }

    /** Takes a snapshot of all that is committed, and lets go of entries up to one of them. */
    void snapshot(byte[] state, long compactTo, long nowNs) {
        long index = group.commitIndex();
        snapshots.take(new MemorySnapshots.Snapshot(
                index, log.termAt(index), group.state().history.at(index), state));
        batch(nowNs, g -> g.compactTo(compactTo, nowNs));
    }

    void receive(byte[] bytes, long nowNs) {
        UnsafeBuffer message = new UnsafeBuffer(bytes);
        if (beat.wrap(message, 0, bytes.length) == BeatAdapter.MALFORMED) {
            batch(nowNs, g -> g.step(message, 0, bytes.length, nowNs, out));
            return;
        }
        if (liveness.heard(beat, nowNs)) {
            batch(nowNs, g -> g.onNodeGone(beat.sourceNodeId(), nowNs));
        }
        while (beat.next()) {
            batch(nowNs, g -> g.step(beat, nowNs, out));
        }
        sendFrames(nowNs);
    }

    /** Lets time pass for the group, and for what its pipeline knows of other nodes. */
    void tick(long nowNs) {
        for (int i = 0; i < liveness.count(); i++) {
            int gone = liveness.nodeId(i);
            if (liveness.takeLost(i, nowNs)) {
                batch(nowNs, g -> g.onNodeGone(gone, nowNs));
            }
        }
        batch(nowNs, g -> g.tick(nowNs, out));
    }

    private void sendFrames(long nowNs) {
        BeatPublisher publisher = new BeatPublisher(nodeId, config.incarnation(), config.diskId());
        FrameSink sink = (to, frame, offset, length) -> {
            byte[] bytes = new byte[length];
            frame.getBytes(offset, bytes);
            network.accept(new Packet(nodeId, to, bytes));
        };
        for (int i = 0; i < out.heartbeats().count(); i++) {
            liveness.learn(out.heartbeats().nodeId(i));
        }
        boolean restsAsLeader = group.isHibernating() && group.role() == Role.LEADER;
        for (int i = 0; i < liveness.count(); i++) {
            boolean due = restsAsLeader && liveness.isFrameDue(i, nowNs);
            if (publisher.heartbeats(out.heartbeats(), liveness.nodeId(i), due, sink) > 0) {
                liveness.frameSent(i, nowNs);
            }
            publisher.answers(out.answers(), liveness.nodeId(i), liveness.takeAnswerOwed(i), sink);
        }
    }

    private List<Packet> packets(MessageList list) {
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < list.count(); i++) {
            byte[] bytes = new byte[list.length(i)];
            list.buffer().getBytes(list.offset(i), bytes);
            packets.add(new Packet(nodeId, list.destinationNodeId(i), bytes));
        }
        return packets;
    }
}
