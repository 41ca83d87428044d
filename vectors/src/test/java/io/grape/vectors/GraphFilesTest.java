package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph's files that are damaged, cut, missing or of another version: it is built again, and no answer is wrong. */
class GraphFilesTest {
    private static final int DIMENSION = 6;
    private static final int POINTS = 300;
    private static final int HEADER_BYTES = 64;

    @TempDir
    Path directory;

    private Path whole;
    private Path broken;

    @BeforeEach
    void makeAWholeOne() {
        whole = directory.resolve("whole");
        broken = directory.resolve("broken");
        try (PointStore store = PointStore.open(config(whole, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION))) {
            for (int id = 0; id < POINTS; id++) {
                put(store, id, 1, vector(id));
            }
            GraphSearchTest.drain(indexer);
            store.checkpoint(1);
        }
    }

    @Test
    void aWholeOneIsTakenAsItIs() throws IOException {
        copy();
        assertThat(openAndSearch()).isEqualTo(POINTS);
    }

    @Test
    void anyByteOfTheManifestMayBeWrong() throws IOException {
        long length = Files.size(whole.resolve("graph.manifest"));
        for (long at = 0; at < length; at += 5 + at / 20) {
            copy();
            flip("graph.manifest", at);
            assertThat(openAndSearch()).as("byte %d", at).isZero();
        }
    }

    @Test
    void anyByteOfANodeFilesHeaderMayBeWrong() throws IOException {
        for (int at = 0; at < HEADER_BYTES; at += 7) {
            copy();
            flip("graph-0", at);
            assertThat(openAndSearch()).as("byte %d", at).isZero();
        }
    }

    @Test
    void filesMayBeCutOrMissing() throws IOException {
        for (String name : List.of("graph.manifest", "graph-0", "graph-1")) {
            long length = Files.size(whole.resolve(name));
            for (long kept : new long[] {0, 3, length / 2, length - 1}) {
                copy();
                try (FileChannel channel = FileChannel.open(broken.resolve(name), StandardOpenOption.WRITE)) {
                    channel.truncate(kept);
                }
                assertThat(openAndSearch()).as("%s cut to %d", name, kept).isZero();
            }
            copy();
            Files.delete(broken.resolve(name));
            assertThat(openAndSearch()).as("%s is missing", name).isZero();
        }
    }

    @Test
    void anotherFormatVersionIsNotRead() throws IOException {
        copy();
        Path manifest = broken.resolve("graph.manifest");
        byte[] bytes = Files.readAllBytes(manifest);
        ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        content.putInt(8, 99);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        content.putInt(bytes.length - Integer.BYTES, (int) crc.getValue());
        Files.write(manifest, bytes);
        assertThat(openAndSearch()).isZero();
    }

    @Test
    void damagedEdgesAndCodesCostRecallAtMost() throws IOException {
        for (int seed = 0; seed < 6; seed++) {
            copy();
            Random random = new Random(seed);
            long length = Files.size(broken.resolve("graph-0"));
            for (int i = 0; i < 200; i++) {
                flip("graph-0", HEADER_BYTES + (long) (random.nextDouble() * (length - HEADER_BYTES)));
            }
            assertThat(openAndSearch()).isEqualTo(POINTS);
        }
    }

    /** Returns the rows that the opened graph covers; every answer before and after linking must be right. */
    private long openAndSearch() {
        try (PointStore store = PointStore.open(config(broken, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            long kept = indexer.indexed();
            check(searcher);
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
            check(searcher);
            return kept;
        }
    }

    private static void check(Searcher searcher) {
        for (int query = 0; query < 3; query++) {
            float[] vector = vector(-1 - query);
            searcher.search(buffer(vector), 0, 10, 60);
            assertThat(searcher.count()).isEqualTo(10);
            for (int i = 0; i < searcher.count(); i++) {
                double own = TestVectors.score(Metric.EUCLIDEAN, vector, vector((int) searcher.idLeast(i)));
                assertThat(Math.abs(searcher.score(i) - own)).isLessThan(1e-4);
            }
        }
    }

    private void copy() throws IOException {
        Files.createDirectories(broken);
        try (Stream<Path> old = Files.list(broken)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(whole)) {
            for (Path file : files.toList()) {
                Files.copy(file, broken.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void flip(String name, long at) throws IOException {
        try (FileChannel channel =
                FileChannel.open(broken.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x41)).flip();
            channel.write(one, at);
        }
    }

    private static float[] vector(int id) {
        return TestVectors.random(new Random(id), DIMENSION);
    }
}
