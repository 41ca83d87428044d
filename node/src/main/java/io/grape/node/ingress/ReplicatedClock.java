package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.TimeAdvanceEncoder;
import io.grape.node.groups.InboundDuty;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lets time pass in the log: while this node leads and clients are remembered, it proposes a {@code TimeAdvance} now and
 * then, with what its monotonic clock counted since the one before. A group without clients gets no entry.
 *
 * <p>Replicated time is never ahead of real time, drift of the monotonic clocks aside: a leader counts from the moment
 * at which this node saw itself lead, what it counted for a proposal that was not committed is lost, and an old leader
 * cannot commit anything after a new one counts. So clients are remembered for at least the expiry, and after changes of
 * leader a little longer.
 *
 * <p>Thread: the inbound agent's. Allocates nothing.
 */
final class ReplicatedClock implements InboundDuty {
    /** A client is forgotten at most this part of the expiry too late. */
    private static final int STEPS_PER_EXPIRY = 16;

    /** In place of a term while this node does not lead. */
    static final long NOT_LEADING = -1;

    /** Takes proposals. */
    @FunctionalInterface
    interface Proposals {
        /** Queues a command; answers false when there is no room now. */
        @HotPath
        boolean offer(DirectBuffer command, int length);
    }

    private final LongSupplier leadingTerm;
    private final IntSupplier clientCount;
    private final Proposals proposals;
    private final int expiryMs;
    private final long intervalNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TimeAdvanceEncoder advance = new TimeAdvanceEncoder();

    private long countedTerm = NOT_LEADING;
    private long countedFromNs;

    /**
     * @param leadingTerm the term in which this node leads, or {@link #NOT_LEADING}
     * @param clientCount clients that are remembered
     * @param proposals   where the entries go
     * @param expiryMs    pause after which a client is forgotten
     */
    ReplicatedClock(LongSupplier leadingTerm, IntSupplier clientCount, Proposals proposals, int expiryMs) {
        this.leadingTerm = leadingTerm;
        this.clientCount = clientCount;
        this.proposals = proposals;
        this.expiryMs = expiryMs;
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(expiryMs / STEPS_PER_EXPIRY);
    }

    /** Proposes what is due. */
    @Override
    @HotPath
    public int doWork(long nowNs) {
        long term = clientCount.getAsInt() == 0 ? NOT_LEADING : leadingTerm.getAsLong();
        if (term != countedTerm) {
            countedTerm = term;
            countedFromNs = nowNs;
            return 0;
        }
        if (term == NOT_LEADING) {
            return 0;
        }
        long elapsedNs = nowNs - countedFromNs;
        if (elapsedNs < intervalNs) {
            return 0;
        }
        advance.wrapAndApplyHeader(buffer, 0, header)
                .elapsedMs(TimeUnit.NANOSECONDS.toMillis(elapsedNs))
                .expiryMs(expiryMs);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + advance.encodedLength();
        if (proposals.offer(buffer, length)) {
            countedFromNs = nowNs;
            return 1;
        }
        return 0;
    }
}
