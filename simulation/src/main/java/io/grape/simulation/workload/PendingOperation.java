package io.grape.simulation.workload;

import io.grape.client.HitCursor;
import io.grape.client.PointCursor;
import io.grape.client.session.ReplyHandler;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request and the rows that it has in the history: a row for each point. Errors but a version
 * mismatch leave rows open, because a write whose last attempt was refused may have been carried out by an earlier one.
 */
final class PendingOperation implements ReplyHandler {
    /** What a request is. */
    enum Kind {
        CREATE,
        WRITE,
        READ
    }

    private final SimClient owner;
    private final HistoryRecorder history;
    private final NanoClock clock;
    private final Kind kind;
    private final long[] keys;
    private final int[] rows;

    PendingOperation(SimClient owner, HistoryRecorder history, NanoClock clock, Kind kind, long[] keys, int[] rows) {
        this.owner = owner;
        this.history = history;
        this.clock = clock;
        this.kind = kind;
        this.keys = keys;
        this.rows = rows;
    }

    @Override
    public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
        switch (templateId) {
            case WriteReplyDecoder.TEMPLATE_ID -> onWritten(buffer, offset);
            case GetReplyDecoder.TEMPLATE_ID -> onPoints(buffer, offset);
            case SearchReplyDecoder.TEMPLATE_ID -> onHits(buffer, offset);
            default -> throw new IllegalStateException("a client was answered with template " + templateId);
        }
        owner.ended(true);
    }

    private void onWritten(DirectBuffer buffer, int offset) {
        WriteReplyDecoder reply =
                new WriteReplyDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        owner.acknowledged(reply.correlationId(), reply.groupId(), reply.index(), reply.changed(), kind);
        for (int row : rows) {
            history.written(
                    row, reply.index(), rows.length == 1 ? reply.changed() : Outcome.NOT_SAID, clock.nanoTime());
        }
    }

    private void onPoints(DirectBuffer buffer, int offset) {
        PointCursor points = new PointCursor().wrap(buffer, offset);
        byte[] payload = new byte[Long.BYTES];
        for (int i = 0; points.next(); i++) {
            if (points.id() != keys[i]) {
                throw new IllegalStateException("asked for point " + keys[i] + " and was given " + points.id());
            }
            owner.sawVersion(keys[i], points.version());
            if (points.isPresent()) {
                points.copyPayload(payload);
                long value = new UnsafeBuffer(payload).getLong(0);
                history.found(rows[i], points.version(), value, points.index(), clock.nanoTime());
            } else {
                history.missing(rows[i], points.index(), clock.nanoTime());
            }
        }
        owner.saw(points.groupId(), points.index());
    }

    private void onHits(DirectBuffer buffer, int offset) {
        HitCursor hits = new HitCursor().wrap(buffer, offset);
        Map<Long, Long> versions = new HashMap<>();
        while (hits.next()) {
            versions.put(hits.id(), hits.version());
        }
        for (int i = 0; i < keys.length; i++) {
            Long version = versions.remove(keys[i]);
            if (version == null) {
                history.missing(rows[i], hits.index(), clock.nanoTime());
            } else {
                history.found(rows[i], version, Outcome.NOT_SAID, hits.index(), clock.nanoTime());
            }
        }
        if (!versions.isEmpty()) {
            throw new IllegalStateException("a search found points that nobody wrote: " + versions);
        }
        owner.saw(hits.groupId(), hits.index());
    }

    @Override
    public void onError(ErrorCode code, String text) {
        if (code == ErrorCode.VERSION_MISMATCH) {
            // The state remembers this answer, so that no attempt was carried out; only single points have conditions.
            history.mismatch(rows[0], Outcome.NOT_SAID, clock.nanoTime());
        }
        owner.ended(false);
    }
}
