package io.grape.client.session;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.shards.ShardTable;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Every request in flight, until it has its one outcome.
 *
 * <p>A write is given a sequence when it is first sent and keeps it: whatever happens to sessions and leaders, it is
 * sent again under the same sequence until a node says that it is committed, a node refuses it, or its deadline passes.
 * Nothing else completes it. Writes are sent, and sent again, in the order of their sequences. Polling thread.
 */
final class Requests implements Sessions.Listener {
    private static final long PROBE_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_BOUNCE_NS = TimeUnit.MILLISECONDS.toNanos(64);
    private static final long REROUTE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MAX_BACK_OFF_DOUBLINGS = 3;

    private final SessionConfig config;
    private final RequestPool pool;
    private final Sessions sessions;
    private final CorrelationIds correlationIds;
    private final WriteWindow window;
    /** Writes without a sequence, in the order of their submission. */
    private final ArrayDeque<RequestSlot> freshWrites = new ArrayDeque<>(WriteWindow.LENGTH);

    private int readyResends;
    private int readyReads;
    private long nowNs;
    private final KnownIndexes known = new KnownIndexes();
    private final SlotRoute slotRoute = new SlotRoute();
    private final AtomicLong resends = new AtomicLong();
    private final AtomicLong strayReplies = new AtomicLong();

    Requests(
            SessionConfig config,
            RequestPool pool,
            Sessions sessions,
            CorrelationIds correlationIds,
            WriteWindow window) {
        this.config = config;
        this.pool = pool;
        this.sessions = sessions;
        this.correlationIds = correlationIds;
        this.window = window;
        sessions.listener(this);
    }

    /** Takes a request over from its caller. */
    @HotPath
    void start(RequestSlot slot, long startNs) {
        slot.correlationId = correlationIds.next(slot.index);
        RequestFields.correlationId(slot.buffer, slot.correlationId);
        slot.state = RequestSlot.State.READY;
        slot.actionNs = startNs;
        slot.isUncertain = false;
        slot.inFlight = true;
        if (slot.isWrite) {
            RequestFields.clientId(slot.buffer, config.clientId());
            freshWrites.addLast(slot);
        } else {
            readyReads++;
        }
    }

    /**
     * Sends what is ready: first writes that are sent again, then new writes, then reads.
     *
     * @param cycleNs monotonic
     * @return requests sent or finished
     */
    @HotPath
    int sendReady(long cycleNs) {
        nowNs = cycleNs;
        int work = 0;
        if (readyResends > 0) {
            work += sendAgain();
        }
        if (!freshWrites.isEmpty()) {
            work += sendFresh();
        }
        if (readyReads > 0) {
            work += sendReads();
        }
        return work;
    }

    private int sendAgain() {
        int work = 0;
        long end = window.next();
        for (long sequence = window.acknowledgedThrough() + 1; sequence < end; sequence++) {
            RequestSlot slot = window.at(sequence);
            if (slot != null && isDue(slot)) {
                work += trySend(slot);
            }
        }
        return work;
    }

    private int sendFresh() {
        int work = 0;
        // A group without a leader must not hold up the others: its writes go behind them, in their order.
        for (int left = freshWrites.size(); left > 0; left--) {
            RequestSlot slot = freshWrites.removeFirst();
            if (slot.requireHandler().isCancelled()) {
                release(slot);
                work++;
            } else if (!window.isOpen() || route(slot) == null) {
                freshWrites.addLast(slot);
            } else {
                work += sendFirst(slot);
            }
        }
        return work;
    }

    private int sendFirst(RequestSlot slot) {
        window.assign(slot);
        RequestFields.sequence(slot.buffer, slot.sequence);
        // Never again for this write: a copy must keep what it said the first time.
        RequestFields.knownIndex(slot.buffer, known.index(slot.groupId));
        readyResends++;
        return trySend(slot);
    }

    private int sendReads() {
        int work = 0;
        for (int i = 0; i < pool.size(); i++) {
            RequestSlot slot = pool.at(i);
            if (slot.state == RequestSlot.State.READY && !slot.isWrite && isDue(slot)) {
                work += trySend(slot);
            }
        }
        return work;
    }

    @HotPath
    private boolean isDue(RequestSlot slot) {
        return slot.state == RequestSlot.State.READY && nowNs - slot.actionNs >= 0;
    }

    private @Nullable NodeSession route(RequestSlot slot) {
        return switch (slot.target) {
            case RequestSlot.LEADER -> sessions.leader(slot.groupId);
            case RequestSlot.ANY_NODE -> sessions.any();
            default -> sessions.openSession(slot.target);
        };
    }

