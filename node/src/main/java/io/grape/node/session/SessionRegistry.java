package io.grape.node.session;

import io.grape.codecs.HotPath;
import io.grape.node.metrics.RequestMetrics;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions as an immutable snapshot behind one volatile read. The inbound agent replaces it; any thread reads.
 */
public final class SessionRegistry {
    private final RequestMetrics requests;
    private volatile Long2ObjectHashMap<Session> sessions = new Long2ObjectHashMap<>();

    /** For a node whose requests nobody measures. */
    public SessionRegistry() {
        this(RequestMetrics.unseen());
    }

    /**
     * @param requests told of requests and answers
     */
    public SessionRegistry(RequestMetrics requests) {
        this.requests = requests;
    }

    /** Returns what requests and answers are counted in. */
    public RequestMetrics requests() {
        return requests;
    }

    /** Returns a session, or null when it is not open here. */
    @HotPath
    @Nullable
    Session find(long sessionId) {
        return sessions.get(sessionId);
    }

    /** Returns the number of open sessions. */
    public int size() {
        return sessions.size();
    }

    void add(Session session) {
        Long2ObjectHashMap<Session> next = new Long2ObjectHashMap<>(sessions);
        next.put(session.id(), session);
        sessions = next;
    }

    void remove(Session session) {
        Long2ObjectHashMap<Session> next = new Long2ObjectHashMap<>(sessions);
        next.remove(session.id());
        sessions = next;
    }
}
