package io.grape.transport;

import io.aeron.Aeron;
import io.aeron.ConcurrentPublication;
import io.aeron.exceptions.AeronException;
import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back to one client.
 *
 * <p>Any thread may offer. The publication is made in the background, so that a channel which leads nowhere blocks
 * nobody: offers are NOT_CONNECTED until it stands and CLOSED if it cannot. Nothing is kept for a client that does not
 * listen; a reply that is not accepted is the sender's to drop or to offer again.
 */
public final class EgressPublisher implements ClientEgress {
    private static final Logger LOG = LoggerFactory.getLogger(EgressPublisher.class);

    private final Aeron aeron;
    private final long registrationId;
    private final OutcomeCounters counters;
    private volatile @Nullable ConcurrentPublication publication;
    private volatile boolean isClosed;

    EgressPublisher(Aeron aeron, long registrationId, OutcomeCounters counters) {
        this.aeron = aeron;
        this.registrationId = registrationId;
        this.counters = counters;
    }

    /**
     * Offers one message.
     *
     * @param buffer holds the message
     * @param offset of its first byte
     * @param length of the message in bytes
     * @return what became of it
     */
    @Override
    @HotPath
    public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
        ConcurrentPublication current = publication;
        if (current == null) {
            current = tryFind();
            if (current == null) {
                return counters.count(isClosed ? SendOutcome.CLOSED : SendOutcome.NOT_CONNECTED);
            }
        }
        if (length > current.maxMessageLength()) {
            return counters.count(SendOutcome.TOO_LONG);
        }
        return counters.count(SendOutcome.of(current.offer(buffer, offset, length)));
    }

    private @Nullable ConcurrentPublication tryFind() {
        if (isClosed || aeron.isClosed()) {
            return null;
        }
        try {
            ConcurrentPublication found = aeron.getPublication(registrationId);
            publication = found;
            if (found != null && isClosed) {
                found.close();
            }
            return found;
        } catch (AeronException refused) {
            isClosed = true;
            LOG.info("a client's response channel cannot be used: {}", refused.getMessage());
            return null;
        }
    }

    /** Returns whether the client listens, as far as is known; any thread. */
    @Override
    public boolean isConnected() {
        ConcurrentPublication current = publication == null ? tryFind() : publication;
        return current != null && current.isConnected();
    }

    /** Returns whether offers can never succeed any more; any thread. */
    public boolean isClosed() {
        ConcurrentPublication current = publication;
        return isClosed || (current != null && current.isClosed());
    }

    /** Closes the publication. Idempotent; any thread. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        ConcurrentPublication current = publication;
        if (current != null) {
            current.close();
        } else if (!aeron.isClosed()) {
            aeron.asyncRemovePublication(registrationId);
        }
    }
}
