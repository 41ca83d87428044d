package io.grape.benchmarks.replication;

import io.grape.client.CallbackClient;
import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.WriteCallback;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * Ours: an entry is an upsert of one point whose vector has that many bytes, through the whole write path. It is acknowledged
 * after commit and apply. The ids go round over a few thousand points, so that the collection stays small.
 */
final class GrapeLogClient implements LogClient {
    private static final int IDS = 8192;

    private final GrapeClient client;
    private final CallbackClient callbacks;
    private final Outcomes outcomes;
    private final ManyToManyConcurrentArrayQueue<Reply> replies =
            new ManyToManyConcurrentArrayQueue<>(2 * ClientConfig.MAX_IN_FLIGHT_LIMIT);
    private CollectionInfo collection;
    private PointBatch batch;
    private float[] vector;

    /** Remembers which entry it is of; goes back to the queue with the outcome. */
    private final class Reply implements WriteCallback {
        private volatile long correlation;

        @Override
        public void onWritten(int groupId, long index, int changed, boolean duplicate) {
            outcomes.committed(correlation);
            replies.offer(this);
        }

        @Override
        public void onError(ErrorCode code, String text) {
            outcomes.failed(correlation, code + ": " + text);
            replies.offer(this);
        }
    }

    GrapeLogClient(List<String> endpoints, String idleStrategy, Outcomes outcomes) {
        this.outcomes = outcomes;
        this.client = GrapeClient.connect(ClientConfig.builder()
                .endpoints(endpoints)
                .idleStrategy(idleStrategy)
                .maxInFlight(ClientConfig.MAX_IN_FLIGHT_LIMIT)
                .build());
        this.callbacks = client.callbacks(Duration.ofSeconds(10));
        for (int i = 0; i < replies.capacity(); i++) {
            replies.offer(new Reply());
        }
        entryBytes(Float.BYTES);
    }

    @Override
    public void entryBytes(int bytes) {
        int dimension = Math.max(1, bytes / Float.BYTES);
        collection = client.createCollection("replication-" + dimension, dimension, Metric.EUCLIDEAN);
        batch = new PointBatch(dimension);
        vector = new float[dimension];
    }

    @Override
    public boolean offer(long correlation) {
        Reply reply = replies.poll();
        if (reply == null) {
            return false;
        }
        reply.correlation = correlation;
        vector[0] = correlation;
        batch.clear();
        batch.add(correlation % IDS, vector);
        if (callbacks.upsert(collection, batch, reply)) {
            return true;
        }
        replies.offer(reply);
        return false;
    }

    @Override
    public int poll() {
        return 0;
    }

    @Override
    public void close() {
        client.close();
    }
}
