package io.grape.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronException;
import io.grape.codecs.HotPath;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exclusive publication to one node on one stream: from a node to its peer, or from a client to a node.
 *
 * <p>One thread. Opening never blocks it: until the driver has made the publication, offers are NOT_CONNECTED. A
 * publication that is closed, failed or at the end of its positions is opened anew, at most once a second after a
 * failure. What was accepted may still be lost when the link is cut; the sender above must be able to send again.
 */
public final class PeerPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerPublisher.class);
    private static final long REOPEN_DELAY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NULL_REGISTRATION_ID = Aeron.NULL_VALUE;

    private final Aeron aeron;
    private final IntFunction<String> channelOfAttempt;
    private final int streamId;
    private final NanoClock clock;
    private final OutcomeCounters counters = new OutcomeCounters();
    private @Nullable ExclusivePublication publication;
    private long registrationId = NULL_REGISTRATION_ID;
    private long notBeforeNs;
    private int openCount;
    private boolean isClosed;

    /**
     * @param aeron            client of the driver; not closed here
     * @param channelOfAttempt channel for the first, second ... opening; the same one in practice
     * @param streamId         stream
     * @param clock            monotonic
     */
    public PeerPublisher(Aeron aeron, IntFunction<String> channelOfAttempt, int streamId, NanoClock clock) {
        this.aeron = aeron;
        this.channelOfAttempt = channelOfAttempt;
        this.streamId = streamId;
        this.clock = clock;
        this.notBeforeNs = clock.nanoTime();
    }

    /**
     * Offers one message.
     *
     * @param buffer holds the message
     * @param offset of its first byte
     * @param length of the message in bytes
     * @return what became of it
     */
    @HotPath
    public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
        ExclusivePublication current = publication;
        if (current == null) {
            current = tryOpen();
            if (current == null) {
                return counters.count(isClosed ? SendOutcome.CLOSED : SendOutcome.NOT_CONNECTED);
            }
        }
        if (length > current.maxMessageLength()) {
            return counters.count(SendOutcome.TOO_LONG);
        }
        SendOutcome outcome = SendOutcome.of(current.offer(buffer, offset, length));
        if (outcome == SendOutcome.CLOSED || outcome == SendOutcome.MAX_POSITION_EXCEEDED) {
            forget(current);
        }
        return counters.count(outcome);
    }

    private void forget(ExclusivePublication finished) {
        LOG.info("reopening a publication channel={} streamId={}", finished.channel(), streamId);
        finished.close();
        publication = null;
        registrationId = NULL_REGISTRATION_ID;
    }

    private @Nullable ExclusivePublication tryOpen() {
        long nowNs = clock.nanoTime();
        if (isClosed || nowNs - notBeforeNs < 0 || aeron.isClosed()) {
            return null;
        }
        try {
            if (registrationId == NULL_REGISTRATION_ID) {
                registrationId = aeron.asyncAddExclusivePublication(channelOfAttempt.apply(openCount), streamId);
                openCount++;
            }
            publication = aeron.getExclusivePublication(registrationId);
        } catch (AeronException refused) {
            registrationId = NULL_REGISTRATION_ID;
            notBeforeNs = nowNs + REOPEN_DELAY_NS;
            LOG.warn("no publication yet streamId={}: {}", streamId, refused.getMessage());
        }
        return publication;
    }

    /** Returns whether the peer listens, as far as is known. */
    public boolean isConnected() {
        ExclusivePublication current = publication;
        return current != null && current.isConnected();
    }

    /** Returns the longest message that can be sent, bytes; 0 until the driver has made the publication. */
    public int maxMessageLength() {
        ExclusivePublication current = publication;
        return current == null ? 0 : current.maxMessageLength();
    }

    /** Returns the offers by outcome; any thread. */
    public OutcomeCounters counters() {
        return counters;
    }

    /** Returns how often a publication was asked for. */
    int openCount() {
        return openCount;
    }

    /** Closes the publication. Idempotent. */
    @Override
    public void close() {
        isClosed = true;
        ExclusivePublication current = publication;
        if (current != null) {
            current.close();
            publication = null;
        } else if (registrationId != NULL_REGISTRATION_ID && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registrationId);
        }
        registrationId = NULL_REGISTRATION_ID;
    }
}
