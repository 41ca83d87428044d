package io.grape.raft.core;

import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.spec.TraceRecorder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/** A group on a virtual network, disk and clock, all from one seed. One step is one millisecond. */
final class SimCluster {
    static final long MS = 1_000_000L;
    static final RaftTiming TIMING = new RaftTiming(100 * MS, 20 * MS, 10 * MS, 4);
    static final RaftTiming LEASES = new RaftTiming(100 * MS, 20 * MS, 10 * MS, 4, 80);
    /** Half of the schedules that send frames let the group rest whenever nothing happened for a moment. */
    private static final long HIBERNATE_AFTER_NS = 30 * MS;

    static final RaftLimits LIMITS = new RaftLimits(8, 4096, 4, 8192, 1 << 16, 64);

    private record Delivery(long atNs, long order, SimReplica.Packet packet) implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    final List<SimReplica> replicas = new ArrayList<>();
    final ClusterChecker checker = new ClusterChecker(replicas);
    private final Random random;
    private final PriorityQueue<Delivery> wire = new PriorityQueue<>();
    private final Set<Integer> cutLinks = new HashSet<>();
    private SimFaults faults = SimFaults.NONE;
    private long order;
    private long token;
    private long membershipChanges;
    private long wipes;
    private SimReplica replacing;
    private long packetsSent;
    private long stepNs = MS;
    long nowNs;

    SimCluster(int size, long seed, RaftRules rules) {
        this(size, size, TIMING, seed, rules);
    }

    /**
     * Nodes beyond the first voters only listen until they are added. With an even seed heartbeats travel in frames, as a
     * pipeline sends them; with an odd one each is an append, as it is to a peer of an older version, and as the
     * specification knows it.
     */
    SimCluster(int size, int voters, RaftTiming timing, long seed, RaftRules rules) {
        this(size, voters, timing, seed, rules, null, false);
    }

    /** A cluster whose disks are told apart, so that it forms, binds its members, and refuses wiped ones. */
    static SimCluster ofDisks(int size, int voters, long seed, RaftRules rules) {
        return new SimCluster(size, voters, TIMING, seed, rules, null, true);
    }

    /** @param recorder told of all that happens, or null */
    SimCluster(int size, int voters, RaftTiming timing, long seed, RaftRules rules, TraceRecorder recorder) {
        this(size, voters, timing, seed, rules, recorder, false);
    }

    private SimCluster(
            int size,
            int voters,
            RaftTiming timing,
            long seed,
            RaftRules rules,
            TraceRecorder recorder,
            boolean tracked) {
        random = new Random(seed);
        RaftTiming used = seed % 4 == 0 ? timing.withHibernationAfter(HIBERNATE_AFTER_NS) : timing;
        List<Integer> members = IntStream.range(0, voters).boxed().toList();
        for (int id = 0; id < size; id++) {
            List<Integer> known = id < voters ? members : List.of();
            NodeLife life = tracked
                    ? new NodeLife(id + 1, Incarnation.of(1, id + 1), Formation.ALL_MEMBERS, false)
                    : NodeLife.ofIncarnation(1);
            RaftConfig config = new RaftConfig(7, id, known, used, LIMITS, seed, life);
            boolean inFrames = seed % 2 == 0;
            SimReplica replica = new SimReplica(config, rules, inFrames, this::send, checker::afterBatch, recorder);
            replicas.add(replica);
            checker.watch(replica);
        }
    }

    SimCluster(int size, long seed) {
        this(size, seed, RaftRules.PAPER);
    }

    void faults(SimFaults newFaults) {
        faults = newFaults;
    }

    private void send(SimReplica.Packet packet) {
        packetsSent++;
        int copies = chance(faults.loss()) ? 0 : chance(faults.duplicate()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = MS + random.nextInt(faults.maxDelayMs()) * MS;
            wire.add(new Delivery(nowNs + delay, order++, packet));
        }
    }

