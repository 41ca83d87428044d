package io.grape.raft.core;

/**
 * The clocks of a group, all in nanoseconds of the injected monotonic clock.
 *
 * @param electionTimeoutNs       a follower that hears no leader for this long, plus a random part of the same length,
 *                                stands for election; a leader that hears no quorum for this long steps down
 * @param heartbeatIntervalNs     an idle leader writes to each peer this often; at most half of the election timeout
 * @param minRetransmitTimeoutNs  an unanswered append is repeated no sooner than this
 * @param retransmitRoundTrips    and no sooner than this multiple of the measured round trip
 * @param leasePercent            a leader's lease as a share of the election timeout, counted from when the heartbeat left;
 *                                what is missing to 100 bounds the drift between two clocks. 0 for no leases, at most 90
 * @param hibernateAfterNs        a group in which nothing happened for this long rests, if the owner sends its heartbeats in
 *                                frames; 0 for never
 * @param electionPriority        0..100, a hint: below 100 this replica waits longer before it stands, by up to another
 *                                election timeout, so that others mostly lead. It never changes who may be elected
 */
public record RaftTiming(
        long electionTimeoutNs,
        long heartbeatIntervalNs,
        long minRetransmitTimeoutNs,
        int retransmitRoundTrips,
        int leasePercent,
        long hibernateAfterNs,
        int electionPriority) {
    /** The priority of a replica that nothing is said of. */
    public static final int HIGHEST_PRIORITY = 100;

    /** One second, 100 ms, 20 ms, four round trips, no leases: chosen for a local network under a loaded scheduler. */
    public static final RaftTiming DEFAULT = new RaftTiming(1_000_000_000L, 100_000_000L, 20_000_000L, 4);

    /** Refuses timings under which no leader could stay. */
    public RaftTiming {
        require(electionTimeoutNs > 0, "electionTimeoutNs must be positive");
        require(heartbeatIntervalNs > 0, "heartbeatIntervalNs must be positive");
        require(heartbeatIntervalNs <= electionTimeoutNs / 2, "heartbeatIntervalNs must be <= electionTimeoutNs / 2");
        require(minRetransmitTimeoutNs > 0, "minRetransmitTimeoutNs must be positive");
        require(retransmitRoundTrips >= 1, "retransmitRoundTrips must be at least 1");
        require(leasePercent >= 0 && leasePercent <= 90, "leasePercent must be 0..90");
        require(hibernateAfterNs >= 0, "hibernateAfterNs must not be negative");
        require(electionPriority >= 0 && electionPriority <= HIGHEST_PRIORITY, "electionPriority must be 0..100");
    }

    /** Without hibernation. */
    public RaftTiming(
            long electionTimeoutNs,
            long heartbeatIntervalNs,
            long minRetransmitTimeoutNs,
            int retransmitRoundTrips,
            int leasePercent) {
        this(
                electionTimeoutNs,
                heartbeatIntervalNs,
                minRetransmitTimeoutNs,
                retransmitRoundTrips,
                leasePercent,
                0,
                HIGHEST_PRIORITY);
    }

    /** Without leases. */
    public RaftTiming(
            long electionTimeoutNs, long heartbeatIntervalNs, long minRetransmitTimeoutNs, int retransmitRoundTrips) {
        this(electionTimeoutNs, heartbeatIntervalNs, minRetransmitTimeoutNs, retransmitRoundTrips, 0);
    }

    /** Returns a copy under which idle groups rest. */
    public RaftTiming withHibernationAfter(long newHibernateAfterNs) {
        return new RaftTiming(
                electionTimeoutNs,
                heartbeatIntervalNs,
                minRetransmitTimeoutNs,
                retransmitRoundTrips,
                leasePercent,
                newHibernateAfterNs,
                electionPriority);
    }

    /** Returns a copy with another priority. */
    public RaftTiming withElectionPriority(int newElectionPriority) {
        return new RaftTiming(
                electionTimeoutNs,
                heartbeatIntervalNs,
                minRetransmitTimeoutNs,
                retransmitRoundTrips,
                leasePercent,
                hibernateAfterNs,
                newElectionPriority);
    }

    /** Returns what a replica of this priority waits longer before it stands, nanoseconds. */
    public long electionDelayNs() {
        return electionTimeoutNs / HIGHEST_PRIORITY * (HIGHEST_PRIORITY - electionPriority);
    }

    /** Returns how long a lease holds, nanoseconds. */
    public long leaseNs() {
        return electionTimeoutNs / 100 * leasePercent;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
