package io.grape.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.StoreManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that is really full, under a store that is told that it is not: what is left then is that each write fails as an
 * exception, and never as a store into a mapping that the disk cannot back, which would end the process. Needs the right to
 * mount a small file system in memory; without it nothing is tested here.
 */
class FullDiskTest {
    private static final int DISK_MIB = 24;
    private static final int DIMENSION = 64;

    @TempDir
    private Path directory;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "grape-test", disk.toString());
        Assumptions.assumeTrue(mounted, "this user may not mount a file system");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void anIdMapThatFindsNoRoomIsRefusedAndTheStoreOpensWhenThereIsSome() throws IOException {
        Path filler = fill(1);
        PointStoreConfig config = config(1 << 16);
        assertThatThrownBy(() -> PointStore.open(config))
                .isInstanceOfSatisfying(
                        VectorsException.class, ex -> assertThat(ex.reason()).isEqualTo(Reason.DISK_FULL));
        Files.delete(filler);
        try (PointStore store = PointStore.open(config)) {
            put(store, 1);
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    void aRowThatFindsNoRoomChangesNothingAndTheNextOneWorksWhenThereIsSome() throws IOException {
        try (PointStore store = PointStore.open(config(1 << 15))) {
            put(store, 0);
            Path filler = fill(0);
            long stored = 1;
            VectorsException refused = null;
            while (refused == null) {
                try {
                    put(store, stored);
                    stored++;
                } catch (VectorsException ex) {
                    refused = ex;
                }
            }
            assertThat(refused.reason()).isEqualTo(Reason.DISK_FULL);
            assertThat(store.size()).isEqualTo(stored);
            Files.delete(filler);
            put(store, stored);
            StoreManifest image = store.image(1);
            assertThat(image.live()).isEqualTo(stored + 1);
            store.checkpoint(1);
        }
        try (PointStore again = PointStore.open(config(1 << 15))) {
            assertThat(again.checkpointPosition()).isEqualTo(1);
        }
    }

    private PointStoreConfig config(int idEntries) {
        return new PointStoreConfig(
                disk.resolve("store"),
                new VectorShape(DIMENSION, Metric.EUCLIDEAN),
                1 << 14,
                1 << 20,
                1L << 30,
                idEntries,
                path -> Long.MAX_VALUE);
    }

    private static void put(PointStore store, long id) {
        UnsafeBuffer vector = new UnsafeBuffer(new byte[DIMENSION * Float.BYTES]);
        vector.putFloat(0, id);
        store.upsert(0, id, id, vector, 0, vector, 0, 64);
    }

    /** Takes all room but so much. */
    private Path fill(int leftMib) throws IOException {
        Path filler = disk.resolve("filler");
        long bytes = Files.getFileStore(disk).getUsableSpace() - ((long) leftMib << 20);
        byte[] piece = new byte[4096];
        try (var out = Files.newOutputStream(filler)) {
            for (long at = 0; at + piece.length <= bytes; at += piece.length) {
                out.write(piece);
            }
        }
        return filler;
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException ex) {
            return false;
        }
    }
}
