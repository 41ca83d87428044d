package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.vectors.PointReader;
import io.grape.vectors.PointScanner;
import io.grape.vectors.PointStore;
import io.grape.vectors.Searcher;
import io.grape.vectors.collection.IndexConfig;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.query.SearchParameters;
import org.agrona.DirectBuffer;

/** A store in mapped files with a graph: {@link VectorCollection}, in the words of this package. */
public final class MappedStore implements CollectionStore {
    private final VectorCollection collection;
    private final PointStore store;
    private final NodeBudget budget;

    /**
     * A store whose bytes count with those of the node's other stores.
     *
     * @param collection closed with this
     * @param budget     of all stores of the node
     */
    public MappedStore(VectorCollection collection, NodeBudget budget) {
        this.collection = collection;
        this.store = collection.points();
        this.budget = budget;
        budget.add(store);
    }

    /**
     * @param collection closed with this
     */
    public MappedStore(VectorCollection collection) {
        this(collection, new NodeBudget(Long.MAX_VALUE));
    }

    /**
     * Without a graph: every search is exact.
     *
     * @param points closed with this
     */
    public MappedStore(PointStore points) {
        this(VectorCollection.of(points, IndexConfig.none(points.shape().dimension())));
    }

    /** Returns the rows that searches compare one by one, because they are not linked into the graph yet. Any thread. */
    public long tailRows() {
        return collection.tailRows();
    }

    /** Returns the points behind it. */
    public PointStore points() {
        return store;
    }

    /** Returns points and graph behind it. */
    public VectorCollection collection() {
        return collection;
    }

    @Override
    @HotPath
    public void upsert(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vectors,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength) {
        store.upsert(idMost, idLeast, version, vectors, offset, payload, payloadOffset, payloadLength);
    }

    @Override
    @HotPath
    public boolean delete(long idMost, long idLeast, long version) {
        return store.delete(idMost, idLeast, version);
    }

    @Override
    @HotPath
    public boolean admits(long points, long payloadBytes) {
        return store.admits(points, payloadBytes) && budget.fits(store.newFileBytes(points, payloadBytes));
    }

    @Override
    @HotPath
    public boolean mustWait() {
        return collection.isTailFull();
    }

    @Override
    public long size() {
        return store.size();
    }

    @Override
    public long stateHash() {
        return store.stateHash();
    }

    @Override
    public StoreSearcher newSearcher() {
        return new MappedSearcher(store.newSearcher());
    }

    @Override
    public StoreReader newReader() {
        return new MappedReader(store.newReader());
    }

    @Override
    public StoreScanner newScanner() {
        return new MappedScanner(new PointScanner(store));
    }

    @Override
    public void close() {
        budget.remove(store);
        collection.close();
    }

    private record MappedSearcher(Searcher searcher) implements StoreSearcher {
        @Override
        @HotPath
        public int search(DirectBuffer vector, int offset, int k, SearchParameters how) {
            return searcher.search(vector, offset, k, how);
        }

        @Override
        public boolean exact() {
            return searcher.exact();
        }

        @Override
        public int beam() {
            return searcher.beam();
        }

        @Override
        public int count() {
            return searcher.count();
        }

        @Override
        public long idMost(int i) {
            return searcher.idMost(i);
        }

        @Override
        public long idLeast(int i) {
            return searcher.idLeast(i);
        }

        @Override
        public long version(int i) {
            return searcher.version(i);
        }

        @Override
        public float score(int i) {
            return searcher.score(i);
        }

        @Override
        public long scanned() {
            return searcher.scanned();
        }

        @Override
        public void close() {
            searcher.close();
        }
    }

    private record MappedReader(PointReader reader) implements StoreReader {
        @Override
        @HotPath
        public boolean get(long idMost, long idLeast) {
            return reader.get(idMost, idLeast);
        }

        @Override
        public void rewind() {
            reader.rewind();
        }

        @Override
        public PointReader.Visit next(int maxRows) {
            return reader.next(maxRows);
        }

        @Override
        public long idMost() {
            return reader.idMost();
        }

        @Override
        public long idLeast() {
            return reader.idLeast();
        }

        @Override
        public long version() {
            return reader.version();
        }

        @Override
        public DirectBuffer vector() {
            return reader.vector();
        }

        @Override
        public DirectBuffer payload() {
            return reader.payload();
        }

        @Override
        public int payloadLength() {
            return reader.payloadLength();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private record MappedScanner(PointScanner scanner) implements StoreScanner {
        @Override
        public int scan(boolean fromStart, long afterMost, long afterLeast, int limit, long moment) {
            int found = scanner.scan(fromStart, afterMost, afterLeast, limit, moment);
            return found == PointScanner.NOT_REACHED ? NOT_REACHED : found;
        }

        @Override
        public long moment() {
            return scanner.moment();
        }

        @Override
        public boolean hasMore() {
            return scanner.hasMore();
        }

        @Override
        public long idMost(int i) {
            return scanner.idMost(i);
        }

        @Override
        public long idLeast(int i) {
            return scanner.idLeast(i);
        }

        @Override
        public long version(int i) {
            return scanner.version(i);
        }

        @Override
        public DirectBuffer vector(int i) {
            return scanner.vector(i);
        }

        @Override
        public int payloadLength(int i) {
            return scanner.payloadLength(i);
        }

        @Override
        public DirectBuffer payload(int i) {
            return scanner.payload(i);
        }

        @Override
        public void finish() {
            scanner.finish();
        }

        @Override
        public void close() {
            scanner.close();
        }
    }
}
