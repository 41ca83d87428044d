package io.grape.simulation;

import io.grape.codecs.FaultException;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.membership.Membership;
import io.grape.simulation.check.ClusterChecker;
import io.grape.simulation.check.Violation;
import io.grape.simulation.fault.Fault;
import io.grape.simulation.fault.FaultScript;
import io.grape.simulation.fault.TimedFault;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import io.grape.simulation.node.NodeSettings;
import io.grape.simulation.node.SimNode;
import io.grape.simulation.workload.SimClient;
import io.grape.simulation.world.VirtualClock;
import io.grape.simulation.world.VirtualNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The nodes, the clients and what is between them. Time passes in steps of random length; in each one packets arrive, faults
 * happen, and nodes and clients have a turn, in random order. After each turn everything is checked.
 */
final class SimCluster {
    private static final long MS = 1_000_000;
    private static final long MIN_STEP_NS = 200_000;
    private static final long MAX_STEP_NS = 800_000;
    private static final long SUPERVISOR_NS = 100 * MS;

    private final VirtualClock clock = new VirtualClock();
    private final VirtualNetwork network;
    private final SplittableRandom random;
    private final ClusterChecker checker;
    private final int groups;
    private final HistoryRecorder history = new HistoryRecorder(1024);
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final FaultActor actor;
    private final FaultScript script;
    private final Trace trace;
    private final long[] supervisorAtNs;
    private final @Nullable String[] lastRole;
    private int nextFault;
    private long steps;
    private long starts;

    /**
     * @param seed     all chance comes from it
     * @param script   all faults come from it
     * @param isTraced whether lines are kept
     */
    SimCluster(SimulationConfig config, long seed, FaultScript script, boolean isTraced) {
        SplittableRandom root = new SplittableRandom(seed);
        this.network = new VirtualNetwork(clock, root.split());
        this.random = root.split();
        this.script = script;
        this.trace = new Trace(isTraced, clock);
        this.actor = new FaultActor(this, network);
        this.supervisorAtNs = new long[config.nodes()];
        this.lastRole = new String[config.nodes() * (config.groups() + 1)];
        this.groups = config.groups() + 1;
        this.checker = new ClusterChecker(groups);
        NodeSettings settings = new NodeSettings(config.nodes(), config.nodes(), config.groups(), config.defect());
        for (int i = 0; i < config.nodes(); i++) {
            SimNode node = new SimNode(settings, i, clock, network, checker, root.split());
            nodes.add(node);
            checker.watch(node);
        }
        for (int i = 0; i < config.clients(); i++) {
            clients.add(new SimClient(
                    Fault.FIRST_CLIENT + i, config.nodes(), clock, network, history, this::acknowledged, root.split()));
        }
    }

    private void acknowledged(int groupId, long clientId, long sequence, long index) {
        trace.add(() -> "client " + clientId + ": write " + sequence + " is entry " + index + " of group " + groupId);
        checker.acknowledged(groupId, clientId, sequence, index);
    }

    /** Starts every node. */
    void startAll() {
        for (SimNode node : nodes) {
            start(node.nodeId());
        }
    }

    int nodes() {
        return nodes.size();
    }

    SimNode node(int nodeId) {
        return nodes.get(nodeId);
    }

    List<SimClient> clients() {
        return clients;
    }

    ClusterChecker checker() {
        return checker;
    }

    HistoryRecorder history() {
        return history;
    }

    long nowNs() {
        return clock.nanoTime();
    }

    List<String> trace() {
        return trace.lines();
    }

    /** Starts a node's process, if none runs and its disk is not damaged. */
    void start(int nodeId) {
        SimNode node = nodes.get(nodeId);
        if (node.state() != SimNode.State.DOWN) {
            return;
        }
        starts++;
        supervisorAtNs[nodeId] = 0;
        FaultException refused = node.start();
        if (refused == null) {
            trace.add(() -> "node " + nodeId + " starts, life " + node.incarnation());
            checker.started(nodeId);
            return;
        }
        trace.add(() -> "node " + nodeId + " does not start: " + refused.code() + " " + refused.getMessage());
        if (node.state() == SimNode.State.DAMAGED && !node.disk().isDamaged()) {
            throw new Violation(
                    Violation.Rule.NODE_FAILURE,
                    "node " + nodeId + " refuses a disk that nobody damaged: " + refused.getMessage(),
                    refused);
        }
        supervisorAtNs[nodeId] = clock.nanoTime() + SUPERVISOR_NS;
    }

    void crash(int nodeId, boolean power) {
        trace.add(() -> "node " + nodeId + (power ? " loses power" : " is killed"));
        nodes.get(nodeId).crash(power);
    }

    /** Returns the number of groups, group 0 among them. */
    int groups() {
        return groups;
    }

