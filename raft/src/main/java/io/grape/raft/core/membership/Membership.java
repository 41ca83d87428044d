package io.grape.raft.core.membership;

import java.util.Arrays;
import java.util.List;

/**
 * The members of a group: one set of voters, or two while a change is under way (paper, section 6), and learners.
 *
 * <p>Immutable. {@code incoming} is the only set outside of a change; {@code outgoing} is the old one during it.
 */
public final class Membership {
    private static final int[] NOBODY = {};

    private final int[] incoming;
    private final int[] outgoing;
    private final int[] learners;
    private final int[] members;

    private Membership(int[] incoming, int[] outgoing, int[] learners) {
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.learners = learners;
        int[] all = Arrays.copyOf(incoming, incoming.length + outgoing.length + learners.length);
        System.arraycopy(outgoing, 0, all, incoming.length, outgoing.length);
        System.arraycopy(learners, 0, all, incoming.length + outgoing.length, learners.length);
        this.members = Arrays.stream(all).sorted().distinct().toArray();
    }

    /** Returns a membership of voters alone. */
    public static Membership ofVoters(List<Integer> voters) {
        return new Membership(
                voters.stream().mapToInt(Integer::intValue).sorted().toArray(), NOBODY, NOBODY);
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

    /** Returns whether the node is a voter or a learner. */
    public boolean isMember(int nodeId) {
        return contains(members, nodeId);
    }

    /** Returns whether two majorities are needed. */
    public boolean isJoint() {
        return outgoing.length > 0;
    }

    @Override
    public String toString() {
        return "voters=" + Arrays.toString(incoming) + " outgoing=" + Arrays.toString(outgoing) + " learners="
                + Arrays.toString(learners);
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
