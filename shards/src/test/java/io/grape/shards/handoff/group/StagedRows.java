package io.grape.shards.handoff.group;

import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.RowDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A group's rows of the shard, and those that are coming in. */
final class StagedRows implements Staging {
    private final boolean comparesDigests;

    /** A row and the index at which this group stored it. */
    record Row(long content, long index) {}

    final TreeMap<Long, Row> data = new TreeMap<>();
    final TreeMap<Long, TreeMap<Long, Row>> staged = new TreeMap<>();
    long index;

    /** @param comparesDigests false makes every digest the same, so that a guard is seen alone */
    StagedRows(boolean comparesDigests) {
        this.comparesDigests = comparesDigests;
    }

    /** Rows on their way: (point, content), a content of 0 deletes. */
    static final class Chunk {
        private final List<Long> words = new ArrayList<>();

        void put(long point, long content) {
            words.add(point);
            words.add(content);
        }

        void delete(long point) {
            put(point, 0);
        }

        int count() {
            return words.size() / 2;
        }

        byte[] bytes() {
            UnsafeBuffer buffer = new UnsafeBuffer(new byte[words.size() * 8]);
            for (int i = 0; i < words.size(); i++) {
                buffer.putLong(i * 8, words.get(i));
            }
            return buffer.byteArray();
        }
    }

    @Override
    public void begin(int shard, long migrationId) {
        staged.put(migrationId, new TreeMap<>());
    }

    @Override
    public void take(int shard, long migrationId, DirectBuffer rows, int offset, int length) {
        for (int at = offset; at < offset + length; at += 16) {
            long point = rows.getLong(at);
            long content = rows.getLong(at + 8);
            if (content == 0) {
                staged.get(migrationId).remove(point);
            } else {
                staged.get(migrationId).put(point, new Row(content, 0));
            }
        }
    }

    @Override
    public ContentDigest digest(int shard, long migrationId) {
        return net(digestOf(staged.get(migrationId)));
    }

    @Override
    public ContentDigest publish(int shard, long migrationId) {
        staged.remove(migrationId).forEach((point, row) -> data.put(point, new Row(row.content(), index)));
        return net(digestOf(data));
    }

    @Override
    public void discard(int shard, long migrationId) {
        staged.remove(migrationId);
    }

    ContentDigest digestOfData() {
        return net(digestOf(data));
    }

    private ContentDigest net(ContentDigest digest) {
        return comparesDigests ? digest : ContentDigest.EMPTY;
    }

    private ContentDigest digestOf(TreeMap<Long, Row> rows) {
        RowDigest digest = new RowDigest();
        rows.forEach((point, row) -> digest.row(1, 0, point, row.content()).add());
        return digest.digest();
    }

    Map<Long, Long> contents(TreeMap<Long, Row> rows) {
        TreeMap<Long, Long> contents = new TreeMap<>();
        rows.forEach((point, row) -> contents.put(point, row.content()));
        return contents;
    }

    boolean isStagedEqual(Map<Long, Long> other) {
        return staged.values().stream().anyMatch(rows -> contents(rows).equals(other));
    }
}
