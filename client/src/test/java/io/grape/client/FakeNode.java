package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionKeepAliveDecoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.transport.EgressPublisher;
import io.grape.transport.NodeTransport;
import io.grape.transport.SendOutcome;
import io.grape.transport.TransportConfig;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A node of a scripted cluster, over real Aeron: it gives sessions by itself and asks its script about the rest. */
final class FakeNode implements AutoCloseable {
    /** Decides what a node does with a request; called on the node's thread. */
    @FunctionalInterface
    interface Script {
        void onRequest(FakeNode node, Request request);
    }

    /** What the nodes of one cluster agree on. */
    static final class Shared {
        final Map<Integer, String> endpoints = new ConcurrentHashMap<>();
        volatile int leader = 1;
        volatile long term = 1;
        /** Groups that hold points; to be set before the first client connects. */
        volatile int groups = 1;

        volatile Script script = (node, request) -> {};
        final List<Request> requests = new CopyOnWriteArrayList<>();
        /** Response channels that sessions were asked for with. */
        final List<String> connects = new CopyOnWriteArrayList<>();

        List<Request> writes() {
            return requests.stream().filter(Request::isWrite).toList();
        }
    }

    private record Outgoing(EgressPublisher egress, byte[] frame) {}

    private final int nodeId;
    private final Shared shared;
    private final NodeTransport transport;
    private final Map<Long, EgressPublisher> sessions = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Outgoing> outgoing = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean isRunning = true;
    private volatile boolean isDeaf;
    private volatile ErrorCode refusal = ErrorCode.OK;
    private long nextSession = 1;

    FakeNode(int nodeId, Shared shared, DriverHandle driver) {
        this.nodeId = nodeId;
        this.shared = shared;
        String endpoint = shared.endpoints.get(nodeId);
        transport = NodeTransport.open(TransportConfig.of(nodeId, endpoint, List.of())
                .withDriver(DriverConfig.external(driver.directory()))
                .withIpcIngress(true));
        thread = new Thread(this::run, "fake-node-" + nodeId);
        thread.start();
    }

    int nodeId() {
        return nodeId;
    }

    boolean isLeader() {
        return shared.leader == nodeId;
    }

    /** Stops hearing, as a process that is stopped or cut off. */
    void deaf(boolean value) {
        isDeaf = value;
    }

    /** Refuses sessions from now on. */
    void refuse(ErrorCode code) {
        refusal = code;
    }

    /** Forgets every session, as a process that was restarted. */
    void forgetSessions() {
        sessions.clear();
    }

    private void run() {
        while (isRunning) {
            int work = isDeaf ? 0 : transport.pollIngress(this::onMessage, 10);
            for (Outgoing next = outgoing.peek(); next != null && !isDeaf; next = outgoing.peek()) {
                SendOutcome outcome = next.egress().offer(new UnsafeBuffer(next.frame()), 0, next.frame().length);
                if (outcome != SendOutcome.SENT && outcome != SendOutcome.CLOSED) {
                    break;
                }
                outgoing.poll();
                work++;
            }
            if (work == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            }
        }
    }

    private boolean onMessage(DirectBuffer buffer, int offset, int length, int aeronSessionId) {
        Request request = Request.of(nodeId, buffer, offset, length);
        switch (request.templateId()) {
            case SessionConnectDecoder.TEMPLATE_ID -> onConnect(request);
            case SessionKeepAliveDecoder.TEMPLATE_ID -> {}
            case SessionCloseDecoder.TEMPLATE_ID -> {
                shared.requests.add(request);
                sessions.remove(request.sessionId());
            }
            default -> {
                if (sessions.containsKey(request.sessionId())) {
                    onRequest(request);
                }
            }
        }
        return true;
    }

    private void onConnect(Request request) {
        SessionConnectDecoder connect =
                new SessionConnectDecoder().wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder());
        String channel = connect.responseChannel();
        shared.connects.add(channel);
        EgressPublisher egress = transport.openEgress(channel, connect.responseStreamId());
        // Ids of different nodes must differ, as the client may hear late errors of either.
        long sessionId = nodeId * 1000L + nextSession++;
        boolean isRefused = refusal != ErrorCode.OK;
        if (!isRefused) {
            sessions.put(sessionId, egress);
        }
        send(
                egress,
                ReplyFrames.sessionEvent(
                        new ReplyFrames.Event(connect.correlationId(), sessionId, nodeId, shared.leader, shared.term),
                        isRefused ? SessionStatus.REFUSED : SessionStatus.OPEN,
                        refusal,
                        shared.endpoints,
                        isRefused ? "go away" : ""));
    }

    private void onRequest(Request request) {
        if (request.templateId() == StatusDecoder.TEMPLATE_ID) {
            reply(
                    request,
                    ReplyFrames.status(
                            request.sessionId(), request.correlationId(), nodeId, shared.leader, shared.term));
            return;
        }
        if (request.templateId() == RouteQueryDecoder.TEMPLATE_ID) {
            long held = new RouteQueryDecoder()
                    .wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder())
                    .heldEpoch();
            reply(
                    request,
                    ReplyFrames.routes(
                            request.sessionId(),
                            request.correlationId(),
                            held,
                            shared.leader,
                            shared.term,
                            shared.groups));
            return;
        }
        shared.requests.add(request);
        shared.script.onRequest(this, request);
    }

    void reply(Request request, byte[] frame) {
        EgressPublisher egress = sessions.get(request.sessionId());
        if (egress != null) {
            send(egress, frame);
        }
    }

    void acknowledge(Request request) {
        reply(request, ReplyFrames.write(request.sessionId(), request.correlationId(), request.sequence(), 1, false));
    }

    void refuse(Request request, ErrorCode code, int retryAfterMs, int leaderNodeId) {
        reply(
                request,
                ReplyFrames.error(
                        request.sessionId(), request.correlationId(), code, retryAfterMs, leaderNodeId, "no: " + code));
    }

    private void send(EgressPublisher egress, byte[] frame) {
        outgoing.add(new Outgoing(egress, frame));
    }

    @Override
    public void close() {
        isRunning = false;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        transport.close();
    }
}
