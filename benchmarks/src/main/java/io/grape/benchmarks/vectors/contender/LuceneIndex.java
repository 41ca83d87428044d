package io.grape.benchmarks.vectors.contender;

import io.grape.benchmarks.vectors.data.FloatRows;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Lucene's HNSW over float32, one segment, M 16 (32 edges at the bottom), build beam 200; asked below its query classes, which
 * would only add cost. Rows are added in order into one segment, so a document's number is its row.
 */
final class LuceneIndex implements Index {
    private static final int M = 16;
    private static final int BUILD_BEAM = 200;
    private static final int BUFFER_MB = 1_900;
    private static final String FIELD = "v";

    private final Job job;
    private final VectorSimilarityFunction similarity;
    private final Directory files;
    private @Nullable DirectoryReader reader;
    private @Nullable LeafReader leaf;
    private @Nullable AcceptDocs all;

    LuceneIndex(Job job) throws IOException {
        this.job = job;
        this.similarity = job.angular() ? VectorSimilarityFunction.DOT_PRODUCT : VectorSimilarityFunction.EUCLIDEAN;
        this.files = MMapDirectory.open(job.directory());
    }

    @Override
    public void build(int threads) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig()
                .setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return new Lucene99HnswVectorsFormat(M, BUILD_BEAM);
                    }
                })
                .setRAMBufferSizeMB(BUFFER_MB)
                .setMergePolicy(NoMergePolicy.INSTANCE)
                .setUseCompoundFile(false);
        FloatRows rows = FloatRows.map(job.base(), job.dimension());
        try (IndexWriter writer = new IndexWriter(files, config)) {
            for (int i = 0; i < job.rows(); i++) {
                float[] vector = new float[job.dimension()];
                rows.read(i, vector);
                Document document = new Document();
                document.add(new KnnFloatVectorField(FIELD, vector, similarity));
                writer.addDocument(document);
            }
            writer.commit();
        }
    }

    @Override
    public void open() throws IOException {
        DirectoryReader opened = DirectoryReader.open(files);
        reader = opened;
        if (opened.leaves().size() != 1) {
            throw new IOException(opened.leaves().size() + " segments instead of one");
        }
        LeafReader only = opened.leaves().getFirst().reader();
        leaf = only;
        all = AcceptDocs.fromLiveDocs(only.getLiveDocs(), only.maxDoc());
    }

    @Override
    public int search(float[] query, int beam, int[] found) throws IOException {
        LeafReader open = leaf;
        AcceptDocs accept = all;
        if (open == null || accept == null) {
            throw new IllegalStateException("not open");
        }
        TopKnnCollector collector = new TopKnnCollector(Math.max(beam, found.length), Integer.MAX_VALUE);
        open.searchNearestVectors(FIELD, query, collector, accept);
        ScoreDoc[] near = collector.topDocs().scoreDocs;
        int count = Math.min(found.length, near.length);
        for (int i = 0; i < count; i++) {
            found[i] = near[i].doc;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
        files.close();
    }
}