    /** Returns 1 if the slot was sent or finished, 0 if it must wait. */
    private int trySend(RequestSlot slot) {
        if (slot.isMisrouted && !reroute(slot)) {
            return 1;
        }
        NodeSession session = route(slot);
        if (session == null) {
            return 0;
        }
        if (slot.length > session.maxMessageLength()) {
            failTooLong(slot, session.maxMessageLength());
            return 1;
        }
        RequestFields.sessionId(slot.buffer, session.sessionId());
        RequestFields.groupId(slot.buffer, slot.groupId);
        if (slot.isWrite && slot.isUncertain) {
            RequestFields.judgedByTheLog(slot.buffer);
        }
        if (slot.isWrite) {
            RequestFields.acknowledgedThrough(slot.buffer, window.acknowledgedThrough());
        }
        return switch (session.offer(slot.buffer, slot.length)) {
            case SENT -> {
                onSent(slot, session);
                yield 1;
            }
            case BACK_PRESSURED, ADMIN_ACTION -> 0;
            case NOT_CONNECTED, CLOSED, MAX_POSITION_EXCEEDED -> {
                sessions.reconnect(session, nowNs, "link lost");
                yield 0;
            }
            case TOO_LONG -> {
                failTooLong(slot, AeronNetwork.REQUEST_TERM_LENGTH / 8);
                yield 1;
            }
        };
    }

    private boolean reroute(RequestSlot slot) {
        ShardTable table = sessions.table();
        int group = table == null ? slot.groupId : slotRoute.groupOf(slot, table);
        if (group == SlotRoute.SEVERAL) {
            fail(slot, ErrorCode.NOT_OWNER, "The request's points belong to several groups by now; send it again.");
            return false;
        }
        slot.groupId = group;
        slot.isMisrouted = false;
        return true;
    }

    private void failTooLong(RequestSlot slot, int limit) {
        fail(slot, ErrorCode.MESSAGE_TOO_LARGE, RequestTexts.tooLong(slot, limit));
    }

    private void onSent(RequestSlot slot, NodeSession session) {
        uncount(slot);
        slot.state = RequestSlot.State.SENT;
        slot.session = session;
        slot.attemptSessionId = session.sessionId();
        slot.sentNs = nowNs;
        slot.actionNs = nowNs + (config.attemptTimeoutNs() << Math.min(slot.attempts, MAX_BACK_OFF_DOUBLINGS));
        if (slot.attempts++ > 0) {
            resends.getAndIncrement();
        }
    }

    /** Takes a slot in READY out of the counts of what waits to be sent. */
    private void uncount(RequestSlot slot) {
        if (!slot.isWrite) {
            readyReads--;
        } else if (slot.sequence != 0) {
            readyResends--;
        }
    }

    private void resend(RequestSlot slot, long notBeforeNs, boolean uncertain) {
        slot.isUncertain |= uncertain;
        slot.actionNs = notBeforeNs;
        if (slot.state == RequestSlot.State.SENT) {
            slot.state = RequestSlot.State.READY;
            if (slot.isWrite) {
                readyResends++;
            } else {
                readyReads++;
            }
        }
    }

    /** Notes an index of a group's log that a node says is committed. */
    @HotPath
    void onKnownIndex(int groupId, long index) {
        known.raise(groupId, index);
    }

    /** Returns the request that waits for an answer, or null if it has its outcome already. */
    private @Nullable RequestSlot find(long correlationId) {
        int index = CorrelationIds.slot(correlationId);
        if (index >= pool.size()) {
            return null;
        }
        RequestSlot slot = pool.at(index);
        return slot.inFlight && slot.correlationId == correlationId ? slot : null;
    }

    /** A node answered: this is the only way by which a request succeeds. */
    void onReply(long correlationId, int templateId, DirectBuffer buffer, int offset, int length) {
        RequestSlot slot = find(correlationId);
        if (slot == null) {
            strayReplies.getAndIncrement();
            return;
        }
        ReplyHandler handler = slot.requireHandler();
        finish(slot);
        handler.onReply(templateId, buffer, offset, length);
    }

    /** A node refused. */
    void onRefusal(Refusal refusal, long cycleNs) {
        nowNs = cycleNs;
        RequestSlot slot = find(refusal.correlationId());
        if (slot == null
                || slot.state != RequestSlot.State.SENT
                || slot.attemptSessionId != refusal.sessionId()
                || slot.session == null) {
            strayReplies.getAndIncrement();
            return;
        }
        slot.lastCode = refusal.code();
        slot.lastText = refusal.text();
        RetryPolicy.Action action = RetryPolicy.onError(refusal.code(), refusal.retryAfterMs());
        if (slot.target != RequestSlot.LEADER || config.pinned()) {
            action = action == RetryPolicy.Action.FOLLOW_LEADER ? RetryPolicy.Action.FAIL : action;
        }
        act(action, slot, slot.session, refusal);
    }

