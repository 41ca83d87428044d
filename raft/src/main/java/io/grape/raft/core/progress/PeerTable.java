package io.grape.raft.core.progress;

import io.grape.codecs.HotPath;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.quorum.Quorum;
import org.jspecify.annotations.Nullable;

/** The progress of every other member, and what their quorums have reached. */
public final class PeerTable {
    private final int selfNodeId;
    private final int maxInflightAppends;
    private final long maxInflightBytes;
    private Progress[] peers = {};
    private Membership membership;
    private long[] scratch = {};

    /**
     * @param selfNodeId         this node, which has no progress of its own
     * @param membership         the members
     * @param maxInflightAppends window of each peer, in appends
     * @param maxInflightBytes   window of each peer, in payload bytes
     */
    public PeerTable(int selfNodeId, Membership membership, int maxInflightAppends, long maxInflightBytes) {
        this.selfNodeId = selfNodeId;
        this.maxInflightAppends = maxInflightAppends;
        this.maxInflightBytes = maxInflightBytes;
        this.membership = membership;
        rebuild();
    }

    private void rebuild() {
        int others = membership.memberCount() - (membership.isMember(selfNodeId) ? 1 : 0);
        Progress[] rebuilt = new Progress[others];
        int n = 0;
        for (int i = 0; i < membership.memberCount(); i++) {
            int nodeId = membership.member(i);
            if (nodeId != selfNodeId) {
                Progress known = find(nodeId);
                rebuilt[n++] = known != null ? known : new Progress(nodeId, maxInflightAppends, maxInflightBytes);
            }
        }
        peers = rebuilt;
        scratch = new long[membership.memberCount()];
    }

    /** Goes over to other members; what is known of those that stay is kept. */
    public void change(Membership newMembership) {
        membership = newMembership;
        rebuild();
    }

    /** Returns how many peers there are. */
    public int count() {
        return peers.length;
    }

    /** Returns a peer, by ascending node id. */
    public Progress peer(int i) {
        return peers[i];
    }

    /** Returns the members. */
    public Membership membership() {
        return membership;
    }

    /** Returns a peer by node id, or null if it is none. */
    @HotPath
    public @Nullable Progress find(int nodeId) {
        for (Progress peer : peers) {
            if (peer.nodeId() == nodeId) {
                return peer;
            }
        }
        return null;
    }

    /**
     * Returns what a majority of every set of voters has reached.
     *
     * @param selfValue what this node has reached; counts only where it votes
     */
    @HotPath
    public long reached(Measure measure, long selfValue) {
        for (int i = 0; i < membership.incomingCount(); i++) {
            scratch[i] = value(membership.incoming(i), measure, selfValue);
        }
        long incoming = Quorum.reached(scratch, membership.incomingCount());
        for (int i = 0; i < membership.outgoingCount(); i++) {
            scratch[i] = value(membership.outgoing(i), measure, selfValue);
        }
        return Math.min(incoming, Quorum.reached(scratch, membership.outgoingCount()));
    }

    @HotPath
    private long value(int nodeId, Measure measure, long selfValue) {
        if (nodeId == selfNodeId) {
            return selfValue;
        }
        Progress peer = find(nodeId);
        if (peer == null) {
            return Long.MIN_VALUE;
        }
        if (measure == Measure.MATCH) {
            return peer.match();
        }
        if (measure == Measure.CONTACT) {
            return peer.lastContactNs();
        }
        return measure == Measure.LEASE ? peer.answeredSentNs() : peer.readIdAcked();
    }
}
