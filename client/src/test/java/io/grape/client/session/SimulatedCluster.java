package io.grape.client.session;

import io.grape.client.ReplyFrames;
import io.grape.client.Request;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionKeepAliveDecoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.transport.MessageHandler;
import io.grape.transport.SendOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Three nodes on a virtual network under virtual time, from one seed: messages are lost, doubled, delayed and
 * reordered, links break, leaders change with and without having committed, and nodes forget their sessions.
 */
final class SimulatedCluster implements ClientNetwork {
    /** How often things go wrong, out of a thousand. */
    record Trouble(int lost, int doubled, int slow, int pressed, int brokenLink) {
        static final Trouble NONE = new Trouble(0, 0, 0, 0, 0);
    }

    private record Arrival(long atNs, long ordinal, int nodeId, byte[] frame) implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(ordinal, other.ordinal);
        }
    }

    /** Destination of frames to the client. */
    private static final int CLIENT = 0;

    private static final int NODES = 3;
    private static final long MS = 1_000_000;

    final Map<Long, Long> committed = new TreeMap<>();
    final Map<Long, String> contents = new HashMap<>();
    final List<Request> received = new ArrayList<>();
    final Set<Long> answeredSequences = new HashSet<>();
    private final RandomGenerator random;
    private final PriorityQueue<Arrival> inTransit = new PriorityQueue<>();
    private final Map<Integer, Set<Long>> sessions = new HashMap<>();
    private final Set<Integer> stopped = new HashSet<>();
    private final Map<Integer, String> endpoints = new TreeMap<>();
    Trouble trouble = Trouble.NONE;
    long nowNs;
    int leader = 1;
    long term = 1;
    boolean isFailed;
    private long nextOrdinal;
    private long nextSession;
    private long nextIndex = 1;

    SimulatedCluster(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int id = 1; id <= NODES; id++) {
            endpoints.put(id, "node" + id + ":9000");
            sessions.put(id, new HashSet<>());
        }
    }

    RandomGenerator random() {
        return random;
    }

    void stop(int nodeId) {
        stopped.add(nodeId);
        sessions.get(nodeId).clear();
    }

    void restart(int nodeId) {
        stopped.remove(nodeId);
    }

    void restartAll() {
        stopped.clear();
    }

    void elect(int nodeId) {
        leader = nodeId;
        term++;
    }

    private boolean happens(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    private void carry(int to, byte[] frame) {
        int copies = happens(trouble.lost()) ? 0 : happens(trouble.doubled()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delayNs = happens(trouble.slow()) ? random.nextLong(800 * MS) : random.nextLong(MS / 10) + 1;
            inTransit.add(new Arrival(nowNs + delayNs, nextOrdinal++, to, frame));
        }
    }

    @Override
    public NodeLink open(String endpoint) {
        int nodeId = endpoint.charAt(4) - '0';
        return new NodeLink() {
            @Override
            public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
                if (happens(trouble.brokenLink())) {
                    return SendOutcome.NOT_CONNECTED;
                }
                if (happens(trouble.pressed())) {
                    return random.nextBoolean() ? SendOutcome.BACK_PRESSURED : SendOutcome.ADMIN_ACTION;
                }
                check(Request.of(nodeId, buffer, offset, length));
                byte[] frame = new byte[length];
                buffer.getBytes(offset, frame);
                carry(nodeId, frame);
                return SendOutcome.SENT;
            }

            @Override
            public void close() {}
        };
    }

    /** What must hold of every request at the moment when it is sent. */
    private void check(Request request) {
        if (!request.isWrite()) {
            return;
        }
        if (request.sequence() - request.acknowledgedThrough() > WriteWindow.LENGTH
                || request.sequence() <= request.acknowledgedThrough()) {
            throw new AssertionError("outside the window: " + request);
        }
        for (long sequence = 1; sequence <= request.acknowledgedThrough(); sequence++) {
            if (!answeredSequences.contains(sequence)) {
                throw new AssertionError("sequence " + sequence + " has no outcome and is said to have one");
            }
        }
        // The part behind session, correlation and acknowledgedThrough never changes for a sequence.
        String content = new String(request.bytes(), 48, request.bytes().length - 48, StandardCharsets.ISO_8859_1);
        String before = contents.putIfAbsent(request.sequence(), content);
        if (before != null && !before.equals(content)) {
            throw new AssertionError("sequence " + request.sequence() + " carried two contents");
        }
    }

    @Override
    public String responseChannel(String endpoint) {
        return "aeron:udp?endpoint=client:9000";
    }

    @Override
    public int responseStreamId() {
        return 2;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int delivered = 0;
        for (Arrival next = inTransit.peek(); next != null && next.atNs() <= nowNs; next = inTransit.peek()) {
            inTransit.poll();
            if (next.nodeId() == CLIENT) {
                UnsafeBuffer frame = new UnsafeBuffer(next.frame());
                handler.onMessage(frame, 0, frame.capacity(), 1);
                delivered++;
            } else if (!stopped.contains(next.nodeId())) {
                onArrival(next.nodeId(), new UnsafeBuffer(next.frame()));
            }
        }
        return delivered;
    }

    private void onArrival(int nodeId, UnsafeBuffer frame) {
        Request request = Request.of(nodeId, frame, 0, frame.capacity());
        if (request.templateId() == SessionConnectDecoder.TEMPLATE_ID) {
            onConnect(nodeId, request);
            return;
        }
        if (!sessions.get(nodeId).contains(request.sessionId())) {
            return;
        }
        switch (request.templateId()) {
            case SessionKeepAliveDecoder.TEMPLATE_ID -> {}
            case SessionCloseDecoder.TEMPLATE_ID -> sessions.get(nodeId).remove(request.sessionId());
            case RouteQueryDecoder.TEMPLATE_ID -> {}
            case StatusDecoder.TEMPLATE_ID ->
                carry(CLIENT, ReplyFrames.status(request.sessionId(), request.correlationId(), nodeId, leader, term));
            default -> {
                received.add(request);
                onRequest(nodeId, request);
            }
        }
    }

    private void onConnect(int nodeId, Request request) {
        long correlationId = new SessionConnectDecoder()
                .wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder())
                .correlationId();
        long sessionId = nodeId * 1_000_000L + nextSession++;
        sessions.get(nodeId).add(sessionId);
        carry(
                CLIENT,
                ReplyFrames.sessionEvent(
                        new ReplyFrames.Event(correlationId, sessionId, nodeId, leader, term),
                        SessionStatus.OPEN,
                        ErrorCode.OK,
                        endpoints,
                        ""));
    }

    private void onRequest(int nodeId, Request request) {
        if (nodeId != leader) {
            refuse(request, ErrorCode.NOT_LEADER, 0, random.nextBoolean() ? leader : -1);
        } else if (!request.isWrite()) {
            carry(
                    CLIENT,
                    ReplyFrames.search(request.sessionId(), request.correlationId(), new long[] {1}, new float[] {1}));
        } else if (happens(trouble.pressed())) {
            refuse(request, ErrorCode.BACK_PRESSURE, 5, -1);
        } else {
            onWrite(request);
        }
    }

    private void onWrite(Request request) {
        Long earlier = committed.get(request.sequence());
        boolean isLosing = happens(trouble.lost());
        boolean commits = earlier == null && (!isLosing || random.nextBoolean());
        if (commits) {
            earlier = nextIndex;
            committed.put(request.sequence(), nextIndex++);
        }
        if (isLosing) {
            refuse(request, ErrorCode.LEADERSHIP_LOST, 0, -1);
            elect(random.nextInt(NODES) + 1);
        } else {
            carry(CLIENT, ReplyFrames.write(request.sessionId(), request.correlationId(), earlier, 1, !commits));
        }
    }

    void refuse(Request request, ErrorCode code, int retryAfterMs, int leaderNodeId) {
        carry(
                CLIENT,
                ReplyFrames.error(
                        request.sessionId(), request.correlationId(), code, retryAfterMs, leaderNodeId, "no: " + code));
    }

    /** Sends the client a frame of the test's own making. */
    void tell(byte[] frame) {
        carry(CLIENT, frame);
    }

    @Override
    public boolean isFailed() {
        return isFailed;
    }

    @Override
    public void close() {}
}
