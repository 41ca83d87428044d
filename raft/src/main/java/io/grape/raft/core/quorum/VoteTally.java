package io.grape.raft.core.quorum;

import io.grape.raft.core.membership.Membership;
import java.util.Arrays;

/** Votes of one election. A voter's first answer counts; answers of others than voters do not. */
public final class VoteTally {
    private static final byte UNHEARD = 0;
    private static final byte GRANTED = 1;
    private static final byte REFUSED = 2;

    private int[] nodes = {};
    private byte[] answers = {};

    /** Creates a tally without voters. */
    public VoteTally() {}

    /** Begins an election among the voters of a membership. */
    public void begin(Membership membership) {
        if (nodes.length != membership.memberCount()) {
            nodes = new int[membership.memberCount()];
            answers = new byte[nodes.length];
        }
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = membership.member(i);
        }
        Arrays.fill(answers, UNHEARD);
    }

    /** Notes an answer. */
    public void answer(int nodeId, boolean granted) {
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] == nodeId && answers[i] == UNHEARD) {
                answers[i] = granted ? GRANTED : REFUSED;
            }
        }
    }

    /** Returns the outcome so far. */
    public VoteResult result(Membership membership) {
        int granted = 0;
        int refused = 0;
        for (int i = 0; i < membership.incomingCount(); i++) {
            byte answer = of(membership.incoming(i));
            granted += answer == GRANTED ? 1 : 0;
            refused += answer == REFUSED ? 1 : 0;
        }
        VoteResult incoming = VoteResult.of(granted, refused, membership.incomingCount());
        granted = 0;
        refused = 0;
        for (int i = 0; i < membership.outgoingCount(); i++) {
            byte answer = of(membership.outgoing(i));
            granted += answer == GRANTED ? 1 : 0;
            refused += answer == REFUSED ? 1 : 0;
        }
        return incoming.and(VoteResult.of(granted, refused, membership.outgoingCount()));
    }

    private byte of(int nodeId) {
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] == nodeId) {
                return answers[i];
            }
        }
        return UNHEARD;
    }
}
