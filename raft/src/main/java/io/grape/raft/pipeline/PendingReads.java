package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of all groups that wait until the applied state of theirs is new enough for them.
 *
 * <p>A fixed number of places, each with a buffer that grows to the longest read it ever held. A place's token carries a
 * generation, so that an answer for a read that was given up meanwhile finds nothing. Thread: the pipeline.
 */
final class PendingReads {
    /** Waiting for the leader to confirm that it leads; no index is known yet. */
    private static final long UNCONFIRMED = Long.MAX_VALUE;

    private final Place[] places;
    private final int[] free;
    private int freeCount;
    private final int[] waiting;
    private int waitingCount;

    PendingReads(int capacity) {
        places = new Place[capacity];
        free = new int[capacity];
        waiting = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            places[i] = new Place();
            free[freeCount++] = capacity - 1 - i;
        }
    }

    /** One read. */
    private static final class Place {
        private final ExpandableDirectByteBuffer body = new ExpandableDirectByteBuffer(256);
        private int generation;
        private boolean held;
        private int length;
        private long sessionId;
        private long correlationId;
        private long requiredIndex;
        private long deadlineNs;
        private @Nullable ReadGate gate;
    }

    /**
     * Takes a read.
     *
     * @param gate          of the read's group
     * @param requiredIndex index that must be applied first, or a negative number when it is not known yet
     * @return token, or -1 when all places are taken
     */
    @HotPath
    long add(InboundSlot slot, ReadGate gate, DirectBuffer body, int offset, long requiredIndex, long deadlineNs) {
        if (freeCount == 0) {
            return -1;
        }
        int at = free[--freeCount];
        Place place = places[at];
        place.generation = (place.generation + 1) & 0x7FFF_FFFF;
        place.held = true;
        place.body.putBytes(0, body, offset, slot.length);
        place.length = slot.length;
        place.sessionId = slot.sessionId;
        place.correlationId = slot.correlationId;
        place.requiredIndex = requiredIndex < 0 ? UNCONFIRMED : requiredIndex;
        place.deadlineNs = deadlineNs;
        place.gate = gate;
        waiting[waitingCount++] = at;
        return ((long) place.generation << 32) | at;
    }

    /** Notes the index that a read must see. An unknown token is ignored: the read was given up. */
    @HotPath
    void confirmed(long token, long index) {
        Place place = find(token);
        if (place != null) {
            place.requiredIndex = index;
        }
    }

    /** Refuses a read. An unknown token is ignored. */
    void failed(long token, RequestSink sink, int reason) {
        Place place = find(token);
        if (place == null || place.gate == null) {
            return;
        }
        sink.refused(place.sessionId, place.correlationId, reason, place.gate.leaderNodeId());
        place.held = false;
    }

    /**
     * Releases the reads whose index is applied, and refuses those that waited too long.
     *
     * @return reads that are no longer pending
     */
    @HotPath
    int poll(long nowNs, RequestSink sink) {
        int kept = 0;
        int before = waitingCount;
        for (int i = 0; i < before; i++) {
            int at = waiting[i];
            Place place = places[at];
            ReadGate gate = place.gate;
            if (place.held && gate != null && place.requiredIndex <= gate.appliedIndex()) {
                place.held = !sink.readReady(gate.groupId(), place.body, 0, place.length);
            } else if (place.held && nowNs - place.deadlineNs >= 0) {
                sink.refused(place.sessionId, place.correlationId, RequestSink.INDEX_NOT_REACHED, -1);
                place.held = false;
            }
            if (place.held) {
                waiting[kept++] = at;
            } else {
                free[freeCount++] = at;
            }
        }
        waitingCount = kept;
        return before - kept;
    }

    /** Returns the number of reads that wait. */
    int size() {
        return waitingCount;
    }

    private @Nullable Place find(long token) {
        Place place = places[(int) token];
        return place.held && place.generation == (int) (token >>> 32) ? place : null;
    }
}