    private void act(RetryPolicy.Action action, RequestSlot slot, NodeSession session, Refusal refusal) {
        switch (action) {
            case FAIL -> {
                boolean unknown = slot.isWrite && slot.isUncertain && !RetryPolicy.isDeterministic(refusal.code());
                fail(
                        slot,
                        refusal.code(),
                        unknown
                                ? refusal.text() + " An earlier attempt was not answered: its outcome is unknown."
                                : refusal.text());
            }
            case RETRY_LATER ->
                resend(slot, nowNs + TimeUnit.MILLISECONDS.toNanos(Math.max(1, refusal.retryAfterMs())), false);
            case FOLLOW_LEADER -> {
                resend(slot, nowNs + bounceNs(slot), refusal.code() == ErrorCode.LEADERSHIP_LOST);
                sessions.onNotLeader(session, slot.groupId, refusal.leaderNodeId());
            }
            case LEAVE_NODE -> {
                resend(slot, nowNs, false);
                sessions.leave(session, nowNs, "node is stopping");
            }
            case REROUTE -> {
                // Nothing of it was done: a node says so only if no earlier copy can be, or the log has decided it.
                slot.isMisrouted = true;
                resend(slot, nowNs + REROUTE_NS, false);
                sessions.askRoutes(session);
            }
            case RECONNECT -> {
                resend(slot, nowNs, false);
                sessions.reconnect(session, nowNs, "session unknown");
            }
        }
    }

    /** Two nodes that each name the other as leader must not be asked in a tight loop. */
    private static long bounceNs(RequestSlot slot) {
        int bounces = slot.bounces++;
        return bounces == 0
                ? 0
                : Math.min(MAX_BOUNCE_NS, TimeUnit.MILLISECONDS.toNanos(1L << Math.min(bounces - 1, 6)));
    }

    @Override
    public void onSessionOpened(NodeSession session) {
        for (int i = 0; i < pool.size(); i++) {
            RequestSlot slot = pool.at(i);
            if (slot.inFlight && slot.state == RequestSlot.State.SENT && session.equals(slot.session)) {
                resend(slot, slot.sentNs, true);
            }
        }
    }

    @Override
    public void onLeaderChanged(int groupId) {
        NodeSession leader = sessions.leader(groupId);
        if (leader == null) {
            return;
        }
        for (int i = 0; i < pool.size(); i++) {
            RequestSlot slot = pool.at(i);
            if (slot.inFlight
                    && slot.groupId == groupId
                    && slot.target == RequestSlot.LEADER
                    && slot.state == RequestSlot.State.SENT
                    && !leader.equals(slot.session)) {
                resend(slot, slot.sentNs, true);
            }
        }
    }

    /** Looks at deadlines and at attempts without an answer; every millisecond or so. */
    void tick(long cycleNs) {
        nowNs = cycleNs;
        for (int i = 0; i < pool.size(); i++) {
            RequestSlot slot = pool.at(i);
            if (slot.inFlight) {
                tick(slot);
            }
        }
    }

    private void tick(RequestSlot slot) {
        if (nowNs - slot.deadlineNs >= 0) {
            fail(slot, ErrorCode.TIMED_OUT, RequestTexts.timeout(slot));
            return;
        }
        NodeSession session = slot.session;
        if (slot.state == RequestSlot.State.SENT && session != null) {
            if (nowNs - slot.sentNs >= PROBE_AFTER_NS && slot.target == RequestSlot.LEADER) {
                sessions.probe(nowNs);
            }
            boolean isLost =
                    session.state() == NodeSession.State.BACKING_OFF || session.state() == NodeSession.State.CLOSED;
            if (isLost || nowNs - slot.actionNs >= 0) {
                if (session.isSilent(nowNs)) {
                    sessions.reconnect(session, nowNs, "no answer");
                }
                resend(slot, nowNs, true);
            }
        } else if (slot.target == RequestSlot.LEADER) {
            if (sessions.leader(slot.groupId) == null) {
                sessions.probe(nowNs);
            }
        } else if (slot.target >= 0 && !sessions.isKnown(slot.target)) {
            fail(
                    slot,
                    ErrorCode.INVALID_CONFIGURATION,
                    "Node " + slot.target + " is not a member that this client " + "may talk to.");
        }
    }

    private void fail(RequestSlot slot, ErrorCode code, String text) {
        ReplyHandler handler = slot.requireHandler();
        if (slot.isWrite && slot.sequence == 0) {
            freshWrites.remove(slot);
        }
        finish(slot);
        handler.onError(code, text);
    }

    private void finish(RequestSlot slot) {
        if (slot.state == RequestSlot.State.READY) {
            uncount(slot);
        }
        if (slot.sequence != 0) {
            window.answered(slot.sequence);
        }
        release(slot);
    }

    /** Gives the slot back before its handler is called, so that the handler may begin the next request. */
    private void release(RequestSlot slot) {
        slot.inFlight = false;
        slot.correlationId = 0;
        slot.session = null;
        pool.release(slot);
    }

    /** Ends everything in flight. */
    void failAll(ErrorCode code, String text) {
        for (int i = 0; i < pool.size(); i++) {
            RequestSlot slot = pool.at(i);
            if (slot.inFlight) {
                fail(slot, code, text);
            }
        }
    }

    /** Returns how often a request was sent again; any thread. */
    long resends() {
        return resends.get();
    }

    /** Returns how many replies came for requests that had their outcome, or from attempts given up; any thread. */
    long strayReplies() {
        return strayReplies.get();
    }
}
