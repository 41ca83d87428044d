package io.grape.raft.core.progress;

import io.grape.codecs.HotPath;

/**
 * What a leader knows of one peer's log, for one term.
 *
 * <p>Always {@code 0 <= match < next}. Within a term and an incarnation of the peer {@code match} never falls; {@code next}
 * falls only to {@code match + 1} or to a conflict hint above it. A conflict counts only if it answers a request sent since
 * the last such fall, so reordered answers cannot move anything back.
 */
public final class Progress {
    private final int nodeId;
    private final InflightWindow inflight;
    private final RoundTrip roundTrip = new RoundTrip();
    private ProgressState state = ProgressState.PROBE;
    private long match;
    private long next = 1;
    private long firstRequestId = 1;
    private boolean probeOutstanding;
    private int probesUnanswered;
    private long lastSentNs;
    private long lastContactNs;
    private long commitSent;
    private long readIdAcked;
    private long answeredSentNs;
    private long diskId;
    private long incarnation = RoundTrip.UNKNOWN;
    private long ackedBefore;
    private boolean takesFrames;
    private boolean resting;
    private long restRequestId = Long.MAX_VALUE;
    private long snapshotIndex;
    private long snapshotOffset;

    /**
     * @param nodeId     the peer
     * @param maxAppends window, in appends
     * @param maxBytes   window, in payload bytes
     */
    public Progress(int nodeId, int maxAppends, long maxBytes) {
        this.nodeId = nodeId;
        this.inflight = new InflightWindow(maxAppends, maxBytes);
    }

    /** The peer said that it lost what it acknowledged: nothing is to be expected of it. */
    public void forgive() {
        ackedBefore = 0;
    }

    /** Begins a term: nothing is known but the leader's own last index. */
    public void reset(long lastIndex, long assumedRoundTripNs, long nowNs) {
        roundTrip.reset(assumedRoundTripNs);
        match = 0;
        ackedBefore = 0;
        next = lastIndex + 1;
        commitSent = 0;
        readIdAcked = 0;
        answeredSentNs = RoundTrip.UNKNOWN;
        lastContactNs = nowNs;
        lastSentNs = nowNs;
        forgetRest();
        probe(next);
    }

    /** Falls back to one append at a time, from {@code newNext} but never at or below match. */
    public void probe(long newNext) {
        state = ProgressState.PROBE;
        next = Math.max(match + 1, newNext);
        inflight.clear();
        probeOutstanding = false;
        probesUnanswered = 0;
        firstRequestId = roundTrip.lastRequestId() + 1;
    }

    /** The entries that the peer needs are gone from the log: it gets a snapshot, chunk by chunk. */
    public void streamSnapshot(long index) {
        state = ProgressState.SNAPSHOT;
        snapshotIndex = index;
        snapshotOffset = 0;
        inflight.clear();
        probeOutstanding = false;
        probesUnanswered = 0;
    }

    /** Notes a chunk that was sent and returns its request id. */
    public long sentChunk(long nowNs) {
        return sentEmpty(nowNs);
    }

    /** The peer holds this much of the snapshot; the next chunk begins there. */
    public void chunkStored(long index, long nextOffset) {
        if (state == ProgressState.SNAPSHOT && index == snapshotIndex) {
            snapshotOffset = nextOffset;
            probeOutstanding = false;
            probesUnanswered = 0;
        }
    }

    /** The peer's state is durable up to {@code index}: entries follow again. Returns whether match rose. */
    public boolean snapshotInstalled(long index) {
        boolean rose = index > match;
        match = Math.max(match, index);
        if (match >= ackedBefore) {
            ackedBefore = 0;
        }
        if (state == ProgressState.SNAPSHOT && index >= snapshotIndex) {
            probe(match + 1);
        }
        next = Math.max(next, match + 1);
        return rose;
    }

    /**
     * Notes the life that the peer's messages come from. A newer life has to show again what it holds, since its disk may
     * have lost what an earlier one acknowledged.
     */
    @HotPath
    public void livesAs(long messageDiskId, long messageIncarnation) {
        if (messageIncarnation == incarnation && messageDiskId == diskId) {
            return;
        }
        boolean reborn = incarnation != RoundTrip.UNKNOWN;
        incarnation = messageIncarnation;
        diskId = messageDiskId;
        if (reborn) {
            long from = match + 1;
            ackedBefore = Math.max(ackedBefore, match);
            match = 0;
            answeredSentNs = RoundTrip.UNKNOWN;
            takesFrames = false;
            forgetRest();
            probe(from);
        }
    }

    /**
     * Returns what an earlier life of the peer acknowledged in this term and this one has not shown yet; 0 for nothing. The
     * first probe of the new life asks for that very entry, so a conflict that stands means that the peer lost it.
     */
    @HotPath
    public long ackedBefore() {
        return ackedBefore;
    }

    /** Notes an append with entries and returns its request id. */
    @HotPath
    public long sentEntries(long lastIndex, int bytes, long nowNs) {
        if (state == ProgressState.REPLICATE) {
            inflight.add(lastIndex, bytes, nowNs);
            next = lastIndex + 1;
        } else {
            probeOutstanding = true;
        }
        lastSentNs = nowNs;
        return roundTrip.sent(nowNs);
    }

