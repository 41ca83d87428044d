package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.TimeAdvanceEncoder;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.InboundRing;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
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
final class ReplicatedClock {
    /** A client is forgotten at most this part of the expiry too late. */
    private static final int STEPS_PER_EXPIRY = 16;

    private static final long NO_SESSION = -1;

    private final GroupStatus status;
    private final InboundRing ring;
    private final IntSupplier clientCount;
    private final int groupId;
    private final int expiryMs;
    private final long intervalNs;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TimeAdvanceEncoder advance = new TimeAdvanceEncoder();

    private boolean counting;
    private long countedTerm;
    private long countedFromNs;

    /**
     * @param status      who leads
     * @param ring        takes the proposals
     * @param clientCount clients that are remembered
     * @param scope       group and expiry
     */
    ReplicatedClock(GroupStatus status, InboundRing ring, IntSupplier clientCount, RequestScope scope) {
        this.status = status;
        this.ring = ring;
        this.clientCount = clientCount;
        this.groupId = scope.groupId();
        this.expiryMs = scope.clientExpiryMs();
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(expiryMs / STEPS_PER_EXPIRY);
    }

    /** Proposes what is due. */
    @HotPath
    int doWork(long nowNs) {
        if (!status.isLeader() || clientCount.getAsInt() == 0) {
            counting = false;
            return 0;
        }
        long term = status.term();
        if (!counting || term != countedTerm) {
            counting = true;
            countedTerm = term;
            countedFromNs = nowNs;
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
        if (ring.offerProposal(groupId, NO_SESSION, 0, buffer, 0, length)) {
            countedFromNs = nowNs;
            return 1;
        }
        return 0;
    }
}
