package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.Role;
import io.grape.raft.core.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Brings the members of the groups that this node leads to what group 0's registry says: a node that was added becomes a
 * learner, and a voter once it has caught up; one that was removed leaves, and hands over first if it leads.
 *
 * <p>One change of a group at a time, each through Raft's own joint configuration, looked at again until it is done: whoever
 * leads next goes on where this leader stopped. Members of a group that nobody added or removed are left as they are.
 *
 * <p>Thread: the pipeline's.
 */
public final class MemberKeeper implements Agent {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_VOTERS = 9;

    private final RaftGroup[] groups;
    private final ClusterState cluster;
    private final IntConsumer touched;
    private final NanoClock clock;
    private long nextNs;

    /**
     * @param groups  of this node
     * @param cluster group 0's, as far as it is applied here
     * @param touched told of each group that something was done to, so that the pipeline looks at it
     * @param clock   monotonic
     */
    public MemberKeeper(List<RaftGroup> groups, ClusterState cluster, IntConsumer touched, NanoClock clock) {
        this.touched = touched;
        this.groups = groups.toArray(RaftGroup[]::new);
        this.cluster = cluster;
        this.clock = clock;
        this.nextNs = clock.nanoTime();
    }

    @Override
    @HotPath
    public int doWork() {
        long nowNs = clock.nanoTime();
        NodeRegistry registry = cluster.registry();
        if (nowNs - nextNs < 0 || registry.nodes().isEmpty()) {
            return 0;
        }
        nextNs = nowNs + INTERVAL_NS;
        int work = 0;
        for (RaftGroup group : groups) {
            if (group.role() == Role.LEADER && !group.isTransferring()) {
                int changed = keep(group, registry, nowNs);
                if (changed > 0) {
                    touched.accept(group.config().groupId());
                }
                work += changed;
            }
        }
        return work;
    }

    private static int keep(RaftGroup group, NodeRegistry registry, long nowNs) {
        Membership members = group.membership();
        if (members.isJoint()) {
            return 0;
        }
        for (int nodeId : registry.nodes().keySet()) {
            Membership target = registry.isRemoved(nodeId) ? without(members, nodeId) : with(members, nodeId);
            if (!target.equals(members) && change(group, nodeId, registry, target, nowNs)) {
                return 1;
            }
        }
        return 0;
    }

    private static boolean change(RaftGroup group, int nodeId, NodeRegistry registry, Membership target, long nowNs) {
        boolean isMe = registry.isRemoved(nodeId) && nodeId == group.config().nodeId();
        if (isMe) {
            return group.transferLeadership(RaftGroup.NO_NODE, nowNs);
        }
        return group.changeMembership(target, group.configurationIndex(), nowNs) > 0;
    }

    /** A node that is no member becomes a learner, a learner becomes a voter. */
    private static Membership with(Membership members, int nodeId) {
        List<Integer> voters = voters(members);
        List<Integer> learners = learners(members);
        if (voters.contains(nodeId)) {
            return members;
        }
        if (learners.remove(Integer.valueOf(nodeId))) {
            if (voters.size() >= MAX_VOTERS) {
                return members;
            }
            voters.add(nodeId);
        } else {
            learners.add(nodeId);
        }
        return Membership.of(voters, learners);
    }

    /** The last voter stays. */
    private static Membership without(Membership members, int nodeId) {
        List<Integer> voters = voters(members);
        List<Integer> learners = learners(members);
        boolean isMember = learners.remove(Integer.valueOf(nodeId))
                || (voters.size() > 1 && voters.remove(Integer.valueOf(nodeId)));
        return isMember ? Membership.of(voters, learners) : members;
    }

    private static List<Integer> voters(Membership members) {
        List<Integer> voters = new ArrayList<>();
        for (int i = 0; i < members.incomingCount(); i++) {
            voters.add(members.incoming(i));
        }
        return voters;
    }

    private static List<Integer> learners(Membership members) {
        List<Integer> learners = new ArrayList<>();
        for (int i = 0; i < members.learnerCount(); i++) {
            learners.add(members.learner(i));
        }
        return learners;
    }

    @Override
    public String roleName() {
        return "members";
    }
}
