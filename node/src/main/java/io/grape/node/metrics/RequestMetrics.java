package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.metrics.LatencyFamily.Labelled;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.NanoClock;

/**
 * Requests and their answers: how many, how long, and what they were refused with.
 *
 * <p>{@link #arrived} is called by the inbound agent for each request; every thread that answers has a
 * {@link ReplyRecorder} of its own. A scrape adds them up.
 */
public final class RequestMetrics {
    private static final int ARRIVALS = 4096;
    private static final int ARRIVALS_UNSEEN = 16;

    private final Arrivals arrivals;
    private final NanoClock clock;
    private final List<ReplyRecorder> recorders = new CopyOnWriteArrayList<>();
    private volatile long requests;
    private volatile long requestBytes;

    /**
     * @param clock monotonic, nanoseconds; any thread
     */
    public RequestMetrics(NanoClock clock) {
        this(clock, ARRIVALS);
    }

    private RequestMetrics(NanoClock clock, int capacity) {
        this.clock = clock;
        this.arrivals = new Arrivals(capacity);
    }

    /** For a node that nobody asks: nothing is timed, and little memory is used. */
    public static RequestMetrics unseen() {
        return new RequestMetrics(() -> 0, ARRIVALS_UNSEEN);
    }

    /** Notes a request. Thread: the inbound agent's. */
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void arrived(int templateId, long sessionId, long correlationId, int length, long nowNs) {
        requests++;
        requestBytes += length;
        int kind = RequestKind.slotOf(templateId);
        if (kind != RequestKind.NOT_TIMED) {
            arrivals.put(sessionId, correlationId, nowNs, kind);
        }
    }

    /** Returns a recorder for one thread that answers. */
    public ReplyRecorder newRecorder() {
        ReplyRecorder recorder = new ReplyRecorder(arrivals, clock);
        recorders.add(recorder);
        return recorder;
    }

    /** Adds the metrics of requests to a registry. */
    public void register(Registrar registrar) {
        registrar.counter("grape_requests_total", "Requests of open sessions.", () -> requests);
        registrar.counter("grape_request_bytes_total", "Bytes of those requests.", () -> requestBytes);
        registrar.counter("grape_replies_total", "Replies offered to clients.", () -> sum(ReplyRecorder::replies));
        registrar.counter("grape_reply_bytes_total", "Bytes of those replies.", () -> sum(ReplyRecorder::replyBytes));
        registrar.counter(
                "grape_replies_dropped_total",
                "Replies that a client did not take: it was too slow, or gone.",
                () -> sum(ReplyRecorder::dropped));
        registrar.counters(
                "grape_refused_total",
                "Requests answered with an error, by its code (docs/errors.md).",
                "code",
                sink -> {
                    for (ErrorCode code : ErrorCode.values()) {
                        long refused = sum(recorder -> recorder.refused(code));
                        if (refused > 0) {
                            sink.put(code.name(), (double) refused);
                        }
                    }
                });
        registrar.latencies(
                "grape_request_seconds",
                "From the arrival of a request at this node to its answer, by kind (search, get, upsert, delete,"
                        + " collection) and outcome (ok, refused). A sample when thousands are in flight.",
                List.of("kind", "outcome"),
                this::latencies);
    }

    private List<Labelled> latencies() {
        List<Labelled> all = new ArrayList<>();
        for (ReplyRecorder recorder : recorders) {
            for (RequestKind kind : RequestKind.values()) {
                for (boolean isRefused : new boolean[] {false, true}) {
                    LatencyRecorder latency = recorder.latency(kind, isRefused);
                    if (latency != null) {
                        Labels labels = Labels.of("kind", kind.label(), "outcome", isRefused ? "refused" : "ok");
                        all.add(new Labelled(labels, latency));
                    }
                }
            }
        }
        return all;
    }

    private long sum(ToLongFunction<ReplyRecorder> figure) {
        return recorders.stream().mapToLong(figure).sum();
    }
}
