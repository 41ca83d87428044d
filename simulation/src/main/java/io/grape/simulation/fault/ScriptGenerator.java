package io.grape.simulation.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws fault scripts. Each script uses some kinds of fault and leaves others out, because what only one kind can show is
 * drowned by all at once (swarm testing: Groce and others, ISSTA 2012).
 */
public final class ScriptGenerator {
    private static final int PER_CENT = 100;

    private final SplittableRandom random;
    private final int nodes;
    private final int clients;
    private final int lengthMs;
    private final List<TimedFault> faults = new ArrayList<>();

    /**
     * @param random   drawn from
     * @param nodes    in the cluster
     * @param clients  that there are
     * @param lengthMs time for faults
     */
    public ScriptGenerator(SplittableRandom random, int nodes, int clients, int lengthMs) {
        this.random = random;
        this.nodes = nodes;
        this.clients = clients;
        this.lengthMs = lengthMs;
    }

    /** Draws a script. One out of ten is quiet: a run without faults must be without faults. */
    public FaultScript generate() {
        if (random.nextInt(10) == 0) {
            return FaultScript.EMPTY;
        }
        boolean changesMembers = maybe(30);
        if (maybe(50)) {
            weather();
        }
        if (maybe(60)) {
            crashes();
        }
        if (maybe(50)) {
            partitions();
        }
        if (maybe(40)) {
            cuts();
        }
        if (maybe(40)) {
            resets();
        }
        if (maybe(40)) {
            pauses();
        }
        if (maybe(40)) {
            clocks();
        }
        if (maybe(40)) {
            disks();
        }
        if (maybe(40)) {
            transfers();
        }
        if (changesMembers) {
            memberships();
        } else if (maybe(20)) {
            flips();
        }
        return new FaultScript(faults);
    }

    private boolean maybe(int perCent) {
        return random.nextInt(PER_CENT) < perCent;
    }

    private int node() {
        return random.nextInt(nodes);
    }

    private int within(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    private int times(int most) {
        return within(1, most);
    }

    private int moment() {
        return random.nextInt(lengthMs);
    }

    private void add(int atMs, Fault fault) {
        faults.add(new TimedFault(Math.min(atMs, lengthMs), fault));
    }

    private void weather() {
        for (int i = times(3); i > 0; i--) {
            int atMs = moment();
            int lost = maybe(60) ? within(1, 150) : 0;
            int doubled = maybe(50) ? within(1, 150) : 0;
            int reordered = maybe(50) ? within(1, 300) : 0;
            add(atMs, new Fault.Weather(lost, doubled, reordered, within(200, 20_000)));
            add(atMs + within(100, lengthMs / 2), new Fault.Weather(0, 0, 0, 300));
        }
    }

    private void crashes() {
        boolean power = maybe(70);
        for (int i = times(5); i > 0; i--) {
            int atMs = moment();
            if (maybe(15)) {
                everyone(atMs, power);
                continue;
            }
            int node = node();
            add(atMs, new Fault.Crash(node, power ? 1 : 0));
            add(atMs + within(5, 600), new Fault.Restart(node));
        }
    }

    private void everyone(int atMs, boolean power) {
        for (int node = 0; node < nodes; node++) {
            add(atMs, new Fault.Crash(node, power ? 1 : 0));
            add(atMs + within(5, 300), new Fault.Restart(node));
        }
    }

    private void partitions() {
        for (int i = times(4); i > 0; i--) {
            int atMs = moment();
            add(atMs, new Fault.Partition(within(1, (1 << nodes) - 2)));
            add(atMs + within(50, 1_200), new Fault.Mend());
        }
    }

    private void cuts() {
        for (int i = times(4); i > 0; i--) {
            int atMs = moment();
            for (int j = times(3); j > 0; j--) {
                boolean toClient = maybe(25);
                int one = node();
                int other = toClient
                        ? Fault.FIRST_CLIENT + random.nextInt(clients)
                        : (one + 1 + random.nextInt(nodes - 1)) % nodes;
                add(atMs, maybe(50) ? new Fault.Cut(one, other) : new Fault.Cut(other, one));
            }
            add(atMs + within(50, 1_200), new Fault.Mend());
        }
    }

    private void resets() {
        for (int i = times(8); i > 0; i--) {
            int other = maybe(30) ? Fault.FIRST_CLIENT + random.nextInt(clients) : node();
            add(moment(), new Fault.Reset(node(), other));
        }
    }

    private void pauses() {
        for (int i = times(5); i > 0; i--) {
            add(moment(), new Fault.Pause(node(), maybe(70) ? within(1, 120) : within(120, 1_000)));
        }
    }

    private void clocks() {
        for (int i = times(4); i > 0; i--) {
            add(moment(), new Fault.ClockJump(node(), maybe(70) ? within(1, 200) : within(200, 5_000)));
            add(moment(), new Fault.ClockDrift(node(), within(-50_000, 50_000)));
        }
    }

    private void disks() {
        for (int i = times(4); i > 0; i--) {
            int node = node();
            int atMs = moment();
            switch (random.nextInt(3)) {
                case 0 -> add(atMs, new Fault.FailForce(node));
                case 1 -> {
                    add(atMs, new Fault.SlowForce(node, within(5, 300)));
                    add(atMs + within(50, 1_500), new Fault.SlowForce(node, 0));
                }
                default -> {
                    add(atMs, new Fault.FullDisk(node, 1));
                    add(atMs + within(50, 1_500), new Fault.FullDisk(node, 0));
                }
            }
        }
    }

    private void transfers() {
        for (int i = times(6); i > 0; i--) {
            add(moment(), new Fault.Transfer(node()));
        }
    }

    /** New voters must be learners first, so each change is asked for twice. */
    private void memberships() {
        for (int i = times(5); i > 0; i--) {
            int atMs = moment();
            int voters = within(1, (1 << nodes) - 1);
            int learners = random.nextInt(1 << nodes) & ~voters;
            add(atMs, new Fault.Members(voters, learners));
            add(atMs + within(50, 400), new Fault.Members(voters, learners));
        }
    }

    /** Never more nodes than a cluster survives the loss of; a damaged node stays away. */
    private void flips() {
        int most = (nodes - 1) / 2;
        int first = node();
        for (int i = 0; i < most; i++) {
            int node = (first + i) % nodes;
            int atMs = moment();
            add(atMs, new Fault.Crash(node, 0));
            add(atMs + 1, new Fault.FlipBit(node));
            add(atMs + within(5, 300), new Fault.Restart(node));
        }
    }
}
