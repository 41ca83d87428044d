package io.grape.vectors;

import static io.grape.vectors.TestVectors.NO_PAYLOAD;
import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointStoreTest {
    @TempDir
    Path directory;

    @Test
    void searchFindsTheNearestFirstAndTiesGoToTheSmallerUnsignedId() {
        try (PointStore store = PointStore.open(config(directory, 2, Metric.EUCLIDEAN));
                Searcher searcher = store.newSearcher()) {
            put(store, -1, 1, 3, 0);
            put(store, 7, 1, 3, 0);
            put(store, 5, 1, 1, 0);
            assertThat(searcher.search(buffer(0, 0), 0, 10)).isEqualTo(3);
            assertThat(searcher.idLeast(0)).isEqualTo(5);
            assertThat(searcher.idLeast(1)).isEqualTo(7);
            assertThat(searcher.idLeast(2)).isEqualTo(-1);
            assertThat(searcher.score(0)).isEqualTo(1f);
            assertThat(searcher.score(1)).isEqualTo(3f);
            assertThat(searcher.scanned()).isEqualTo(3);
            assertThat(searcher.search(buffer(0, 0), 0, 2)).isEqualTo(2);
            assertThat(searcher.idLeast(1)).isEqualTo(7);
            assertThatThrownBy(() -> searcher.score(2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void anUpsertReplacesAndADeleteRemoves() {
        try (PointStore store = PointStore.open(config(directory, 2, Metric.DOT));
                Searcher searcher = store.newSearcher()) {
            put(store, 1, 10, 1, 1);
            put(store, 1, 11, 2, 2);
            assertThat(store.size()).isEqualTo(1);
            assertThat(searcher.search(buffer(1, 1), 0, 5)).isEqualTo(1);
            assertThat(searcher.version(0)).isEqualTo(11);
            assertThat(searcher.score(0)).isEqualTo(4f);
            assertThat(store.delete(0, 1, 12)).isTrue();
            assertThat(store.delete(0, 1, 13)).isFalse();
            assertThat(searcher.search(buffer(1, 1), 0, 5)).isZero();
            assertThat(store.size()).isZero();
            assertThat(store.stateHash()).isZero();
            assertThat(store.stats().deletedRows()).isEqualTo(2);
        }
    }

    @Test
    void getReturnsVectorPayloadAndVersionAsTheyWerePut() {
        byte[] bytes = new byte[PointStore.MAX_PAYLOAD_BYTES];
        new Random(3).nextBytes(bytes);
        UnsafeBuffer payload = new UnsafeBuffer(bytes);
        UnsafeBuffer vector = buffer(0, 0.1f, -0f, 1e-40f, 3.5f);
        try (PointStore store = PointStore.open(config(directory, 4, Metric.COSINE));
                PointReader reader = store.newReader()) {
            for (int length : new int[] {0, 1, 7, 4096, bytes.length, bytes.length, 5}) {
                store.upsert(9, length, 42, vector, Float.BYTES, payload, bytes.length - length, length);
                assertThat(reader.get(9, length)).isTrue();
                assertThat(reader.version()).isEqualTo(42);
                assertThat(reader.vector().compareTo(new UnsafeBuffer(vector, Float.BYTES, 16)))
                        .isZero();
                assertThat(reader.payloadLength()).isEqualTo(length);
                for (int i = 0; i < length; i++) {
                    assertThat(reader.payload().getByte(i)).isEqualTo(bytes[bytes.length - length + i]);
                }
            }
            assertThat(reader.get(9, 8)).isFalse();
            assertThat(store.stats().payloadFiles()).isGreaterThan(1);
        }
    }

    @Test
    void unusableInputIsRefusedAndChangesNothing() {
        try (PointStore store = PointStore.open(config(directory, 2, Metric.COSINE));
                Searcher searcher = store.newSearcher()) {
            put(store, 1, 1, 1, 0);
            refused(Reason.INVALID_VECTOR, () -> put(store, 2, 1, Float.NaN, 0));
            refused(Reason.INVALID_VECTOR, () -> put(store, 2, 1, Float.POSITIVE_INFINITY, 0));
            refused(Reason.INVALID_VECTOR, () -> put(store, 2, 1, 3e38f, 0));
            refused(Reason.INVALID_VECTOR, () -> put(store, 2, 1, 0, -0f));
            refused(
                    Reason.PAYLOAD_TOO_LARGE,
                    () -> store.upsert(0, 2, 1, buffer(1, 1), 0, NO_PAYLOAD, 0, PointStore.MAX_PAYLOAD_BYTES + 1));
            refused(Reason.INVALID_K, () -> searcher.search(buffer(1, 1), 0, 0));
            refused(Reason.INVALID_K, () -> searcher.search(buffer(1, 1), 0, Searcher.MAX_K + 1));
            refused(Reason.INVALID_VECTOR, () -> searcher.search(buffer(0, 0), 0, 1));
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.stats().sequence()).isEqualTo(1);
        }
    }

    @Test
    void checkTellsWhatIsWrongWithAVector() {
        assertThat(VectorCheck.check(buffer(1, 2), 0, 2, Metric.COSINE)).isEqualTo(VectorCheck.Verdict.OK);
        assertThat(VectorCheck.check(buffer(0, 0), 0, 2, Metric.DOT)).isEqualTo(VectorCheck.Verdict.OK);
        assertThat(VectorCheck.check(buffer(0, 0), 0, 2, Metric.COSINE)).isEqualTo(VectorCheck.Verdict.ZERO_VECTOR);
        assertThat(VectorCheck.check(buffer(1, Float.NaN), 0, 2, Metric.DOT)).isEqualTo(VectorCheck.Verdict.NOT_FINITE);
        assertThat(VectorCheck.check(buffer(Float.NaN, 1, 2), Float.BYTES, 2, Metric.DOT))
                .isEqualTo(VectorCheck.Verdict.OK);
    }

    @Test
    void shapesAndConfigurationsOutOfRangeAreRefused() {
        refused(Reason.INVALID_SHAPE, () -> new VectorShape(0, Metric.DOT));
        refused(Reason.INVALID_SHAPE, () -> new VectorShape(4097, Metric.DOT));
        VectorShape shape = new VectorShape(4096, Metric.DOT);
        assertThat(PointStoreConfig.of(directory, shape, 1).segmentRows()).isEqualTo(4096);
        refused(Reason.INVALID_CONFIG, () -> new PointStoreConfig(directory, shape, 17, 1 << 20, 1, 64, p -> 0));
        refused(Reason.INVALID_CONFIG, () -> new PointStoreConfig(directory, shape, 16, 1, 1, 64, p -> 0));
        refused(Reason.INVALID_CONFIG, () -> new PointStoreConfig(directory, shape, 16, 1 << 20, 0, 64, p -> 0));
    }

    @Test
    void reopeningBringsBackTheLastCheckpointExactly() {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        long hashAtCheckpoint;
        try (PointStore store = PointStore.open(config)) {
            for (int i = 0; i < 200; i++) {
                put(store, i, 1, i, 1, 2);
            }
            store.delete(0, 3, 2);
            store.checkpoint(777);
            hashAtCheckpoint = store.stateHash();
            put(store, 4, 3, 9, 9, 9);
            store.delete(0, 5, 3);
            put(store, 1000, 3, 1, 1, 1);
        }
        for (int round = 0; round < 2; round++) {
            try (PointStore store = PointStore.open(config);
                    PointReader reader = store.newReader();
                    Searcher searcher = store.newSearcher()) {
                assertThat(store.checkpointPosition()).isEqualTo(777);
                assertThat(store.size()).isEqualTo(199);
                assertThat(store.stateHash()).isEqualTo(hashAtCheckpoint);
                assertThat(reader.get(0, 3)).isFalse();
                assertThat(reader.get(0, 4)).isTrue();
                assertThat(reader.version()).isEqualTo(1);
                assertThat(reader.get(0, 5)).isTrue();
                assertThat(reader.get(0, 1000)).isFalse();
                assertThat(searcher.search(buffer(1, 1, 1), 0, 500)).isEqualTo(199);
                put(store, 2000, 4, 1, 1, 1);
                if (round == 1) {
                    store.checkpoint(800);
                }
            }
        }
        try (PointStore store = PointStore.open(config);
                PointReader reader = store.newReader()) {
            assertThat(store.size()).isEqualTo(200);
            assertThat(reader.get(0, 2000)).isTrue();
        }
    }

    @Test
    void filesMadeAfterTheCheckpointAreDeletedOnOpen() {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        try (PointStore store = PointStore.open(config)) {
            for (int i = 0; i < 200; i++) {
                store.upsert(0, i, 1, buffer(i, 1, 2), 0, new UnsafeBuffer(new byte[9]), 0, 9);
            }
        }
        try (PointStore store = PointStore.open(config)) {
            assertThat(store.size()).isZero();
            assertThat(directory.resolve("segment-0")).doesNotExist();
            assertThat(directory.resolve("payload-0")).doesNotExist();
            put(store, 1, 1, 1, 1, 1);
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    void damagedFilesAreRefusedWithTheirName() throws IOException {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        try (PointStore store = PointStore.open(config)) {
            store.upsert(0, 1, 1, buffer(1, 1, 2), 0, new UnsafeBuffer(new byte[9]), 0, 9);
            store.checkpoint(1);
        }
        for (String name : new String[] {"segment-0", "payload-0", "manifest"}) {
            Path file = directory.resolve(name);
            byte[] intact = Files.readAllBytes(file);
            overwrite(file, 0, (byte) 'X');
            assertThatThrownBy(() -> PointStore.open(config)).hasMessageContaining(name);
            refused(Reason.CORRUPT_FILE, () -> PointStore.open(config));
            Files.write(file, intact);
            overwrite(file, 40, (byte) 0x55);
            refused(Reason.CORRUPT_FILE, () -> PointStore.open(config));
            Files.write(file, java.util.Arrays.copyOf(intact, intact.length - 3));
            refused(Reason.CORRUPT_FILE, () -> PointStore.open(config));
            Files.delete(file);
            refused(Reason.CORRUPT_FILE, () -> PointStore.open(config));
            Files.write(file, intact);
        }
        try (PointStore store = PointStore.open(config)) {
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    void anotherShapeOrSegmentSizeIsRefused() {
        try (PointStore store = PointStore.open(config(directory, 3, Metric.DOT))) {
            put(store, 1, 1, 1, 2, 3);
            store.checkpoint(1);
        }
        refused(Reason.SHAPE_MISMATCH, () -> PointStore.open(config(directory, 3, Metric.COSINE)));
        refused(Reason.CORRUPT_FILE, () -> PointStore.open(config(directory, 40, Metric.DOT)));
        VectorShape shape = new VectorShape(3, Metric.DOT);
        refused(Reason.SHAPE_MISMATCH, () -> PointStore.open(PointStoreConfig.of(directory, shape, 1L << 30)));
    }

    @Test
    void aDirectoryIsOpenOnce() {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        try (PointStore store = PointStore.open(config)) {
            refused(Reason.STORE_LOCKED, () -> PointStore.open(config));
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void theBudgetRefusesBeforeItIsExceededAndTheStoreGoesOn() {
        long budget = 200_000;
        try (PointStore store = PointStore.open(config(directory, 256, Metric.DOT, budget));
                Searcher searcher = store.newSearcher()) {
            float[] vector = new float[256];
            int stored = 0;
            boolean admitted = true;
            try {
                for (; stored < 10_000; stored++) {
                    admitted = store.admits(1, 0);
                    put(store, stored, 1, vector);
                }
            } catch (VectorsException e) {
                assertThat(e.reason()).isEqualTo(Reason.BUDGET_EXCEEDED);
            }
            assertThat(stored).isBetween(1, 9_999);
            assertThat(admitted).isFalse();
            assertThat(store.size()).isEqualTo(stored);
            assertThat(store.stats().fileBytes()).isLessThanOrEqualTo(budget);
            assertThat(searcher.search(buffer(vector), 0, 100)).isEqualTo(Math.min(100, stored));
            assertThat(store.delete(0, 0, 2)).isTrue();
        }
    }

    @Test
    void aFullDiskIsRefusedBeforeTheFileIsMade() {
        PointStoreConfig roomy = config(directory, 3, Metric.DOT);
        long[] free = {Long.MAX_VALUE};
        PointStoreConfig config =
                new PointStoreConfig(directory, roomy.shape(), 64, 1 << 17, 1L << 28, 64, path -> free[0]);
        try (PointStore store = PointStore.open(config)) {
            free[0] = 100;
            refused(Reason.DISK_FULL, () -> put(store, 1, 1, 1, 2, 3));
            assertThat(directory.resolve("segment-0")).doesNotExist();
            free[0] = Long.MAX_VALUE;
            put(store, 1, 1, 1, 2, 3);
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    void aClosedStoreRefusesInsteadOfTouchingUnmappedMemory() {
        PointStore store = PointStore.open(config(directory, 3, Metric.DOT));
        put(store, 1, 1, 1, 2, 3);
        Searcher searcher = store.newSearcher();
        PointReader reader = store.newReader();
        store.close();
        store.close();
        refused(Reason.STORE_CLOSED, () -> searcher.search(buffer(1, 2, 3), 0, 1));
        refused(Reason.STORE_CLOSED, () -> reader.get(0, 1));
        refused(Reason.STORE_CLOSED, () -> put(store, 1, 1, 1, 2, 3));
        searcher.close();
        searcher.close();
        reader.close();
    }

    @Test
    void theStateHashDependsOnContentsAndNotOnHistory() {
        try (PointStore first = PointStore.open(config(directory.resolve("a"), 2, Metric.DOT));
                PointStore second = PointStore.open(config(directory.resolve("b"), 2, Metric.DOT))) {
            put(first, 1, 1, 1, 1);
            put(first, 2, 2, 2, 2);
            put(second, 2, 1, 9, 9);
            put(second, 3, 1, 9, 9);
            put(second, 2, 2, 2, 2);
            put(second, 1, 1, 1, 1);
            assertThat(second.stateHash()).isNotEqualTo(first.stateHash());
            second.delete(0, 3, 4);
            assertThat(second.stateHash()).isEqualTo(first.stateHash());
            put(second, 1, 2, 1, 1);
            assertThat(second.stateHash()).isNotEqualTo(first.stateHash());
        }
    }

    @Test
    void theWarmUpLeavesNothingBehindAndCreationIsQuickAfterIt() throws IOException {
        new VectorsWarmup(directory).run();
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    private static void overwrite(Path file, long offset, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {value}), offset);
        }
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VectorsException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
