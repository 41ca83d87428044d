package io.grape.benchmarks.vectors.contender;

import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.ScoringView;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.FusedPQ;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import io.grape.benchmarks.vectors.data.FloatRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * JVector's graph on disk with product quantization fused into the nodes and exact vectors beside them: degree 32, build beam
 * 200, with upper layers; what the beam holds is scored again exactly, as its documentation has it.
 */
final class JVectorIndex implements Index {
    private static final int DEGREE = 32;
    private static final int BUILD_BEAM = 200;
    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;
    private static final int CLUSTERS = 256;
    /** Components a subspace: two where there are few of them, else four. */
    private static final int SMALL_DIMENSION = 200;

    private static final VectorTypeSupport TYPES =
            VectorizationProvider.getInstance().getVectorTypeSupport();

    private final Job job;
    private final VectorSimilarityFunction similarity;
    private @Nullable ReaderSupplier reader;
    private @Nullable OnDiskGraphIndex graph;
    private @Nullable GraphSearcher searcher;

    JVectorIndex(Job job) {
        this.job = job;
        this.similarity = job.angular() ? VectorSimilarityFunction.DOT_PRODUCT : VectorSimilarityFunction.EUCLIDEAN;
    }

    private Path file() {
        return job.directory().resolve("graph");
    }

    @Override
    @SuppressWarnings("deprecation") // its successor does not say whether there are upper layers
    public void build(int threads) throws IOException {
        RandomAccessVectorValues vectors = vectors();
        int subspaces = job.dimension() / (job.dimension() < SMALL_DIMENSION ? 2 : 4);
        BuildScoreProvider scores = BuildScoreProvider.randomAccessScoreProvider(vectors, similarity);
        try (ForkJoinPool pool = new ForkJoinPool(threads);
                GraphIndexBuilder builder = new GraphIndexBuilder(
                        scores, job.dimension(), DEGREE, BUILD_BEAM, OVERFLOW, ALPHA, true, true, pool, pool)) {
            ImmutableGraphIndex built = builder.build(vectors);
            ProductQuantization pq =
                    ProductQuantization.compute(vectors, subspaces, CLUSTERS, !job.angular(), -1, pool, pool);
            PQVectors codes = pq.encodeAll(vectors, pool);
            write(built, vectors, pq, codes);
        }
    }

    private void write(
            ImmutableGraphIndex built, RandomAccessVectorValues vectors, ProductQuantization pq, PQVectors codes)
            throws IOException {
        try (OnDiskGraphIndexWriter writer = new OnDiskGraphIndexWriter.Builder(built, file())
                        .with(new InlineVectors(job.dimension()))
                        .with(new FusedPQ(DEGREE, pq))
                        .build();
                ImmutableGraphIndex.View view = built.getView()) {
            Map<FeatureId, IntFunction<Feature.State>> states = new EnumMap<>(FeatureId.class);
            states.put(FeatureId.INLINE_VECTORS, node -> new InlineVectors.State(vectors.getVector(node)));
            states.put(FeatureId.FUSED_PQ, node -> new FusedPQ.State(view, codes, node));
            writer.write(states);
        }
    }

    private RandomAccessVectorValues vectors() throws IOException {
        FloatRows rows = FloatRows.map(job.base(), job.dimension());
        List<VectorFloat<?>> vectors = new ArrayList<>(job.rows());
        for (int i = 0; i < job.rows(); i++) {
            float[] vector = new float[job.dimension()];
            rows.read(i, vector);
            vectors.add(TYPES.createFloatVector(vector));
        }
        return new ListRandomAccessVectorValues(vectors, job.dimension());
    }

    @Override
    public void open() throws IOException {
        ReaderSupplier opened = ReaderSupplierFactory.open(file());
        OnDiskGraphIndex loaded = OnDiskGraphIndex.load(opened);
        reader = opened;
        graph = loaded;
        searcher = new GraphSearcher(loaded);
    }

    @Override
    public int search(float[] query, int beam, int[] found) {
        GraphSearcher open = searcher;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        VectorFloat<?> vector = TYPES.createFloatVector(query);
        ScoringView view = (ScoringView) open.getView();
        DefaultSearchScoreProvider scores = new DefaultSearchScoreProvider(
                view.approximateScoreFunctionFor(vector, similarity), view.rerankerFor(vector, similarity));
        SearchResult result = open.search(scores, found.length, Math.max(beam, found.length), 0, 0, Bits.ALL);
        SearchResult.NodeScore[] near = result.getNodes();
        for (int i = 0; i < near.length; i++) {
            found[i] = near[i].node;
        }
        return near.length;
    }

    @Override
    public void close() throws IOException {
        if (searcher != null) {
            searcher.close();
        }
        if (graph != null) {
            graph.close();
        }
        if (reader != null) {
            reader.close();
        }
    }
}
