package io.grape.simulation;

import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.Role;
import io.grape.raft.core.membership.Membership;
import io.grape.simulation.fault.Fault;
import io.grape.simulation.node.SimNode;
import io.grape.simulation.world.LinkQuality;
import io.grape.simulation.world.VirtualNetwork;
import java.util.ArrayList;
import java.util.List;

/** Does to a cluster what a script says. */
final class FaultActor {
    private static final long MS = 1_000_000;
    private static final long US = 1_000;
    private static final String JOURNAL_SUFFIX = ".journal";

    private final SimCluster cluster;
    private final VirtualNetwork network;

    FaultActor(SimCluster cluster, VirtualNetwork network) {
        this.cluster = cluster;
        this.network = network;
    }

    void act(Fault fault) {
        switch (fault) {
            case Fault.Crash(int node, int power) -> cluster.crash(node, power == 1);
            case Fault.Restart(int node) -> cluster.start(node);
            case Fault.Pause(int node, int ms) -> cluster.node(node).pause(ms * MS);
            case Fault.ClockJump(int node, int ms) -> cluster.node(node).clock().jump(ms * MS);
            case Fault.ClockDrift(int node, int perMillion) ->
                cluster.node(node).clock().drift(perMillion);
            case Fault.Partition(int mask) -> partition(mask);
            case Fault.Cut(int from, int to) -> network.cut(from, to, true);
            case Fault.Mend() -> network.mend();
            case Fault.Weather(int lost, int doubled, int reordered, int maxDelayUs) ->
                network.quality(new LinkQuality(lost, doubled, reordered, 50 * US, maxDelayUs * US));
            case Fault.Reset(int one, int other) -> {
                network.reset(one, other);
                network.reset(other, one);
            }
            case Fault.FailForce(int node) -> cluster.node(node).disk().failNextForce();
            case Fault.SlowForce(int node, int ms) -> cluster.node(node).slowForces(ms * MS);
            case Fault.FullDisk(int node, int full) -> cluster.node(node).disk().full(full == 1);
            case Fault.FlipBit(int node) -> {
                if (!cluster.node(node).isUp()) {
                    cluster.node(node).disk().flipBit(JOURNAL_SUFFIX);
                }
            }
            case Fault.Transfer(int node) -> {
                for (int groupId = 0; groupId < cluster.groups(); groupId++) {
                    SimNode leader = cluster.leader(groupId);
                    if (leader != null) {
                        leader.raft(groupId)
                                .transferLeadership(node, leader.clock().nanoTime());
                    }
                }
            }
            case Fault.Members(int voters, int learners) -> {
                for (int groupId = 0; groupId < cluster.groups(); groupId++) {
                    changeMembers(groupId, voters, learners);
                }
            }
        }
    }

    private void partition(int mask) {
        for (int from = 0; from < cluster.nodes(); from++) {
            for (int to = 0; to < cluster.nodes(); to++) {
                boolean isApart = ((mask >> from) & 1) != ((mask >> to) & 1);
                network.cut(from, to, isApart);
            }
        }
    }

    /** A voter-to-be that is no member yet is made a learner first; asked again, it becomes a voter when it has caught up. */
    private void changeMembers(int groupId, int voters, int learners) {
        SimNode leader = cluster.leader(groupId);
        if (leader == null) {
            return;
        }
        RaftGroup raft = leader.raft(groupId);
        Membership current = raft.membership();
        List<Integer> wanted = nodes(voters);
        Membership target;
        if (current.isJoint() || wanted.stream().allMatch(current::isMember)) {
            target = Membership.of(wanted, nodes(learners));
        } else {
            List<Integer> keep = new ArrayList<>();
            List<Integer> learn = new ArrayList<>();
            for (int node = 0; node < cluster.nodes(); node++) {
                if (current.isVoter(node)) {
                    keep.add(node);
                } else if (((voters | learners) >> node & 1) == 1) {
                    learn.add(node);
                }
            }
            target = Membership.of(keep, learn);
        }
        raft.changeMembership(target, leader.clock().nanoTime());
    }

    private List<Integer> nodes(int mask) {
        List<Integer> nodes = new ArrayList<>();
        for (int node = 0; node < cluster.nodes(); node++) {
            if ((mask >> node & 1) == 1) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /** Returns whether the node leads a group, as far as it knows. */
    static boolean leads(SimNode node, int groupId) {
        return node.isUp() && node.raft(groupId).role() == Role.LEADER;
    }
}
