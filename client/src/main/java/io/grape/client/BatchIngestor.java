package io.grape.client;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream of points, makes batches of them, keeps several in flight and tells which ids are committed.
 *
 * <p>One thread adds; the listener is called on the client's polling thread. {@link #add} waits when the batches in
 * flight are as many as they may be: that wait is the back-pressure of the cluster. Batches in flight may be applied in
 * another order than they were sent when one of them is sent again; a later point of an id that was added before is only
 * certain to win after {@link #flush}.
 */
public final class BatchIngestor implements AutoCloseable {
    /** Hears what became of each batch, on the client's polling thread; must not block. */
    public interface Listener {
        /**
         * The points are committed.
         *
         * @param ids    numeric ids, valid during this call
         * @param count  how many of the array are meant
         * @param result the committed outcome
         */
        void onAcknowledged(long[] ids, int count, WriteResult result);

        /**
         * The points were refused, or their outcome is unknown if the code is TIMED_OUT.
         *
         * @param ids   numeric ids, valid during this call
         * @param count how many of the array are meant
         * @param error why
         */
        void onFailed(long[] ids, int count, GrapeException error);
    }

    private final GrapeClient client;
    private final CollectionInfo collection;
    private final int batchPoints;
    private final int maxBatchesInFlight;
    private final Listener listener;
    /** By group, so that every batch is of one group; made when the first point of a group comes. */
    private final Int2ObjectHashMap<PointBatch> batches = new Int2ObjectHashMap<>();

    private final Semaphore places;
    private final ManyToManyConcurrentArrayQueue<InFlight> spare;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /**
     * @param client             sends the batches; stays open when this closes
     * @param collection         where to
     * @param batchPoints        points of one batch; fewer are sent where the node's message limit demands it
     * @param maxBatchesInFlight batches without an answer, at least 1
     * @param listener           hears what became of each batch
     */
    public BatchIngestor(
            GrapeClient client, CollectionInfo collection, int batchPoints, int maxBatchesInFlight, Listener listener) {
        if (batchPoints < 1 || maxBatchesInFlight < 1) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "batchPoints and maxBatchesInFlight must be at least 1, not " + batchPoints + " and "
                            + maxBatchesInFlight);
        }
        this.client = client;
        this.collection = collection;
        this.batchPoints = Math.min(batchPoints, Math.min(PointBatch.MAX_POINTS, client.maxBatchPoints()));
        this.maxBatchesInFlight = maxBatchesInFlight;
        this.listener = listener;
        this.places = new Semaphore(maxBatchesInFlight);
        this.spare = new ManyToManyConcurrentArrayQueue<>(Math.max(2, maxBatchesInFlight));
    }

    /**
     * Adds a point; sends a batch when it is full.
     *
     * @param id      numeric id, unsigned
     * @param vector  its components
     * @param payload opaque bytes, or null
     * @throws GrapeException DIMENSION_MISMATCH or PAYLOAD_TOO_LARGE for this point, which is left out; BACK_PRESSURE
     *     or CLIENT_CLOSED if the batch before it could not be sent
     */
    public void add(long id, float[] vector, byte @Nullable [] payload) {
        int payloadLength = payload == null ? 0 : payload.length;
        PointBatch batch = batchOf(client.groupOf(collection, id));
        if (!fits(batch.size() + 1, (long) batch.payloadBytes() + payloadLength)) {
            if (!fits(1, payloadLength)) {
                throw new GrapeException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "Point " + Long.toUnsignedString(id) + " with its payload of " + payloadLength
                                + " bytes does not fit one message of " + client.maxMessageLength() + " bytes.");
            }
            send(batch);
        }
        batch.add(id, vector, payload);
        if (batch.size() >= batchPoints) {
            send(batch);
        }
    }

    private PointBatch batchOf(int group) {
        PointBatch batch = batches.get(group);
        if (batch == null) {
            batch = new PointBatch(collection.dimension());
            batches.put(group, batch);
        }
        return batch;
    }

    private boolean fits(int points, long payloadBytes) {
        return PointBatch.encodedLength(points, collection.dimension(), payloadBytes) <= client.maxMessageLength();
    }

    private void send(PointBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        client.checkNotPolling();
        takePlaces(1);
        InFlight sent = spare.poll();
        if (sent == null) {
            sent = new InFlight(batchPoints);
        }
        sent.take(batch);
        boolean isSubmitted = false;
        try {
            client.submitUpsert(collection, batch, sent);
            isSubmitted = true;
        } finally {
            if (!isSubmitted) {
                giveBack(sent);
            }
        }
        batch.clear();
    }

    private void giveBack(InFlight sent) {
        spare.offer(sent);
        places.release();
    }

    /** One batch without its outcome: its ids, and what hears of it. */
    private final class InFlight implements ReplyHandler {
        private final long[] ids;
        private int count;
        /** Of the groups that took part, if there were several because the table had changed. */
        private final List<Position> positions = new ArrayList<>(0);

        InFlight(int capacity) {
            ids = new long[capacity];
        }

        void take(PointBatch points) {
            count = points.size();
            positions.clear();
            for (int i = 0; i < count; i++) {
                ids[i] = points.id(i);
            }
        }

        @Override
        public void onPart(int groupId, long index) {
            positions.add(new Position(groupId, index));
        }

        @Override
        public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
            if (templateId != WriteReplyDecoder.TEMPLATE_ID) {
                onError(ErrorCode.INTERNAL, "A reply of template " + templateId + " answered an upsert.");
                return;
            }
            try {
                acknowledged.addAndGet(count);
                listener.onAcknowledged(ids, count, ReplyDecoder.write(buffer, offset, positions));
            } finally {
                giveBack(this);
            }
        }

        @Override
        public void onError(ErrorCode code, String text) {
            try {
                failed.addAndGet(count);
                listener.onFailed(ids, count, new GrapeException(code, text));
            } finally {
                giveBack(this);
            }
        }
    }

    /** Sends what is left and waits until every batch has its outcome. */
    public void flush() {
        for (PointBatch batch : batches.values()) {
            send(batch);
        }
        takePlaces(maxBatchesInFlight);
        places.release(maxBatchesInFlight);
    }

    private void takePlaces(int count) {
        try {
            places.acquire(count);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GrapeException(
                    ErrorCode.BACK_PRESSURE, "Interrupted while waiting for batches in flight.", interrupted);
        }
    }

    /** Returns the points that are committed. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Returns the points that were refused or whose outcome is unknown. */
    public long failed() {
        return failed.get();
    }

    /** Flushes. */
    @Override
    public void close() {
        flush();
    }
}
