package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries each write out once: looks it up in its client's window, and remembers and answers what became of it.
 *
 * <p>Between {@link #begin} and the {@code finish} that follows it holds the write at hand. Thread: the apply agent's;
 * {@link #clientCount} is for any.
 */
final class ClientWrites {
    private final ClientTable clients;
    private final Replies replies;
    private final AppliedEffects effects = new AppliedEffects();

    private long sessionId;
    private long correlationId;
    private long sequence;
    private long index;
    private volatile int clientCount;

    /** @param replies hears what became of each write */
    ClientWrites(ClientTable clients, Replies replies) {
        this.clients = clients;
        this.replies = replies;
    }

    /** Takes in what another group remembers of a client. */
    void merge(long clientId, ByteBuffer window, long entryIndex) {
        clients.merge(clientId, window, entryIndex);
        clientCount = clients.size();
    }

    /** Returns the windows. */
    ClientTable clients() {
        return clients;
    }

    /** Returns which entries changed something. */
    AppliedEffects effects() {
        return effects;
    }

    /** Returns the number of clients whose writes are remembered. Any thread. */
    int clientCount() {
        return clientCount;
    }

    /** Takes what {@link ClientTable#encode} wrote in place of what there is. */
    void load(ByteBuffer state) {
        clients.decode(state);
        clientCount = clients.size();
    }

    /** Lets replicated time pass. */
    void advance(long elapsedMs, long expiryMs) {
        clients.advance(elapsedMs, expiryMs);
        clientCount = clients.size();
    }

    /**
     * Looks the write up in its client's window.
     *
     * @param entryIndex of the write
     * @return the window when the write is new; null when it was answered here
     */
    @HotPath
    @Nullable
    ClientWindow begin(
            long entryIndex,
            long session,
            long correlation,
            long clientId,
            long clientSequence,
            long acknowledgedThrough,
            long knownIndex) {
        index = entryIndex;
        sessionId = session;
        correlationId = correlation;
        sequence = clientSequence;
        ClientWindow window = clients.window(clientId, knownIndex);
        if (window == null) {
            replies.refused(session, correlation, ErrorCode.SESSION_EXPIRED);
            return null;
        }
        // A late copy of a write whose answer the client has had is dropped: nobody waits for it.
        if (!window.isAcknowledged(clientSequence)) {
            window.acknowledge(Math.min(acknowledgedThrough, clientSequence - 1));
            if (window.holds(clientSequence)) {
                repeatOutcome(window);
            } else if (window.isBeyond(clientSequence)) {
                replies.refused(session, correlation, ErrorCode.SEQUENCE_OUT_OF_WINDOW);
            } else if (!window.isNew(knownIndex)) {
                replies.refused(session, correlation, ErrorCode.SESSION_EXPIRED);
            } else {
                return window;
            }
        }
        clients.changed(window, index);
        return null;
    }

    @Nullable
    ClientWindow begin(long entryIndex, CreateCollectionDecoder create) {
        return begin(
                entryIndex,
                create.sessionId(),
                create.correlationId(),
                create.clientId(),
                create.sequence(),
                create.acknowledgedThrough(),
                create.knownIndex());
    }

    @Nullable
    ClientWindow begin(long entryIndex, DropCollectionDecoder drop) {
        return begin(
                entryIndex,
                drop.sessionId(),
                drop.correlationId(),
                drop.clientId(),
                drop.sequence(),
                drop.acknowledgedThrough(),
                drop.knownIndex());
    }

    @Nullable
    ClientWindow begin(long entryIndex, ChangeNodeDecoder change) {
        return begin(
                entryIndex,
                change.sessionId(),
                change.correlationId(),
                change.clientId(),
                change.sequence(),
                change.acknowledgedThrough(),
                change.knownIndex());
    }

    @Nullable
    ClientWindow begin(long entryIndex, RenameCollectionDecoder rename) {
        return begin(
                entryIndex,
                rename.sessionId(),
                rename.correlationId(),
                rename.clientId(),
                rename.sequence(),
                rename.acknowledgedThrough(),
                rename.knownIndex());
    }

    @HotPath
    private void repeatOutcome(ClientWindow window) {
        short code = window.code(sequence);
        if (code == ErrorCode.OK.value()) {
            replies.written(sessionId, correlationId, window.index(sequence), window.changed(sequence), true);
        } else if (code == ErrorCode.VERSION_MISMATCH.value()) {
            replies.mismatched(sessionId, correlationId, window.changed(sequence), window.index(sequence));
        } else {
            replies.refused(sessionId, correlationId, ErrorCode.get(code));
        }
    }

    @HotPath
    void finish(ClientWindow window, int changed) {
        window.put(sequence, index, changed, (short) ErrorCode.OK.value());
        effects.note(index, changed > 0);
        remember(window);
        replies.written(sessionId, correlationId, index, changed, false);
    }

    @HotPath
    void finishRefused(ClientWindow window, ErrorCode code) {
        window.put(sequence, index, 0, (short) code.value());
        remember(window);
        replies.refused(sessionId, correlationId, code);
    }

    /**
     * The group does not own a point, or not now. That it does not is remembered, so that a late copy of the write cannot be
     * applied when it owns the shard again; that it must wait is not: the same write is sent again.
     */
    @HotPath
    void finishDisowned(ClientWindow window, ErrorCode code) {
        if (code == ErrorCode.MIGRATING) {
            remember(window);
            replies.refused(sessionId, correlationId, code);
        } else {
            finishRefused(window, code);
        }
    }

    @HotPath
    void finishMismatched(ClientWindow window, int point, long version) {
        window.put(sequence, version, point, (short) ErrorCode.VERSION_MISMATCH.value());
        remember(window);
        replies.mismatched(sessionId, correlationId, point, version);
    }

    @HotPath
    private void remember(ClientWindow window) {
        clients.changed(window, index);
        clientCount = clients.size();
    }
}