    /** Returns the leader of a group of the highest term, or null. */
    @Nullable
    SimNode leader(int groupId) {
        SimNode leader = null;
        for (SimNode node : nodes) {
            if (FaultActor.leads(node, groupId)
                    && (leader == null
                            || node.raft(groupId).term() > leader.raft(groupId).term())) {
                leader = node;
            }
        }
        return leader;
    }

    /** Lets time pass until then. */
    void runUntil(long endNs) {
        while (clock.nanoTime() < endNs) {
            step();
        }
    }

    /** Does one step. */
    void step() {
        clock.advance(MIN_STEP_NS + random.nextLong(MAX_STEP_NS - MIN_STEP_NS));
        while (nextFault < script.size() && script.faults().get(nextFault).atMs() * MS <= clock.nanoTime()) {
            TimedFault timed = script.faults().get(nextFault++);
            trace.add(() -> "fault " + timed.fault());
            actor.act(timed.fault());
        }
        network.deliver(this::deliver);
        int first = random.nextInt(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            turn((first + i) % nodes.size());
        }
        for (SimClient client : clients) {
            client.turn();
        }
    }

    private void deliver(int from, int to, int channel, byte[] bytes) {
        checker.mix(clock.nanoTime(), from, to, channel, bytes.length);
        if (to >= Fault.FIRST_CLIENT) {
            clients.get(to - Fault.FIRST_CLIENT).arrived(bytes);
        } else {
            nodes.get(to).arrived(channel, bytes);
        }
    }

    private void turn(int nodeId) {
        SimNode node = nodes.get(nodeId);
        if (!node.isUp()) {
            if (supervisorAtNs[nodeId] != 0 && clock.nanoTime() >= supervisorAtNs[nodeId]) {
                start(nodeId);
            }
            return;
        }
        if (node.isPaused()) {
            return;
        }
        steps++;
        checker.beforeTurn(nodeId);
        FaultException fault = turn(node);
        // What the process did before the fault in this turn has happened, and may have been told to others.
        checker.afterTurn(nodeId);
        traceRole(node);
        if (fault != null) {
            trace.add(() -> "node " + nodeId + " stops: " + fault.getMessage());
            node.crash(false);
            supervisorAtNs[nodeId] = clock.nanoTime() + SUPERVISOR_NS;
        }
    }

    private static @Nullable FaultException turn(SimNode node) {
        try {
            return node.turn();
        } catch (IllegalStateException broken) {
            if (broken.getCause() instanceof Violation violation) {
                throw violation;
            }
            throw new Violation(Violation.Rule.NODE_FAILURE, String.valueOf(broken.getMessage()), broken);
        }
    }

    private void traceRole(SimNode node) {
        if (trace.isOn()) {
            for (int groupId = 0; groupId < groups; groupId++) {
                traceRole(node, groupId);
            }
        }
    }

    private void traceRole(SimNode node, int groupId) {
        RaftGroup raft = node.raft(groupId);
        String role =
                "node " + node.nodeId() + " is " + raft.role() + " of group " + groupId + " in term " + raft.term();
        if (!role.equals(lastRole[node.nodeId() * groups + groupId])) {
            lastRole[node.nodeId() * groups + groupId] = role;
            trace.add(() -> role + ", log to " + raft.lastIndex() + ", commit " + raft.commitIndex() + ": "
                    + raft.roleReason());
        }
    }

    /** Ends every fault: links work, disks have room, nodes run unless an operator would have to help. */
    void heal() {
        trace.add(() -> "everything is healed");
        nextFault = script.size();
        network.heal();
        for (SimNode node : nodes) {
            node.disk().full(false);
            node.disk().noFailure();
            node.resume();
            node.slowForces(0);
            node.clock().drift(0);
            start(node.nodeId());
        }
    }

    /** Returns whether every group has a leader and all members that can run have applied what it has committed. */
    boolean isConverged() {
        for (int groupId = 0; groupId < groups; groupId++) {
            if (!isConverged(groupId)) {
                return false;
            }
        }
        return true;
    }

    private boolean isConverged(int groupId) {
        SimNode leader = leader(groupId);
        if (leader == null) {
            return false;
        }
        RaftGroup raft = leader.raft(groupId);
        long index = raft.commitIndex();
        Membership members = raft.membership();
        for (SimNode node : nodes) {
            if (node.isUp() && members.isMember(node.nodeId()) && node.appliedIndex(groupId) < index) {
                return false;
            }
        }
        return index == raft.lastIndex() && !members.isJoint();
    }

    /** Returns how much happened. */
    RunCounts counts() {
        long operations = clients.stream().mapToLong(SimClient::completed).sum();
        return new RunCounts(
                steps,
                clock.nanoTime(),
                checker.committed(),
                checker.acknowledged(),
                operations,
                checker.elections(),
                starts,
                nodes.stream().mapToLong(SimNode::installedSnapshots).sum(),
                network.sent());
    }
}
