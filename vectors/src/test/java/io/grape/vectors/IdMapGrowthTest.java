package io.grape.vectors;

import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdMapGrowthTest {
    @TempDir
    Path directory;

    @Test
    void theMapGrowsThroughUpdatesAndDeletionsAndStaysRight() throws IOException {
        PointStoreConfig config = config(directory, 2, Metric.DOT);
        Random random = new Random(5);
        Map<Long, Long> versions = new HashMap<>();
        try (PointStore store = PointStore.open(config)) {
            for (long version = 1; version <= 6_000; version++) {
                long id = random.nextInt(4_000);
                if (random.nextInt(5) == 0) {
                    store.delete(0, id, version);
                    versions.remove(id);
                } else {
                    put(store, id, version, id, version);
                    versions.put(id, version);
                }
            }
            assertThat(store.stats().idMapEntries()).isGreaterThan(config.initialIdEntries());
            check(store, versions);
            store.checkpoint(6_000);
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("ids-")))
                    .hasSize(1);
        }
        assertThat(directory.resolve("ids.clean")).exists();
        try (PointStore store = PointStore.open(config)) {
            assertThat(directory.resolve("ids.clean")).doesNotExist();
            check(store, versions);
        }
    }

    @Test
    void aDamagedVoucherOrMapLeadsToARebuild() throws IOException {
        PointStoreConfig config = config(directory, 2, Metric.DOT);
        Map<Long, Long> versions = Map.of(1L, 1L, 2L, 1L);
        try (PointStore store = PointStore.open(config)) {
            put(store, 1, 1, 1, 1);
            put(store, 2, 1, 1, 1);
            store.checkpoint(1);
        }
        Files.write(directory.resolve("ids.clean"), new byte[36]);
        try (PointStore store = PointStore.open(config)) {
            check(store, versions);
        }
        Path map;
        try (var files = Files.list(directory)) {
            map = files.filter(file -> file.getFileName().toString().startsWith("ids-"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(map);
        try (PointStore store = PointStore.open(config)) {
            check(store, versions);
        }
    }

    private static void check(PointStore store, Map<Long, Long> versions) {
        assertThat(store.size()).isEqualTo(versions.size());
        try (PointReader reader = store.newReader()) {
            for (long id = 0; id < 4_000; id++) {
                assertThat(reader.get(0, id)).isEqualTo(versions.containsKey(id));
                if (versions.containsKey(id)) {
                    assertThat(reader.version()).isEqualTo(versions.get(id));
                }
            }
        }
    }
}