    private boolean chance(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** Cuts one direction of a link. */
    void cut(int from, int to) {
        cutLinks.add(from * 100 + to);
    }

    /** Cuts a node off from all others, both ways. */
    void isolate(int nodeId) {
        for (SimReplica other : replicas) {
            if (other.nodeId != nodeId) {
                cut(nodeId, other.nodeId);
                cut(other.nodeId, nodeId);
            }
        }
    }

    void healNetwork() {
        cutLinks.clear();
    }

    void crash(int nodeId) {
        SimReplica replica = replicas.get(nodeId);
        replica.crash(random.nextInt(replica.unforcedOperations() + 1));
    }

    void restart(int nodeId) {
        replicas.get(nodeId).restart(nowNs);
    }

    /** How much time a step is; a millisecond unless told. */
    void stepNs(long newStepNs) {
        stepNs = newStepNs;
    }

    long packetsSent() {
        return packetsSent;
    }

    /** Lets a step of time pass. */
    void step() {
        nowNs += stepNs;
        injectFaults();
        while (!wire.isEmpty() && wire.peek().atNs() <= nowNs) {
            SimReplica.Packet packet = wire.poll().packet();
            SimReplica target = replicas.get(packet.to());
            if (target.up && !cutLinks.contains(packet.from() * 100 + packet.to())) {
                target.receive(packet.bytes(), nowNs);
            }
        }
        for (SimReplica replica : replicas) {
            if (!replica.up) {
                continue;
            }
            if (random.nextInt(3) > 0) {
                replica.tick(nowNs);
            }
            if (replica.forcesUnderWay() > 0 && random.nextInt(faults.maxForceMs()) == 0) {
                for (int i = random.nextInt(replica.forcesUnderWay()) + 1; i > 0; i--) {
                    replica.completeForce(nowNs);
                }
            }
        }
    }

    private void injectFaults() {
        if (chance(faults.crash())) {
            SimReplica victim = replicas.get(random.nextInt(replicas.size()));
            if (victim.up) {
                crash(victim.nodeId);
            }
        }
        for (SimReplica replica : replicas) {
            if (!replica.up && faults.crash() > 0 && chance(20)) {
                restart(replica.nodeId);
            }
        }
        if (chance(faults.partition())) {
            switch (random.nextInt(4)) {
                case 0 -> isolate(random.nextInt(replicas.size()));
                case 1 -> cut(random.nextInt(replicas.size()), random.nextInt(replicas.size()));
                default -> healNetwork();
            }
        }
    }

    /** Something that an operator or a timer would do. */
    private void administer() {
        SimReplica replica = replicas.get(random.nextInt(replicas.size()));
        if (!replica.up) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> replica.batch(nowNs, g -> g.transferLeadership(random.nextInt(replicas.size()), nowNs));
            case 1 -> snapshot(replica);
            default -> changeMembers(replica);
        }
    }

    /** Takes a snapshot and drops most of the entries that it covers. */
    void snapshot(SimReplica replica) {
        long index = replica.group.commitIndex();
        if (index > replica.snapshots.index()
                && replica.log.termAt(index) != RaftLog.NULL_TERM
                && replica.group.streamedSnapshotIndex(nowNs) == Long.MAX_VALUE) {
            replica.snapshot(checker.snapshotBytes(index), Math.max(0, index - random.nextInt(10)), nowNs);
        }
    }

    /** Everyone who votes or is caught up may vote; everyone else may learn; some are left out. */
    private void changeMembers(SimReplica replica) {
        Membership now = replica.group.membership();
        List<Integer> voters = new ArrayList<>();
        List<Integer> learners = new ArrayList<>();
        for (int id = 0; id < replicas.size(); id++) {
            int choice = random.nextInt(10);
            if (now.isMember(id) && choice < 7) {
                voters.add(id);
            } else if (choice < 9) {
                learners.add(id);
            }
        }
        if (!voters.isEmpty()) {
            replica.batch(nowNs, g -> {
                if (g.changeMembership(Membership.of(voters, learners), nowNs) > 0) {
                    membershipChanges++;
                }
            });
        }
    }

    /** Loses a disk, if the last one that was lost has been replaced, and sees to it that a lost one is. */
    private void loseAndReplaceDisks() {
        SimReplica leader = leader();
        if (leader == null || leader.group.commitIndex() < leader.group.termStartIndex()) {
            return;
        }
        Membership now = leader.group.membership();
        if (replacing == null) {
            SimReplica victim = replicas.get(random.nextInt(replicas.size()));
            if (now.isBound()
                    && now.isVoter(victim.nodeId)
                    && !leader.group.state().isChangePending()) {
                wipes++;
                crash(victim.nodeId);
                victim.restartWiped(nowNs);
                replacing = victim;
            }
            return;
        }
        int lost = replacing.nodeId;
        List<Integer> voters = new ArrayList<>();
        replicas.forEach(r -> voters.add(r.nodeId));
        voters.removeIf(id -> id == lost || !now.isIncoming(id));
        if (now.isMember(lost)
                && now.diskId(lost) != 0
                && now.diskId(lost) != replacing.life().diskId()) {
            leader.batch(nowNs, g -> g.changeMembership(Membership.ofVoters(voters), nowNs));
        } else if (!now.isMember(lost)) {
            leader.batch(nowNs, g -> g.changeMembership(Membership.of(voters, List.of(lost)), nowNs));
        } else if (!now.isVoter(lost)) {
            voters.add(lost);
            leader.batch(nowNs, g -> g.changeMembership(Membership.ofVoters(voters), nowNs));
        } else if (!leader.group.state().isChangePending()) {
            replacing = null;
        }
    }

