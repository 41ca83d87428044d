package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a store at an earlier moment, read and opened while and after it went on. */
class StoreImageTest {
    @TempDir
    Path directory;

    private static void fill(PointStore store, int from, int to) {
        UnsafeBuffer payload = new UnsafeBuffer(new byte[40]);
        for (int i = from; i < to; i++) {
            payload.setMemory(0, 40, (byte) i);
            store.upsert(0, i, i + 1, buffer(i, 1, 2), 0, payload, 0, i % 40);
        }
    }

    @Test
    void anImageReadsTheSameHoweverFarTheStoreHasGone() throws IOException {
        PointStoreConfig config = config(directory.resolve("a"), 3, Metric.DOT);
        try (PointStore store = PointStore.open(config)) {
            fill(store, 0, 150);
            store.delete(0, 3, 2);
            StoreManifest manifest = store.image(777);
            StoreImage image = StoreImage.of(config.directory(), config.shape(), manifest);
            byte[][] then = read(image);
            fill(store, 100, 260);
            store.delete(0, 5, 3);
            assertThat(read(image)).isDeepEqualTo(then);

            // What was read is a store of its own.
            Path copy = Files.createDirectories(directory.resolve("b"));
            for (int file = 0; file < image.fileCount(); file++) {
                Files.write(copy.resolve(image.fileName(file)), then[file]);
            }
            try (PointStore opened = PointStore.open(config(copy, 3, Metric.DOT), manifest, Runnable::run);
                    PointReader reader = opened.newReader()) {
                assertThat(opened.stateHash()).isEqualTo(manifest.stateHash());
                assertThat(opened.size()).isEqualTo(149);
                assertThat(opened.checkpointPosition()).isEqualTo(777);
                assertThat(reader.get(0, 3)).isFalse();
                assertThat(reader.get(0, 5)).isTrue();
                assertThat(reader.get(0, 149)).isTrue();
                assertThat(reader.payloadLength()).isEqualTo(149 % 40);
                assertThat(reader.get(0, 150)).isFalse();
            }
        }
    }

    @Test
    void replicasOfTheSameOperationsHaveTheSameImage() {
        PointStoreConfig a = config(directory.resolve("a"), 3, Metric.DOT);
        PointStoreConfig b = config(directory.resolve("b"), 3, Metric.DOT);
        try (PointStore one = PointStore.open(a);
                PointStore other = PointStore.open(b)) {
            fill(one, 0, 130);
            fill(other, 0, 130);
            StoreManifest at = one.image(1);
            fill(one, 20, 40);
            assertThat(read(StoreImage.of(a.directory(), a.shape(), at)))
                    .isDeepEqualTo(read(StoreImage.of(b.directory(), b.shape(), other.image(1))));
        }
    }

    @Test
    void aStoreOpensAtAnyForcedImageAndAppliesTheSameOperationsAgain() {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        StoreManifest first;
        StoreManifest second;
        long end;
        try (PointStore store = PointStore.open(config)) {
            fill(store, 0, 70);
            first = store.image(1);
            fill(store, 40, 140);
            store.delete(0, 1, 9);
            second = store.image(2);
            fill(store, 0, 200);
            end = store.stateHash();
        }
        for (StoreManifest at : new StoreManifest[] {second, first}) {
            try (PointStore store = PointStore.open(config, at, Runnable::run);
                    Searcher searcher = store.newSearcher()) {
                assertThat(store.stateHash()).isEqualTo(at.stateHash());
                assertThat(searcher.search(buffer(1, 1, 1), 0, 500)).isEqualTo((int) at.live());
                if (at == first) {
                    fill(store, 40, 140);
                    store.delete(0, 1, 9);
                    assertThat(store.stateHash()).isEqualTo(second.stateHash());
                }
                fill(store, 0, 200);
                assertThat(store.stateHash()).isEqualTo(end);
            }
        }
    }

    @Test
    void pointsAreFoundBeforeAndAfterTheIdMapIsThere() {
        PointStoreConfig config = config(directory, 3, Metric.DOT);
        StoreManifest image;
        try (PointStore store = PointStore.open(config)) {
            fill(store, 0, 100);
            put(store, 7, 1000, 9, 9, 9);
            store.delete(0, 8, 1);
            image = store.image(1);
        }
        try (PointStore store = PointStore.open(config, image, idMap -> {});
                PointReader reader = store.newReader()) {
            for (int round = 0; round < 2; round++) {
                assertThat(reader.get(0, 7)).isTrue();
                assertThat(reader.version()).isEqualTo(1000);
                assertThat(reader.get(0, 8)).isFalse();
                assertThat(reader.get(0, 5_000)).isFalse();
                // A write waits for the map; from then on look-ups use it.
                assertThat(store.delete(0, 5_000, 1)).isFalse();
                assertThat(store.idMapIfReady()).isNotNull();
            }
        }
    }

    private static byte[][] read(StoreImage image) {
        byte[][] files = new byte[image.fileCount()][];
        for (int file = 0; file < files.length; file++) {
            byte[] bytes = new byte[(int) image.fileBytes(file)];
            try (StoreImage.OpenFile open = image.open(file)) {
                // In pieces, as it is streamed.
                for (int at = 0; at < bytes.length; at += 4096) {
                    int length = Math.min(4096, bytes.length - at);
                    open.read(at, length, MemorySegment.ofArray(bytes).asSlice(at, length));
                }
            }
            files[file] = bytes;
        }
        assertThat(Arrays.stream(files).mapToInt(file -> file.length).sum()).isPositive();
        return files;
    }
}
