package io.grape.client.session;

import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.shards.ShardTable;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where callers meet the polling thread: they take a slot, encode their request into it, and submit it.
 *
 * <p>Any thread. The fields that only the polling thread knows (session, correlation id, client id, sequence,
 * acknowledged through) are written over the encoded request when it is sent.
 */
public final class ClientCore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCore.class);
    private static final int CLOSE_RETRY_MS = 5_000;

    private final SessionConfig config;
    private final NanoClock clock;
    private final RequestPool pool;
    private final ManyToOneConcurrentArrayQueue<RequestSlot> submissions;
    private final ClientView view = new ClientView();
    private final Leaders leaders = new Leaders();
    private final WriteWindow window;
    private final Requests requests;
    private final ReplyAdapter replies;
    private final ClientAgent agent;
    private final AgentRunner runner;

    /**
     * @param config      what it needs to know
     * @param network     closed with this core
     * @param clock       monotonic
     * @param idle        how the polling thread waits
     * @param randomStart tells the correlation ids of this instance from those of every other
     */
    public ClientCore(
            SessionConfig config, ClientNetwork network, NanoClock clock, IdleStrategy idle, long randomStart) {
        this.config = config;
        this.clock = clock;
        pool = new RequestPool(config.maxInFlight());
        submissions = new ManyToOneConcurrentArrayQueue<>(Math.max(2, config.maxInFlight()));
        window = new WriteWindow(config.firstSequence());
        CorrelationIds correlationIds = new CorrelationIds(randomStart);
        Sessions sessions = new Sessions(config, network, correlationIds, view, leaders);
        requests = new Requests(config, pool, sessions, correlationIds, window);
        replies = new ReplyAdapter(sessions, requests);
        agent = new ClientAgent(network, clock, submissions, sessions, requests, replies, view);
        runner = new AgentRunner(idle, failure -> LOG.error("client: {}", failure.getMessage(), failure), null, agent);
    }

    /** Starts the polling thread. */
    public void start() {
        AgentRunner.startOnThread(runner, work -> {
            Thread thread = new Thread(work, "grape-client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Does one turn of the polling thread's work, for an owner that has one thread for everything and calls this instead of
     * {@link #start}; that thread is then the polling thread.
     *
     * @return work done
     */
    public int doWork() {
        return agent.doWork();
    }

    /**
     * Waits until a first node has given a session and the shard table.
     *
     * @param timeoutNs longest wait
     * @throws GrapeException TIMED_OUT, or the code with which a node refused for good
     */
    public void awaitSession(long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        try {
            view.firstSession.get(timeoutNs, TimeUnit.NANOSECONDS);
            view.firstTable.get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new GrapeException(
                    ErrorCode.TIMED_OUT,
                    "No node answered at " + config.endpoints() + ". Check that they run and that UDP reaches them.",
                    late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GrapeException(ErrorCode.TIMED_OUT, "Interrupted while connecting.", interrupted);
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof GrapeException known) {
                throw new GrapeException(known.code(), String.valueOf(known.getMessage()), known);
            }
            throw new IllegalStateException(refused);
        }
    }

    /**
     * Takes a free slot.
     *
     * @param timeoutNs longest wait; the polling thread itself never waits
     * @return a slot to fill and submit, or to give back by {@link #abandon}
     * @throws GrapeException BACK_PRESSURE if none is free in time, CLIENT_CLOSED
     */
    @HotPath
    public RequestSlot acquire(long timeoutNs) {
        checkOpen();
        RequestSlot slot;
        try {
            slot = pool.acquire(isPollingThread() ? 0 : timeoutNs);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
        if (slot == null) {
            throw backPressure();
        }
        return slot;
    }

    /**
     * Takes a free slot if there is one now.
     *
     * @return a slot, or null
     */
    public @Nullable RequestSlot tryAcquire() {
        checkOpen();
        try {
            return pool.acquire(0);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static GrapeException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new GrapeException(
                ErrorCode.BACK_PRESSURE, "Interrupted while waiting for a free place; nothing was sent.", cause);
    }

    private GrapeException backPressure() {
        return new GrapeException(
                ErrorCode.BACK_PRESSURE,
                "All " + config.maxInFlight() + " places for requests in flight are taken; nothing was sent.");
    }

    private void checkOpen() {
        if (view.isTerminated() || runner.isClosed()) {
            throw new GrapeException(ErrorCode.CLIENT_CLOSED, "The client is closed.");
        }
    }

    /** Gives back a slot that was not submitted. */
    public void abandon(RequestSlot slot) {
        pool.release(slot);
    }

    /**
     * Hands a request to the polling thread.
     *
     * @param slot      holds the encoded request
     * @param length    of the request, bytes
     * @param isWrite   it carries client id and sequence
     * @param target    a node id, {@link RequestSlot#LEADER} or {@link RequestSlot#ANY_NODE}
     * @param handler   hears the outcome
     * @param timeoutNs from now to its deadline
     */
    @HotPath
    public void submit(
            RequestSlot slot, int length, boolean isWrite, int target, ReplyHandler handler, long timeoutNs) {
        submit(slot, length, isWrite, target, Leaders.METADATA, handler, timeoutNs);
    }

    /**
     * As the other, for a request of a group.
     *
     * @param groupId group that the request is for; {@link RequestSlot#LEADER} is the leader of it
     */
    @HotPath
    public void submit(
            RequestSlot slot,
            int length,
            boolean isWrite,
            int target,
            int groupId,
            ReplyHandler handler,
            long timeoutNs) {
        slot.begin(length, isWrite, target, groupId, handler, clock.nanoTime() + timeoutNs);
        if (!submissions.offer(slot)) {
            throw moreSubmissionsThanSlots();
        }
        if (view.isTerminated()) {
            agent.drainAsClosed();
            return;
        }
        Thread thread = runner.thread();
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Returns whether the caller is the polling thread, which must never wait for itself. */
    public boolean isPollingThread() {
        return Thread.currentThread() == runner.thread();
    }

    /** Returns the most requests that may be without an outcome. */
    public int maxInFlight() {
        return config.maxInFlight();
    }

    /** Returns the longest request that the nodes accept, bytes. */
    public int maxMessageLength() {
        return view.maxMessageLength();
    }

    /** Returns the most points of one write. */
    public int maxBatchPoints() {
        return view.maxBatchPoints();
    }

    /** Returns the newest shard table that a node told of, or null while none has; any thread. */
    public @Nullable ShardTable table() {
        return view.table();
    }

    /** Returns the ids of the members as they were last told, ascending. */
    public List<Integer> memberIds() {
        return view.memberIds();
    }

    /** Returns the leader of group 0 as it is known here, or -1. */
    public int leaderNodeId() {
        return leaders.metadataNodeId();
    }

    /** Returns the node that writes go to now, or -1. */
    public int connectedNodeId() {
        return view.connectedNodeId();
    }

    /** Returns the highest sequence given so far, or one less than the first. */
    public long lastSequence() {
        return window.lastSequence();
    }

    /** Returns the number of requests without an outcome. */
    public int inFlight() {
        return pool.inUse();
    }

    /** Returns how often a request was sent again. */
    public long resends() {
        return requests.resends();
    }

    /** Returns how many replies came too late or twice. */
    public long strayReplies() {
        return requests.strayReplies();
    }

    /** Returns how many messages could not be read. */
    public long malformedReplies() {
        return replies.malformedReplies();
    }

    private static IllegalStateException moreSubmissionsThanSlots() {
        return new IllegalStateException("more submissions than slots");
    }

    /** Ends everything in flight with CLIENT_CLOSED and stops the polling thread. Idempotent. */
    @Override
    public void close() {
        if (isPollingThread()) {
            throw new IllegalStateException("a client cannot be closed by its own polling thread");
        }
        runner.close(CLOSE_RETRY_MS, thread -> LOG.warn("the polling thread does not stop: {}", thread.getState()));
    }
}
