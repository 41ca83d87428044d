package io.grape.node.demo;

import io.grape.client.CollectionInfo;
import io.grape.client.NodeClient;
import io.grape.client.StoredPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Reads acknowledged ids back from one node, locally, and compares vector and payload with what was written.
 *
 * <p>What is expected of id {@code i} is word {@code i % count}, as {@link Ingest} and {@link WriteStream} write it.
 * One thread.
 */
public final class ReadBack {
    private static final int IDS_AT_ONCE = 200;

    private final WordVectors words;

    /**
     * What one node holds of what was acknowledged.
     *
     * @param checked ids that were asked for
     * @param absent  ids that the node does not hold
     * @param wrong   ids that it holds with another vector or payload
     */
    public record Result(int checked, List<Long> absent, List<Long> wrong) {
        /** Returns whether every id was there as it was written. */
        public boolean isComplete() {
            return absent.isEmpty() && wrong.isEmpty();
        }
    }

    /** @param words what was written */
    public ReadBack(WordVectors words) {
        this.words = words;
    }

    /** Reads every id of {@code acknowledged} from {@code node}. */
    public Result check(NodeClient node, CollectionInfo collection, BitSet acknowledged) {
        List<Long> absent = new ArrayList<>();
        List<Long> wrong = new ArrayList<>();
        long[] ids = acknowledged.stream().asLongStream().toArray();
        for (int from = 0; from < ids.length; from += IDS_AT_ONCE) {
            long[] asked = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + IDS_AT_ONCE));
            List<StoredPoint> points = node.get(collection, asked, true).points();
            for (int i = 0; i < asked.length; i++) {
                StoredPoint point = points.get(i);
                if (!point.isPresent()) {
                    absent.add(asked[i]);
                } else if (!isAsWritten(asked[i], point)) {
                    wrong.add(asked[i]);
                }
            }
        }
        return new Result(ids.length, absent, wrong);
    }

    private boolean isAsWritten(long id, StoredPoint point) {
        int word = (int) (id % words.count());
        return point.id() == id
                && Arrays.equals(point.vector(), words.vector(word))
                && Arrays.equals(point.payload(), words.payload(word));
    }
}
