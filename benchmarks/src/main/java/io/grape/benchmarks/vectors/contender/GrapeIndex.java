package io.grape.benchmarks.vectors.contender;

import io.grape.benchmarks.vectors.data.FloatRows;
import io.grape.vectors.GraphIndexer;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.Searcher;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Our store with its graph, through the public API: what is measured is what a node runs. */
final class GrapeIndex implements Index {
    private static final int BATCH = 1_000;
    private static final long BUDGET_BYTES = 32L << 30;

    private final Job job;
    private final VectorShape shape;
    private final UnsafeBuffer vector;
    private final PointStore store;
    private @Nullable GraphIndexer indexer;
    private @Nullable Searcher searcher;

    GrapeIndex(Job job) {
        this.job = job;
        this.shape = new VectorShape(job.dimension(), job.angular() ? Metric.COSINE : Metric.EUCLIDEAN);
        this.vector = new UnsafeBuffer(new byte[shape.vectorBytes()]);
        this.store = PointStore.open(PointStoreConfig.of(job.directory(), shape, BUDGET_BYTES));
    }

    @Override
    public void build(int threads) throws IOException, InterruptedException {
        GraphIndexer first = indexer();
        FloatRows rows = FloatRows.map(job.base(), job.dimension());
        float[] row = new float[job.dimension()];
        for (int i = 0; i < job.rows(); i++) {
            rows.read(i, row);
            put(row);
            store.upsert(0, i, 1, vector, 0, vector, 0, 0);
        }
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            GraphIndexer helper = first.newHelper();
            helpers.add(Thread.ofPlatform().start(() -> {
                drain(helper);
                helper.close();
            }));
        }
        drain(first);
        for (Thread helper : helpers) {
            helper.join();
        }
        drain(first);
        store.checkpoint(1);
    }

    private static void drain(GraphIndexer indexer) {
        while (indexer.buildWork(BATCH) > 0) {
            Thread.onSpinWait();
        }
    }

    private GraphIndexer indexer() {
        GraphIndexer made = store.newIndexer(GraphConfig.of(job.dimension()));
        indexer = made;
        return made;
    }

    @Override
    public void open() {
        drain(indexer());
        searcher = store.newSearcher();
    }

    private void put(float[] row) {
        for (int i = 0; i < row.length; i++) {
            vector.putFloat(i << 2, row[i], ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Override
    public int search(float[] query, int beam, int[] found) {
        Searcher open = searcher;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        put(query);
        int count = open.search(vector, 0, ContenderMain.K, beam);
        for (int i = 0; i < count; i++) {
            found[i] = (int) open.idLeast(i);
        }
        return count;
    }

    @Override
    public void close() {
        if (searcher != null) {
            searcher.close();
        }
        if (indexer != null) {
            indexer.close();
        }
        store.close();
    }
}
