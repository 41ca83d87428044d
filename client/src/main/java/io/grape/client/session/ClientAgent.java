package io.grape.client.session;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;

/** The polling thread's work: replies in, submissions taken over, sessions advanced, requests out, deadlines looked at. */
final class ClientAgent implements Agent {
    private static final int FRAGMENT_LIMIT = 64;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ClientNetwork network;
    private final NanoClock clock;
    private final ManyToOneConcurrentArrayQueue<RequestSlot> submissions;
    private final Sessions sessions;
    private final Requests requests;
    private final ReplyAdapter replies;
    private final ClientView view;
    private long nextTickNs;

    ClientAgent(
            ClientNetwork network,
            NanoClock clock,
            ManyToOneConcurrentArrayQueue<RequestSlot> submissions,
            Sessions sessions,
            Requests requests,
            ReplyAdapter replies,
            ClientView view) {
        this.network = network;
        this.clock = clock;
        this.submissions = submissions;
        this.sessions = sessions;
        this.requests = requests;
        this.replies = replies;
        this.view = view;
        this.nextTickNs = clock.nanoTime();
    }

    @Override
    @HotPath
    public int doWork() {
        long nowNs = clock.nanoTime();
        replies.nowNs(nowNs);
        int work = network.poll(replies, FRAGMENT_LIMIT);
        for (RequestSlot slot = submissions.poll(); slot != null; slot = submissions.poll()) {
            requests.start(slot, nowNs);
            work++;
        }
        work += sessions.doWork(nowNs);
        work += requests.sendReady(nowNs);
        if (nowNs - nextTickNs >= 0) {
            nextTickNs = nowNs + TICK_NS;
            requests.tick(nowNs);
            if (network.isFailed()) {
                requests.failAll(ErrorCode.IO_FAILURE, "The media driver is lost; open a new client.");
            }
        }
        return work;
    }

    @Override
    public void onClose() {
        view.isTerminated(true);
        drainAsClosed();
        requests.failAll(
                ErrorCode.CLIENT_CLOSED,
                "The client was closed while the request was in flight; its outcome is unknown.");
        sessions.close();
        network.close();
    }

    /** Fails what was submitted and not taken over; also called by a caller who finds the client closed. */
    synchronized void drainAsClosed() {
        for (RequestSlot slot = submissions.poll(); slot != null; slot = submissions.poll()) {
            slot.requireHandler().onError(ErrorCode.CLIENT_CLOSED, "The client is closed; nothing was sent.");
        }
    }

    @Override
    public String roleName() {
        return "grape-client";
    }
}