    /** Notes an append without entries and returns its request id. */
    @HotPath
    public long sentEmpty(long nowNs) {
        if (state != ProgressState.REPLICATE) {
            if (probeOutstanding) {
                probesUnanswered++;
            }
            probeOutstanding = true;
        }
        lastSentNs = nowNs;
        return roundTrip.sent(nowNs);
    }

    /**
     * The peer holds, durably, the leader's log up to {@code matchIndex}.
     *
     * @return whether match rose
     */
    @HotPath
    public boolean accepted(long requestId, long matchIndex) {
        boolean rose = matchIndex > match;
        match = Math.max(match, matchIndex);
        if (match >= ackedBefore) {
            ackedBefore = 0;
        }
        next = Math.max(next, match + 1);
        inflight.freeThrough(match);
        if (state == ProgressState.PROBE && requestId >= firstRequestId) {
            state = ProgressState.REPLICATE;
            next = match + 1;
            probesUnanswered = 0;
            probeOutstanding = false;
            firstRequestId = requestId;
        }
        return rose;
    }

    /**
     * Returns whether a conflict answers a request that still stands. If it does the caller gives the new next index to
     * {@link #probe}.
     */
    @HotPath
    public boolean conflictStands(long requestId) {
        return requestId >= firstRequestId && requestId <= roundTrip.lastRequestId() && state != ProgressState.SNAPSHOT;
    }

    /** Notes any answer of this term; returns when its request was sent, or {@link RoundTrip#UNKNOWN}. */
    @HotPath
    public long answered(long requestId, long readId, long nowNs) {
        lastContactNs = nowNs;
        readIdAcked = Math.max(readIdAcked, readId);
        long sentNs = roundTrip.answered(requestId, nowNs);
        answeredSentNs = Math.max(answeredSentNs, sentNs);
        return sentNs;
    }

    /** Notes whether the peer's version knows heartbeats in frames; until it is noted the peer gets appends. */
    @HotPath
    public void takesFrames(boolean knowsFrames) {
        takesFrames = knowsFrames;
    }

    /** Returns whether heartbeats to the peer may go in frames. */
    public boolean takesFrames() {
        return takesFrames;
    }

    /** Notes that a request asks the peer to rest; it stands until {@link #forgetRest}. */
    @HotPath
    public void askedToRest(long requestId) {
        restRequestId = Math.min(restRequestId, requestId);
    }

    /** Takes the peer's word that it rests; returns whether it answers a request that stands. */
    @HotPath
    public boolean answersRest(long requestId) {
        resting = resting || (requestId >= restRequestId && requestId <= roundTrip.lastRequestId());
        return resting;
    }

    /** Returns whether the peer rests, as it was asked to. */
    public boolean isResting() {
        return resting;
    }

    /** What the peer was asked does not hold any more. */
    public void forgetRest() {
        resting = false;
        restRequestId = Long.MAX_VALUE;
    }

    /** Notes that the peer counts as heard, for the sake of a leader that let it rest. */
    public void contacted(long nowNs) {
        lastContactNs = Math.max(lastContactNs, nowNs);
    }

    /** Notes the commit index that the peer was last told. */
    public void commitSent(long commitIndex) {
        commitSent = Math.max(commitSent, commitIndex);
    }

    /** Returns the peer. */
    public int nodeId() {
        return nodeId;
    }

    /** Returns how the leader writes to the peer. */
    public ProgressState state() {
        return state;
    }

    /** Returns the highest index known to be durable at the peer. */
    public long match() {
        return match;
    }

    /** Returns the index of the next entry to send. */
    public long next() {
        return next;
    }

    /** Returns the unanswered appends. */
    public InflightWindow inflight() {
        return inflight;
    }

    /** Returns whether a probe waits for its answer. */
    public boolean probeOutstanding() {
        return probeOutstanding;
    }

    /** Returns how many probes in a row were repeated. */
    public int probesUnanswered() {
        return probesUnanswered;
    }

    /** Returns the id of the latest request to the peer. */
    public long lastRequestId() {
        return roundTrip.lastRequestId();
    }

    /** Returns the smoothed round trip, nanoseconds. */
    public long roundTripNs() {
        return roundTrip.smoothedNs();
    }

    /** Returns when anything was last sent to the peer. */
    public long lastSentNs() {
        return lastSentNs;
    }

    /** Returns when the peer last answered in this term. */
    public long lastContactNs() {
        return lastContactNs;
    }

    /** Returns the highest commit index that the peer was told. */
    public long commitSent() {
        return commitSent;
    }

    /** Returns the latest confirmation round of reads that the peer answered. */
    public long readIdAcked() {
        return readIdAcked;
    }

    /** Returns when the latest request that the peer answered was sent; {@link RoundTrip#UNKNOWN} before the first. */
    public long answeredSentNs() {
        return answeredSentNs;
    }

    /** Returns the last index of the snapshot being streamed; meaningful in {@link ProgressState#SNAPSHOT}. */
    public long snapshotIndex() {
        return snapshotIndex;
    }

    /** Returns where the next chunk begins. */
    public long snapshotOffset() {
        return snapshotOffset;
    }
}
