package io.grape.raft.pipeline;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;

/**
 * The way into a pipeline: a Disruptor ring of {@link InboundSlot}s beside a {@link PayloadArena} for the bodies.
 *
 * <p>Threads: one producer (the inbound agent), one consumer (the consensus agent). A full ring answers {@code false}:
 * the producer must tell the sender, or leave the message where it is; nothing is dropped here.
 */
public final class InboundRing {
    private final RingBuffer<InboundSlot> ring;
    private final EventPoller<InboundSlot> poller;
    private final PayloadArena arena;

    /**
     * @param slots      events in flight; a power of two
     * @param arenaBytes bytes of bodies in flight; a power of two
     */
    public InboundRing(int slots, int arenaBytes) {
        ring = RingBuffer.createSingleProducer(InboundSlot::new, slots, new YieldingWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        arena = new PayloadArena(arenaBytes);
    }

    /** Returns the longest body that is accepted, bytes. */
    public int maxLength() {
        return arena.maxRunLength();
    }

    /** Queues a message from a peer; answers false when there is no room now. Producer only. */
    @HotPath
    public boolean offerRaft(int groupId, DirectBuffer body, int offset, int length) {
        return offer(InboundSlot.RAFT_MESSAGE, groupId, 0, 0, Freshness.LOCAL, 0, body, offset, length);
    }

    /** As {@link #offerRaft(int, DirectBuffer, int, int)}: a message of a peer names its groups itself. */
    @HotPath
    public boolean offerRaft(DirectBuffer body, int offset, int length) {
        return offerRaft(0, body, offset, length);
    }

    /** Queues a command to be proposed; answers false when there is no room now. Producer only. */
    @HotPath
    public boolean offerProposal(
            int groupId, long sessionId, long correlationId, DirectBuffer body, int offset, int length) {
        return offer(InboundSlot.PROPOSAL, groupId, sessionId, correlationId, Freshness.LOCAL, 0, body, offset, length);
    }

    /**
     * Queues a read; answers false when there is no room now. Producer only.
     *
     * @param freshness one of {@link Freshness}
     * @param minIndex  for {@link Freshness#AT_LEAST_INDEX}
     */
    @HotPath
    @SuppressWarnings("TooManyParameters")
    public boolean offerRead(
            int groupId,
            long sessionId,
            long correlationId,
            int freshness,
            long minIndex,
            DirectBuffer body,
            int offset,
            int length) {
        return offer(InboundSlot.READ, groupId, sessionId, correlationId, freshness, minIndex, body, offset, length);
    }

    @HotPath
    private boolean offer(
            int kind,
            int groupId,
            long sessionId,
            long correlationId,
            int freshness,
            long minIndex,
            DirectBuffer body,
            int offset,
            int length) {
        if (!ring.hasAvailableCapacity(1)) {
            return false;
        }
        long position = arena.put(body, offset, length);
        if (position == PayloadArena.NO_ROOM) {
            return false;
        }
        long sequence = ring.next();
        InboundSlot slot = ring.get(sequence);
        slot.kind = kind;
        slot.groupId = groupId;
        slot.sessionId = sessionId;
        slot.correlationId = correlationId;
        slot.freshness = freshness;
        slot.minIndex = minIndex;
        slot.bodyPosition = position;
        slot.length = length;
        slot.arenaEnd = arena.claimedPosition();
        ring.publish(sequence);
        return true;
    }

    /** Returns the ring's poller. Consumer only. */
    EventPoller<InboundSlot> poller() {
        return poller;
    }

    /** Returns the bodies. Consumer only. */
    PayloadArena arena() {
        return arena;
    }
}