    long wipes() {
        return wipes;
    }

    /** Asks whoever leads for these members until they are in force and committed. */
    void changeTo(Membership target) {
        for (int i = 0; i < 2_000; i++) {
            SimReplica leader = awaitLeader();
            if (leader.group.membership().equals(target)
                    && !leader.group.state().isChangePending()) {
                return;
            }
            leader.batch(nowNs, g -> g.changeMembership(target, nowNs));
            step();
        }
        throw new IllegalStateException("the change was not done within 2 s: " + target);
    }

    long membershipChanges() {
        return membershipChanges;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    /** Runs with proposals and reads going on everywhere. */
    void runWithLoad(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            SimReplica replica = replicas.get(random.nextInt(replicas.size()));
            if (replica.up) {
                int length = random.nextInt(64);
                byte[] payload = new byte[length];
                random.nextBytes(payload);
                propose(replica, payload);
                read(replica);
                checker.leaseRead(replica, nowNs);
            }
            if (chance(faults.admin())) {
                administer();
            }
            if (chance(faults.wipe())) {
                loseAndReplaceDisks();
            }
        }
    }

    long propose(SimReplica replica, byte[] payload) {
        long[] index = new long[1];
        replica.batch(
                nowNs,
                g -> index[0] = g.propose((short) 1, new UnsafeBuffer(payload), 0, payload.length, nowNs, replica.out));
        return index[0];
    }

    long read(SimReplica replica) {
        long asked = token++;
        checker.readAsked(asked);
        replica.batch(nowNs, g -> {
            if (!g.readIndex(asked, nowNs, replica.out)) {
                checker.readForgotten(asked);
            }
        });
        return asked;
    }

    /** Ends all faults and restarts what is down. */
    void heal() {
        faults = SimFaults.NONE;
        healNetwork();
        for (SimReplica replica : replicas) {
            if (!replica.up) {
                restart(replica.nodeId);
            }
        }
        for (int i = 0; i < 5_000 && replacing != null; i++) {
            step();
            loseAndReplaceDisks();
        }
    }

    /** The leader of the highest term, once a majority follows it; or null. */
    SimReplica leader() {
        SimReplica best = null;
        for (SimReplica replica : replicas) {
            if (replica.up
                    && replica.group.role() == Role.LEADER
                    && (best == null || replica.group.term() > best.group.term())) {
                best = replica;
            }
        }
        return best;
    }

    /** Proposes to whoever leads until an entry is taken. */
    long proposeUntilTaken() {
        for (int i = 0; i < 5_000; i++) {
            SimReplica leader = awaitLeader();
            long index = propose(leader, new byte[] {1});
            if (index > 0) {
                return index;
            }
            step();
        }
        throw new IllegalStateException("no proposal was taken within 5 s");
    }

    /** Proposes until an entry is committed everywhere; one that a leader took may be lost with its leadership. */
    void makeProgress() {
        for (int attempt = 0; attempt < 10; attempt++) {
            long index = proposeUntilTaken();
            for (int i = 0; i < 500; i++) {
                if (isCommittedEverywhere(index)) {
                    return;
                }
                step();
            }
        }
        throw new IllegalStateException("no progress within 5 s");
    }

    private boolean isCommittedEverywhere(long index) {
        SimReplica leader = leader();
        return leader != null
                && replicas.stream()
                        .filter(r -> leader.group.membership().isMember(r.nodeId))
                        .allMatch(r -> r.up && r.group.commitIndex() >= index);
    }

    /** Steps until there is a leader that has committed in its own term. */
    SimReplica awaitLeader() {
        for (int i = 0; i < 5_000; i++) {
            SimReplica leader = leader();
            if (leader != null && leader.group.commitIndex() >= leader.group.termStartIndex()) {
                return leader;
            }
            step();
        }
        throw new IllegalStateException("no leader within 5 s");
    }

    /** Steps until every member that the leader knows of has committed the index. */
    void awaitCommit(long index) {
        for (int i = 0; i < 5_000; i++) {
            if (isCommittedEverywhere(index)) {
                return;
            }
            step();
        }
        throw new IllegalStateException("not committed everywhere within 5 s: " + index);
    }
}
