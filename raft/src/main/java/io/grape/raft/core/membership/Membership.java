package io.grape.raft.core.membership;

import io.grape.codecs.HotPath;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The members of a group: one set of voters, or two while a change is under way (paper, section 6), and learners.
 *
 * <p>Immutable. {@code incoming} is the only set of voters outside of a change; {@code outgoing} is the old one during it.
 * A learner may be an outgoing voter: it votes until the change is over.
 *
 * <p>A member is <em>bound</em> to a disk once the leader has heard from it: from then on only that disk is the member, and
 * a wiped or replaced one of the same name is not. Binding is an attribute of a member, so memberships that differ in
 * nothing else are equal.
 */
public final class Membership {
    private static final int[] NOBODY = {};

    private final int[] incoming;
    private final int[] outgoing;
    private final int[] learners;
    private final int[] members;
    private final long[] disks;
    private final boolean bound;

    /**
     * @param disks of the members by ascending node id, 0 for one that is not bound
     */
    private Membership(int[] incoming, int[] outgoing, int[] learners, IntToLongFunction disks) {
        this.incoming = sorted(incoming);
        this.outgoing = sorted(outgoing);
        this.learners = sorted(learners);
        int[] all = Arrays.copyOf(incoming, incoming.length + outgoing.length + learners.length);
        System.arraycopy(outgoing, 0, all, incoming.length, outgoing.length);
        System.arraycopy(learners, 0, all, incoming.length + outgoing.length, learners.length);
        this.members = Arrays.stream(all).sorted().distinct().toArray();
        this.disks = Arrays.stream(members).mapToLong(disks).toArray();
        this.bound = Arrays.stream(this.disks).noneMatch(disk -> disk == 0);
    }

    /** Returns a membership whose members may be bound to disks. */
    static Membership of(int[] incoming, int[] outgoing, int[] learners, IntToLongFunction disks) {
        return new Membership(incoming, outgoing, learners, disks);
    }

    /** Returns a membership of voters alone. */
    public static Membership ofVoters(List<Integer> voters) {
        return of(voters, List.of());
    }

    /**
     * Returns a membership outside of a change.
     *
     * @throws IllegalArgumentException if a node is named twice or a node id is negative
     */
    public static Membership of(List<Integer> voters, List<Integer> learners) {
        Membership membership = new Membership(toArray(voters), NOBODY, toArray(learners), nodeId -> 0);
        if (membership.members.length != voters.size() + learners.size()) {
            throw new IllegalArgumentException("a node is named twice: voters=" + voters + " learners=" + learners);
        }
        if (membership.members.length > 0 && membership.members[0] < 0) {
            throw new IllegalArgumentException("a node id must not be negative: " + membership);
        }
        return membership;
    }

    /**
     * Returns what has to be appended to get from here to the target: the target itself if the voters stay the same, else
     * the joint configuration of both sets of voters. Members that stay keep their disks.
     */
    public Membership towards(Membership target) {
        int[] outgoingVoters = Arrays.equals(incoming, target.incoming) ? NOBODY : incoming;
        return new Membership(target.incoming, outgoingVoters, target.learners, this::diskId);
    }

    /** Returns the same members, one of them bound to a disk. */
    public Membership withDisk(int nodeId, long diskId) {
        return new Membership(incoming, outgoing, learners, id -> id == nodeId ? diskId : diskId(id));
    }

    /** Returns what follows a joint configuration once it is committed. */
    public Membership left() {
        return new Membership(incoming, NOBODY, learners, this::diskId);
    }

    /** Returns how many nodes vote in the incoming set. */
    public int incomingCount() {
        return incoming.length;
    }

    /** Returns a voter of the incoming set. */
    public int incoming(int i) {
        return incoming[i];
    }

    /** Returns how many nodes vote in the outgoing set; 0 outside of a change. */
    public int outgoingCount() {
        return outgoing.length;
    }

    /** Returns a voter of the outgoing set. */
    public int outgoing(int i) {
        return outgoing[i];
    }

    /** Returns how many learners there are. */
    public int learnerCount() {
        return learners.length;
    }

    /** Returns a learner. */
    public int learner(int i) {
        return learners[i];
    }

    /** Returns how many nodes receive the log, in whatever capacity. */
    public int memberCount() {
        return members.length;
    }

    /** Returns a member, by ascending node id. */
    public int member(int i) {
        return members[i];
    }

    /** Returns whether the node votes in either set. */
    public boolean isVoter(int nodeId) {
        return contains(incoming, nodeId) || contains(outgoing, nodeId);
    }

    /** Returns whether the node votes in the set that remains after a change. */
    public boolean isIncoming(int nodeId) {
        return contains(incoming, nodeId);
    }

    /** Returns whether the node is a voter or a learner. */
    public boolean isMember(int nodeId) {
        return contains(members, nodeId);
    }

    /** Returns the one disk that is this member, or 0 if the node is no member or not bound. */
    @HotPath
    public long diskId(int nodeId) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == nodeId) {
                return disks[i];
            }
        }
        return 0;
    }

    /** Returns whether every member is bound to a disk. */
    @HotPath
    public boolean isBound() {
        return bound;
    }

    /** Returns whether two majorities are needed. */
    public boolean isJoint() {
        return outgoing.length > 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Membership that
                && Arrays.equals(incoming, that.incoming)
                && Arrays.equals(outgoing, that.outgoing)
                && Arrays.equals(learners, that.learners);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(incoming) * 31 + Arrays.hashCode(outgoing)) * 31 + Arrays.hashCode(learners);
    }

    @Override
    public String toString() {
        return "voters=" + Arrays.toString(incoming) + " outgoing=" + Arrays.toString(outgoing) + " learners="
                + Arrays.toString(learners);
    }

    private static int[] toArray(List<Integer> nodes) {
        return nodes.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] sorted(int[] nodes) {
        int[] copy = nodes.clone();
        Arrays.sort(copy);
        return copy;
    }

    private static boolean contains(int[] nodes, int nodeId) {
        for (int node : nodes) {
            if (node == nodeId) {
                return true;
            }
        }
        return false;
    }
}
