package io.grape.simulation.node;

import io.grape.codecs.sbe.Metric;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.StoreReader;
import io.grape.node.state.StoreSearcher;
import io.grape.vectors.PointReader;
import io.grape.vectors.query.SearchParameters;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Points in memory, searched one by one: what a simulated replica keeps in place of mapped files. */
final class MemoryStore implements CollectionStore {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private record Key(long most, long least) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Point(long version, byte[] vector, byte[] payload, long hash) {}

    private record Hit(Key key, Point point, float score) {}

    private final Map<Key, Point> points = new HashMap<>();
    private final int dimension;
    private final Metric metric;
    private long stateHash;

    MemoryStore(int dimension, Metric metric) {
        this.dimension = dimension;
        this.metric = metric;
    }

    @Override
    public void upsert(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vectors,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength) {
        byte[] vector = new byte[dimension * Float.BYTES];
        vectors.getBytes(offset, vector);
        byte[] bytes = new byte[payloadLength];
        payload.getBytes(payloadOffset, bytes);
        Key key = new Key(idMost, idLeast);
        Point point = new Point(version, vector, bytes, hash(key, version, vector));
        Point replaced = points.put(key, point);
        stateHash += point.hash - (replaced == null ? 0 : replaced.hash);
    }

    @Override
    public boolean delete(long idMost, long idLeast, long version) {
        Point removed = points.remove(new Key(idMost, idLeast));
        if (removed != null) {
            stateHash -= removed.hash;
        }
        return removed != null;
    }

    /** Appends shape and points; returns where they end. */
    int save(MutableDirectBuffer out, int offset) {
        out.putInt(offset, dimension);
        out.putInt(offset + 4, metric.value());
        out.putInt(offset + 8, points.size());
        int at = offset + 12;
        for (Map.Entry<Key, Point> entry : points.entrySet()) {
            Point point = entry.getValue();
            out.putLong(at, entry.getKey().most);
            out.putLong(at + 8, entry.getKey().least);
            out.putLong(at + 16, point.version);
            out.putInt(at + 24, point.payload.length);
            out.putBytes(at + 28, point.vector);
            out.putBytes(at + 28 + point.vector.length, point.payload);
            at += 28 + point.vector.length + point.payload.length;
        }
        return at;
    }

    /** Returns an empty store of the shape that was saved there. */
    static MemoryStore empty(DirectBuffer in, int offset) {
        return new MemoryStore(in.getInt(offset), Metric.get((short) in.getInt(offset + 4)));
    }

    /** Takes in what was saved there; returns where it ends. */
    int load(DirectBuffer in, int offset) {
        int at = offset + 12;
        int vectorBytes = dimension * Float.BYTES;
        for (int count = in.getInt(offset + 8); count > 0; count--) {
            int payloadLength = in.getInt(at + 24);
            upsert(
                    in.getLong(at),
                    in.getLong(at + 8),
                    in.getLong(at + 16),
                    in,
                    at + 28,
                    in,
                    at + 28 + vectorBytes,
                    payloadLength);
            at += 28 + vectorBytes + payloadLength;
        }
        return at;
    }

    private static long hash(Key key, long version, byte[] vector) {
        long hash = mix(mix(mix(key.most + GOLDEN) ^ key.least) ^ version);
        return mix(hash ^ java.util.Arrays.hashCode(vector));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public boolean admits(long newPoints, long payloadBytes) {
        return true;
    }

    @Override
    public long size() {
        return points.size();
    }

    @Override
    public long stateHash() {
        return stateHash;
    }

    @Override
    public StoreSearcher newSearcher() {
        return new Searcher();
    }

    @Override
    public StoreReader newReader() {
        return new Reader();
    }

    @Override
    public void close() {
        points.clear();
    }

    private final class Searcher implements StoreSearcher {
        private List<Hit> hits = List.of();
        private long scanned;

        @Override
        public int search(DirectBuffer vector, int offset, int k, SearchParameters how) {
            List<Hit> all = new ArrayList<>();
            points.forEach((key, point) -> {
                Hit hit = new Hit(key, point, score(point, vector, offset));
                if (how.accepts(0, key.most, key.least) && !isWorse(hit.score, how.scoreLimit())) {
                    all.add(hit);
                }
            });
            Comparator<Hit> nearest = metric == Metric.EUCLIDEAN
                    ? Comparator.comparingDouble(Hit::score)
                    : Comparator.comparingDouble(hit -> -hit.score);
            all.sort(nearest.thenComparing(hit -> hit.key.most, Long::compareUnsigned)
                    .thenComparing(hit -> hit.key.least, Long::compareUnsigned));
            scanned = all.size();
            hits = all.subList(0, Math.min(k, all.size()));
            return hits.size();
        }

        private boolean isWorse(float score, float limit) {
            return metric == Metric.EUCLIDEAN ? score > limit : score < limit;
        }

        @Override
        public boolean exact() {
            return true;
        }

        @Override
        public int beam() {
            return 0;
        }

        private float score(Point point, DirectBuffer query, int offset) {
            UnsafeBuffer row = new UnsafeBuffer(point.vector);
            double dot = 0;
            double squared = 0;
            double norms = 0;
            for (int i = 0; i < dimension; i++) {
                float a = row.getFloat(i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
                float b = query.getFloat(offset + i * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
                dot += a * b;
                squared += (a - b) * (a - b);
                norms += a * a;
            }
            return switch (metric) {
                case EUCLIDEAN -> (float) Math.sqrt(squared);
                case COSINE -> (float) (dot / Math.sqrt(norms));
                default -> (float) dot;
            };
        }

        @Override
        public int count() {
            return hits.size();
        }

        @Override
        public long idMost(int i) {
            return hits.get(i).key.most;
        }

        @Override
        public long idLeast(int i) {
            return hits.get(i).key.least;
        }

        @Override
        public long version(int i) {
            return hits.get(i).point.version;
        }

        @Override
        public float score(int i) {
            return hits.get(i).score;
        }

        @Override
        public long scanned() {
            return scanned;
        }

        @Override
        public void close() {}
    }

    private final class Reader implements StoreReader {
        private Point found = new Point(0, new byte[0], new byte[0], 0);
        private Iterator<Map.Entry<Key, Point>> visit = Collections.emptyIterator();
        private Key at = new Key(0, 0);

        @Override
        public void rewind() {
            visit = List.copyOf(points.entrySet()).iterator();
        }

        @Override
        public PointReader.Visit next(int maxRows) {
            if (!visit.hasNext()) {
                return PointReader.Visit.END;
            }
            at = visit.next().getKey();
            return get(at.most, at.least) ? PointReader.Visit.POINT : PointReader.Visit.PAUSE;
        }

        @Override
        public long idMost() {
            return at.most;
        }

        @Override
        public long idLeast() {
            return at.least;
        }

        @Override
        public boolean get(long idMost, long idLeast) {
            Point point = points.get(new Key(idMost, idLeast));
            if (point != null) {
                found = point;
            }
            return point != null;
        }

        @Override
        public long version() {
            return found.version;
        }

        @Override
        public DirectBuffer vector() {
            return new UnsafeBuffer(found.vector);
        }

        @Override
        public DirectBuffer payload() {
            return new UnsafeBuffer(found.payload);
        }

        @Override
        public int payloadLength() {
            return found.payload.length;
        }

        @Override
        public void close() {}
    }
}
