package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ChangesReplyDecoder;
import io.grape.codecs.sbe.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows what is written to a group, out of its log: each committed write that changed something, once, in order.
 *
 * <p>The follower asks for the next page when it wants it, so a slow one costs the cluster nothing and holds one page. Any
 * replica answers; {@link #next()} is what to keep in order to go on after a crash. One thread.
 */
public final class ChangeFeed {
    /** Bytes of changes that are asked for at once. */
    public static final int PAGE_BYTES = 64 * 1024;

    private static final long LEAST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final GrapeClient client;
    private final ClientCore core;
    private final long timeoutNs;
    private Position next;

    ChangeFeed(GrapeClient client, ClientCore core, Position from, long timeoutNs) {
        if (from.index() < 1) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "A log begins at index 1, not " + from.index() + ".");
        }
        this.client = client;
        this.core = core;
        this.next = from;
        this.timeoutNs = timeoutNs;
    }

    /** Returns the position of the next entry that is asked for. */
    public Position next() {
        return next;
    }

    /**
     * Returns the next changes, and waits for them if there are none.
     *
     * @param wait longest wait for a first one
     * @return some, or none if nothing was written for so long
     * @throws GrapeException COMPACTED if the log begins later by now: scroll the collections, then follow from there
     */
    public List<Change> poll(Duration wait) {
        client.checkNotPolling();
        long deadlineNs = System.nanoTime() + wait.toNanos();
        long pauseNs = LEAST_PAUSE_NS;
        while (true) {
            ChangesPage page = GrapeClient.await(readAsync(next));
            next = page.next();
            if (!page.changes().isEmpty()) {
                return page.changes();
            }
            long leftNs = deadlineNs - System.nanoTime();
            if (page.isLast()) {
                if (leftNs <= 0 || Thread.currentThread().isInterrupted()) {
                    return page.changes();
                }
                LockSupport.parkNanos(Math.min(pauseNs, leftNs));
                pauseNs = Math.min(MOST_PAUSE_NS, pauseNs * 2);
            }
        }
    }

    /**
     * Reads one page from a position, without waiting and without moving this feed.
     *
     * @param from first entry wanted
     * @return completes with a page, perhaps an empty one, or with COMPACTED
     */
    public CompletableFuture<ChangesPage> readAsync(Position from) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.changes(slot.buffer(), from.groupId(), from.index(), PAGE_BYTES);
        FutureReply<ChangesPage> reply = new FutureReply<>(ChangesReplyDecoder.TEMPLATE_ID, CollectionReplies::changes);
        core.submit(slot, length, false, RequestSlot.ANY_NODE, from.groupId(), reply, timeoutNs);
        return reply;
    }
}
