package io.grape.client.session;

/**
 * Who leads, by the newest word of any node.
 *
 * <p>A word with an older term than the newest heard is not believed. Polling thread writes; {@link #nodeId} from any.
 */
final class LeaderTracker {
    /** No node. */
    static final int UNKNOWN = -1;

    private volatile int nodeId = UNKNOWN;
    private long term = -1;

    /**
     * Takes a node's word.
     *
     * @param leaderNodeId leader as that node knows it, or -1
     * @param leaderTerm   term in which it leads
     * @return whether another leader is believed now than before
     */
    boolean onWord(int leaderNodeId, long leaderTerm) {
        if (leaderTerm < term || leaderNodeId == UNKNOWN) {
            return false;
        }
        term = leaderTerm;
        boolean changed = nodeId != leaderNodeId;
        nodeId = leaderNodeId;
        return changed;
    }

    /**
     * Takes a node's word that it does not lead.
     *
     * @param source       the node that refused
     * @param leaderNodeId leader as that node knows it, or -1
     * @return whether another leader is believed now than before
     */
    boolean onRefusal(int source, int leaderNodeId) {
        if (nodeId != source) {
            return false;
        }
        nodeId = leaderNodeId == source ? UNKNOWN : leaderNodeId;
        return true;
    }

    /** Forgets a leader that does not answer; a new word, also of the same term, is believed again. */
    void forget() {
        nodeId = UNKNOWN;
    }

    int nodeId() {
        return nodeId;
    }
}
