package io.grape.shards.replicas;

import java.util.ArrayList;
import java.util.List;

/**
 * Says what a replica move waits for, from the group's members alone.
 *
 * <p>At no moment does the group have fewer voters than before: the old replica votes until the new one does, and the joint
 * configuration that changes both at once is Raft's own affair (paper, section 6). A group with a single voter takes the new one
 * in beside it first, because its leader has nobody else to hand over to.
 *
 * <p>Pure; any thread.
 */
public final class ReplicaMover {
    private ReplicaMover() {}

    /**
     * Names the next step.
     *
     * @param move    what is wanted
     * @param members what the leader says
     * @param giveUp  whether somebody wants it ended; heeded as long as the new replica does not vote
     */
    public static ReplicaStep next(ReplicaMove move, GroupMembers members, boolean giveUp) {
        if (members.isChanging()) {
            return new ReplicaStep.Wait("a change of the members is under way");
        }
        boolean comes = move.to() != ReplicaMove.NOBODY;
        if (comes && !members.voters().contains(move.to())) {
            return giveUp ? giveUp(move, members) : takeIn(move, members);
        }
        if (members.voters().contains(move.from())) {
            return letGo(move, members);
        }
        if (members.learners().contains(move.from())) {
            return change(members, members.voters(), without(members.learners(), move.from()));
        }
        boolean hasFiles = members.holders().contains(move.from());
        return hasFiles ? new ReplicaStep.Release(move.from()) : new ReplicaStep.Done(true);
    }

    private static ReplicaStep giveUp(ReplicaMove move, GroupMembers members) {
        if (members.learners().contains(move.to())) {
            return change(members, members.voters(), without(members.learners(), move.to()));
        }
        boolean hasFiles = members.holders().contains(move.to());
        return hasFiles ? new ReplicaStep.Release(move.to()) : new ReplicaStep.Done(false);
    }

    private static ReplicaStep takeIn(ReplicaMove move, GroupMembers members) {
        if (!members.learners().contains(move.to())) {
            return change(members, members.voters(), with(members.learners(), move.to()));
        }
        if (!members.caughtUp().contains(move.to())) {
            return new ReplicaStep.Wait("node " + move.to() + " catches up");
        }
        boolean replaces = members.voters().contains(move.from());
        boolean isAlone = members.voters().size() == 1;
        if (replaces && members.leader() == move.from() && !isAlone) {
            return transfer(members, anotherVoter(members, move.from()));
        }
        List<Integer> stay = replaces && !isAlone ? without(members.voters(), move.from()) : members.voters();
        return change(members, with(stay, move.to()), without(members.learners(), move.to()));
    }

    private static ReplicaStep letGo(ReplicaMove move, GroupMembers members) {
        if (members.voters().size() == 1) {
            return new ReplicaStep.Wait("node " + move.from() + " is the only voter: another one must come first");
        }
        if (members.leader() == move.from()) {
            boolean toNew = members.voters().contains(move.to());
            return transfer(members, toNew ? move.to() : anotherVoter(members, move.from()));
        }
        return change(members, without(members.voters(), move.from()), members.learners());
    }

    private static ReplicaStep transfer(GroupMembers members, int to) {
        return new ReplicaStep.Transfer(members.configurationIndex(), to);
    }

    private static ReplicaStep change(GroupMembers members, List<Integer> voters, List<Integer> learners) {
        return new ReplicaStep.Change(members.configurationIndex(), voters, learners);
    }

    private static int anotherVoter(GroupMembers members, int not) {
        return without(members.voters(), not).get(0);
    }

    private static List<Integer> with(List<Integer> nodes, int node) {
        List<Integer> more = new ArrayList<>(nodes);
        more.add(node);
        return more;
    }

    private static List<Integer> without(List<Integer> nodes, int node) {
        return nodes.stream().filter(other -> other != node).toList();
    }
}
