package io.grape.simulation.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.journal.GroupLog;
import io.grape.simulation.world.LocalClock;
import io.grape.simulation.world.VirtualClock;
import io.grape.simulation.world.VirtualDisk;
import io.grape.simulation.world.VirtualNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * One node: a machine with a disk and a clock, and at most one process on it.
 *
 * <p>A turn runs the process's agents in an order drawn from the seed, some of them not at all, as threads of a loaded machine
 * are run.
 */
public final class SimNode {
    /** Every order of running the six agents once is as likely as any; each misses its turn one time in eight. */
    private static final int AGENTS = 6;

    private static final int MISSED_ONE_IN = 8;
    private static final long DISK_BYTES = 4 << 20;

    /** Whether the node works. */
    public enum State {
        /** A process runs. */
        UP,
        /** No process runs; it can be started. */
        DOWN,
        /** What is on the disk was damaged and the process refuses to start: an operator would have to help. */
        DAMAGED
    }

    private final int nodeId;
    private final SplittableRandom random;
    private final VirtualDisk disk;
    private final LocalClock clock;
    private final List<SimSnapshots> snapshots = new ArrayList<>();
    private final VirtualClock world;
    private final NodeProcess.Surroundings surroundings;
    private final int[] order = new int[AGENTS];
    private State state = State.DOWN;
    private long incarnation;
    private long pausedUntilNs;
    private @Nullable NodeProcess process;

    /**
     * @param random of this node alone
     */
    public SimNode(
            NodeSettings settings,
            int nodeId,
            VirtualClock world,
            VirtualNetwork network,
            NodeObserver observer,
            SplittableRandom random) {
        this.nodeId = nodeId;
        this.random = random;
        this.world = world;
        this.disk = new VirtualDisk(DISK_BYTES, random.split());
        this.clock = new LocalClock(world, random.nextLong(1L << 50));
        for (int groupId = 0; groupId <= settings.groups(); groupId++) {
            snapshots.add(new SimSnapshots());
        }
        this.surroundings = new NodeProcess.Surroundings(settings, nodeId, disk, snapshots, clock, network, observer);
        if (settings.defect() == Defect.DISK_FORGETS_FORCES) {
            disk.forgetForces();
        }
        for (int i = 0; i < AGENTS; i++) {
            order[i] = i;
        }
    }

    /**
     * Starts a process.
     *
     * @return why it could not start, or null if it runs
     */
    public @Nullable FaultException start() {
        if (state == State.UP) {
            return null;
        }
        try {
            incarnation++;
            process = new NodeProcess(surroundings, incarnation, random);
            state = State.UP;
            pausedUntilNs = 0;
            return null;
        } catch (FaultException refused) {
            if (refused.code() == ErrorCode.DATA_CORRUPT) {
                state = State.DAMAGED;
            }
            return refused;
        }
    }

    /** Ends the process without warning. Its power is cut, or it is killed and the system lives on. */
    public void crash(boolean power) {
        process = null;
        if (state == State.UP) {
            state = State.DOWN;
        }
        if (power) {
            disk.cutPower();
        } else {
            disk.kill();
        }
    }

    /**
     * Runs the agents for one turn.
     *
     * @return the fault that ends the process, or null; the caller looks at it once more and lets it {@link #crash}
     */
    public @Nullable FaultException turn() {
        NodeProcess running = process;
        if (running == null || isPaused()) {
            return null;
        }
        shuffle();
        for (int agent : order) {
            if (random.nextInt(MISSED_ONE_IN) != 0) {
                FaultException fault = turn(running, agent);
                if (fault != null) {
                    return fault;
                }
            }
        }
        return null;
    }

    private @Nullable FaultException turn(NodeProcess running, int agent) {
        try {
            running.turn(agent, world.nanoTime());
            return null;
        } catch (FaultException fault) {
            return fault;
        } catch (AgentTerminationException ended) {
            if (ended.getCause() instanceof FaultException fault) {
                return fault;
            }
            throw new IllegalStateException("node " + nodeId + " ended: " + ended.getCause(), ended);
        } catch (Exception broken) {
            throw new IllegalStateException("node " + nodeId + " threw " + broken, broken);
        }
    }

    private void shuffle() {
        for (int i = AGENTS - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    /** A packet has come; it is lost if no process listens. */
    public void arrived(int channel, byte[] bytes) {
        if (process != null) {
            process.streams.arrived(channel, bytes);
        }
    }

    /** Stops the process for a while, as a garbage collection or a suspended machine would. */
    public void pause(long durationNs) {
        pausedUntilNs = world.nanoTime() + durationNs;
    }

    /** Returns whether the process is being paused. */
    public boolean isPaused() {
        return world.nanoTime() < pausedUntilNs;
    }

    /** Ends a pause. */
    public void resume() {
        pausedUntilNs = 0;
    }

    /** Makes every force of this process take longer. */
    public void slowForces(long byNs) {
        if (process != null) {
            process.force.slow(byNs);
        }
    }

    /** Returns the node's number. */
    public int nodeId() {
        return nodeId;
    }

    /** Returns whether the node works. */
    public State state() {
        return state;
    }

    /** Returns whether a process runs. */
    public boolean isUp() {
        return state == State.UP;
    }

    /** Returns the machine's disk. */
    public VirtualDisk disk() {
        return disk;
    }

    /** Returns the machine's clock. */
    public LocalClock clock() {
        return clock;
    }

    /** Returns how many processes this node has had. */
    public long incarnation() {
        return incarnation;
    }

    /** Returns how many snapshots this node has had from others. */
    public long installedSnapshots() {
        return snapshots.stream().mapToLong(SimSnapshots::installedCount).sum();
    }

    private NodeProcess running() {
        if (process == null) {
            throw new IllegalStateException("node " + nodeId + " is down");
        }
        return process;
    }

    /** Returns the running process's consensus state of a group. */
    public RaftGroup raft(int groupId) {
        return running().groups.get(groupId).raft();
    }

    /** Returns the running process's log of a group. */
    public GroupLog log(int groupId) {
        return running().groups.get(groupId).log();
    }

    /** Returns whether the running process's journal has staged what it has not written. */
    public boolean hasStaged() {
        return running().journal.hasStaged();
    }

    /** Returns the index that the running process has applied of a group. */
    public long appliedIndex(int groupId) {
        return running().groups.get(groupId).applied().get();
    }
}
