package io.grape.client.session;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.IdFilter;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/** The client's machine without its thread: the test turns it. */
final class SimulatedClient {
    /** One request's outcome. */
    static final class Outcome implements ReplyHandler {
        int outcomes;
        long index = -1;
        ErrorCode code = ErrorCode.OK;
        String text = "";
        boolean isCancelled;
        Runnable onOutcome = () -> {};

        @Override
        public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
            outcomes++;
            if (templateId == WriteReplyDecoder.TEMPLATE_ID) {
                index = new WriteReplyDecoder()
                        .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder())
                        .index();
            }
            onOutcome.run();
        }

        @Override
        public void onError(ErrorCode errorCode, String errorText) {
            outcomes++;
            code = errorCode;
            text = errorText;
            onOutcome.run();
        }

        @Override
        public boolean isCancelled() {
            return isCancelled;
        }

        boolean isDone() {
            return outcomes > 0;
        }

        boolean isSuccess() {
            return outcomes > 0 && code == ErrorCode.OK;
        }
    }

    static final long ATTEMPT_NS = 200_000_000;
    private static final long CYCLE_NS = 100_000;

    final SimulatedCluster cluster;
    final RequestPool pool;
    final WriteWindow window = new WriteWindow(1);
    final Leaders leaders = new Leaders();
    final LeaderTracker leader = leaders.of(Leaders.METADATA);
    final ClientView view = new ClientView();
    final Sessions sessions;
    final Requests requests;
    final ReplyAdapter replies;
    final ClientAgent agent;
    private final ManyToOneConcurrentArrayQueue<RequestSlot> submissions = new ManyToOneConcurrentArrayQueue<>(256);

    SimulatedClient(SimulatedCluster cluster, int maxInFlight, boolean pinned) {
        this.cluster = cluster;
        SessionConfig config =
                new SessionConfig(List.of("node1:9000"), 99, 1, ATTEMPT_NS, maxInFlight, pinned, new byte[0]);
        pool = new RequestPool(maxInFlight);
        CorrelationIds ids = new CorrelationIds(12345);
        sessions = new Sessions(config, cluster, ids, view, leaders);
        requests = new Requests(config, pool, sessions, ids, window);
        replies = new ReplyAdapter(sessions, requests);
        agent = new ClientAgent(cluster, () -> cluster.nowNs, submissions, sessions, requests, replies, view);
    }

    /** Submits a write, or returns null if every slot is taken. */
    @Nullable
    Outcome write(long id, long timeoutNs) {
        RequestSlot slot = acquire();
        if (slot == null) {
            return null;
        }
        UpsertEncoder upsert = new UpsertEncoder().wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder());
        upsert.tableEpoch(0).collectionId(1).dimension(1);
        upsert.pointsCount(1)
                .next()
                .payloadLength(0)
                .expectedVersion(UpsertEncoder.PointsEncoder.expectedVersionNullValue())
                .id()
                .most(0)
                .least(id);
        upsert.putVectors(new byte[] {1, 2, 3, 4}, 0, 4).putPayloads(new byte[0], 0, 0);
        Outcome outcome = new Outcome();
        submit(slot, upsert.limit(), true, RequestSlot.LEADER, outcome, timeoutNs);
        return outcome;
    }

    /** Submits a read, or returns null if every slot is taken. */
    @Nullable
    Outcome read(int target, long timeoutNs) {
        RequestSlot slot = acquire();
        if (slot == null) {
            return null;
        }
        SearchEncoder search = new SearchEncoder().wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder());
        search.minPosition(0).collectionId(1).k(1).consistency(io.grape.codecs.sbe.Consistency.LINEARIZABLE);
        search.exact(BooleanType.FALSE).filter(IdFilter.NONE).ef(0).scoreLimit(Float.NaN);
        search.putVector(new byte[] {1, 2, 3, 4}, 0, 4);
        search.putFilterIds(new byte[0], 0, 0);
        Outcome outcome = new Outcome();
        submit(slot, search.limit(), false, target, outcome, timeoutNs);
        return outcome;
    }

    private @Nullable RequestSlot acquire() {
        try {
            return pool.acquire(0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void submit(RequestSlot slot, int length, boolean isWrite, int target, Outcome outcome, long timeoutNs) {
        Runnable noteSequence = () -> {
            if (slot.sequence != 0) {
                cluster.answeredSequences.add(slot.sequence);
            }
        };
        outcome.onOutcome = noteSequence;
        slot.begin(length, isWrite, target, outcome, cluster.nowNs + timeoutNs);
        submissions.offer(slot);
    }

    /** Turns the machine for some virtual time. */
    void run(long durationNs) {
        long endNs = cluster.nowNs + durationNs;
        while (cluster.nowNs < endNs) {
            cycle();
        }
    }

    void cycle() {
        cluster.nowNs += CYCLE_NS;
        agent.doWork();
    }
}
