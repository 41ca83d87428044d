package io.grape.raft.core;

import io.grape.raft.core.lives.Incarnation;
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
    final RaftOutput out = new RaftOutput();
    private RaftConfig config;
    private final RaftRules rules;
    private final Consumer<Packet> network;
    private final Consumer<SimReplica> check;
    private final ArrayDeque<Force> forces = new ArrayDeque<>();
    private int operationsInForces;
    RaftGroup group;
    /** What was on disks that are gone; it was durable when it was counted. */
    final List<MemoryLog> lostDisks = new ArrayList<>();

    private int startsEver;
    boolean up = true;
    long checkedCommit;

    SimReplica(RaftConfig config, RaftRules rules, Consumer<Packet> network, Consumer<SimReplica> check) {
        this.nodeId = config.nodeId();
        this.config = config;
        this.rules = rules;
        this.network = network;
        this.check = check;
        this.group = new RaftGroup(config, log, snapshots, HardState.NEW, 0, rules);
    }

    /** Runs one batch: the input, then the end of the batch, then whatever may leave at once. */
    void batch(long nowNs, Consumer<RaftGroup> input) {
        ReplicaView before = ReplicaView.of(group);
        input.accept(group);
        RaftInvariants.check(before, ReplicaView.of(group));
        group.endOfBatch(nowNs, out);
        packets(out.sendNow()).forEach(network);
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
        checkedCommit = 0;
        config = new RaftConfig(
                config.groupId(),
                config.nodeId(),
                config.members(),
                config.timing(),
                config.limits(),
                config.seed(),
                life);
        group = new RaftGroup(config, log, snapshots, log.recovered(), nowNs, rules);
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
        batch(nowNs, g -> g.step(new UnsafeBuffer(bytes), 0, bytes.length, nowNs, out));
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
