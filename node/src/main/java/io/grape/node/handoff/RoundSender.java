package io.grape.node.handoff;

import io.grape.node.state.Collection;
import io.grape.node.state.StoreReader;
import io.grape.shards.handoff.group.ChunkCursor;
import io.grape.shards.handoff.group.ChunkHeader;
import io.grape.vectors.PointReader.Visit;
import io.grape.vectors.model.VectorsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one round: reads the rows of a shard and sends them, chunk by chunk, a few ahead of what has arrived.
 *
 * <p>The first round visits every point; each round then sends every point that has changed after its beginning, as it is now or as
 * deleted, and in the round that ends at the seal what is remembered of clients. The end mark is on the last chunk.
 *
 * <p>Thread: the one that proposes. A step looks at a bounded number of rows.
 */
public final class RoundSender implements AutoCloseable {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int ROWS_A_STEP = 8192;
    private static final int CHUNKS_AHEAD = 4;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final ShardSource source;
    private final ShardRows shardRows;
    private final Plan plan;
    private final ChunkRows chunk = new ChunkRows();
    private final Map<Integer, StoreReader> readers = new HashMap<>();
    private final ArrayDeque<Collection> toVisit = new ArrayDeque<>();
    private final ArrayDeque<ChangedPoint> changed = new ArrayDeque<>();
    private @Nullable Iterator<Map.Entry<Long, byte[]>> clients;
    private boolean changesRead;
    private boolean complete;
    private boolean ended;
    private int number;

    /**
     * What is to be sent.
     *
     * @param migrationId of the hand-off
     * @param shard       that moves
     * @param from        index up to which the destination holds all; 0 for nothing
     * @param to          index that was applied when the round began, or that of the seal
     * @param attempt     higher than any before
     * @param isSealed    whether {@code to} is the index of the seal
     */
    public record Plan(long migrationId, int shard, long from, long to, long attempt, boolean isSealed) {}

    private record ChangedPoint(int collectionId, long idMost, long idLeast) {}

    public RoundSender(ShardSource source, ShardRows shardRows, Plan plan) {
        this.source = source;
        this.shardRows = shardRows;
        this.plan = plan;
        if (plan.from() == 0) {
            toVisit.addAll(source.catalog().all());
        }
    }

    /** Returns what is being sent. */
    public Plan plan() {
        return plan;
    }

    /** Returns whether the end mark was sent. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Sends at most one chunk.
     *
     * @param cursor where the destination is
     * @return work done
     * @throws VectorsException STORE_CLOSED when a collection was dropped meanwhile: begin the round again
     */
    public int step(ChunkCursor cursor, ChunkTarget target) {
        boolean arrives = cursor.attempt() == plan.attempt();
        int arrived = arrives ? cursor.nextNumber() : 0;
        if (ended || number - arrived >= CHUNKS_AHEAD) {
            return 0;
        }
        if (!complete) {
            fill();
        }
        if (!complete && chunk.length() < CHUNK_BYTES) {
            return 1;
        }
        int length = chunk.length();
        ChunkHeader header = new ChunkHeader(
                plan.migrationId(),
                plan.shard(),
                plan.from(),
                plan.to(),
                plan.attempt(),
                number,
                chunk.count(),
                complete,
                crc(length));
        if (target.offer(header, chunk.buffer(), length)) {
            number++;
            ended = complete;
            chunk.clear();
        }
        return 1;
    }

    private int crc(int length) {
        byte[] bytes = new byte[length];
        chunk.buffer().getBytes(0, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private void fill() {
        for (int left = ROWS_A_STEP; left > 0 && chunk.length() < CHUNK_BYTES; left--) {
            Collection visited = toVisit.peek();
            if (visited != null) {
                visit(visited);
            } else if (!changesRead) {
                changesRead = true;
                source.forEachChangeAfter(
                        plan.shard(),
                        plan.from(),
                        (collectionId, most, least) -> changed.add(new ChangedPoint(collectionId, most, least)));
                clients = plan.isSealed()
                        ? source.sealedClients(plan.shard()).entrySet().iterator()
                        : null;
            } else if (!changed.isEmpty()) {
                putChanged(changed.remove());
            } else if (clients != null && clients.hasNext()) {
                Map.Entry<Long, byte[]> client = clients.next();
                StagedShards.putClient(chunk, client.getKey(), client.getValue());
            } else {
                complete = true;
                return;
            }
        }
    }

    private void visit(Collection collection) {
        StoreReader reader = readers.get(collection.id());
        if (reader == null) {
            reader = collection.store().newReader();
            reader.rewind();
            readers.put(collection.id(), reader);
        }
        Visit visit = reader.next(1);
        if (visit == Visit.END) {
            toVisit.remove();
        } else if (visit == Visit.POINT
                && shardRows.isOf(plan.shard(), collection.id(), reader.idMost(), reader.idLeast())) {
            putRow(collection, reader, reader.idMost(), reader.idLeast());
        }
    }

    private void putChanged(ChangedPoint point) {
        Collection collection = source.catalog().byId(point.collectionId());
        if (collection == null) {
            return;
        }
        StoreReader reader = readers.computeIfAbsent(
                collection.id(), id -> collection.store().newReader());
        if (reader.get(point.idMost(), point.idLeast())) {
            putRow(collection, reader, point.idMost(), point.idLeast());
        } else {
            chunk.put(
                    new ChunkRows.Entry(
                            ChunkRows.DELETED, point.collectionId(), point.idMost(), point.idLeast(), 0, 0, 0),
                    NOTHING,
                    NOTHING);
        }
    }

    private void putRow(Collection collection, StoreReader reader, long most, long least) {
        chunk.put(
                new ChunkRows.Entry(
                        ChunkRows.ROW,
                        collection.id(),
                        most,
                        least,
                        reader.version(),
                        collection.dimension() * Float.BYTES,
                        reader.payloadLength()),
                reader.vector(),
                reader.payload());
    }

    @Override
    public void close() {
        List<StoreReader> open = new ArrayList<>(readers.values());
        readers.clear();
        open.forEach(StoreReader::close);
    }
}
