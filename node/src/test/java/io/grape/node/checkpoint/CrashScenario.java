package io.grape.node.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Death at every step, damage of every file, and a disk without room: afterwards every applied write is there, or a start
 * is refused with the file, the offset, what was expected and what was found.
 */
class CrashScenario {
    @TempDir
    Path directory;

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Died(CheckpointStep step) {
            super(step.name());
        }
    }

    /** Dies when a step is reached for the n-th time. */
    private static CheckpointStep.Listener dieAt(CheckpointStep step, int time) {
        AtomicInteger seen = new AtomicInteger();
        return reached -> {
            if (reached == step && seen.incrementAndGet() >= time) {
                throw new Died(step);
            }
        };
    }

    @ParameterizedTest(name = "nothingIsLostByADeathAt{0}OfACheckpoint")
    @EnumSource(
            names = {
                "CAPTURED",
                "STORES_FORCED",
                "CHECKSUMMED",
                "MANIFEST_WRITTEN",
                "MANIFEST_FORCED",
                "MANIFEST_RENAMED",
                "MANIFEST_DURABLE",
                "OLD_REMOVED",
                "COMPACTED"
            })
    void nothingIsLostByADeathWhileACheckpointIsTaken(CheckpointStep step) throws Exception {
        for (int time = 1; time <= 2; time++) {
            try (Cluster cluster = new Cluster(
                    directory.resolve(Integer.toString(time)), 1, Cluster.every(60, 10), Replica.SEGMENT_ROWS)) {
                Replica dying = cluster.start(1, dieAt(step, time));
                long written = 0;
                try {
                    cluster.createCollection("a");
                    for (; written < 40_000; written += 20) {
                        cluster.write(1, written % 300, written % 300 + 20);
                    }
                    throw new AssertionError(step + " was not reached");
                } catch (Died expected) {
                    assertThat(expected).hasMessage(step.name());
                }
                long applied = dying.applied();
                long mark = cluster.newestMark(dying, 1);
                cluster.kill(1);

                Replica after = cluster.start(1);
                assertThat(after.applied()).isLessThanOrEqualTo(applied);
                cluster.run(
                        "the replay",
                        () -> after.applied() >= applied
                                && after.applied() == after.log().lastIndex());
                // What was in the log but not applied yet may have come with it.
                long newest = cluster.newestMark(after, 1);
                assertThat(newest).as("%s, time %d", step, time).isGreaterThanOrEqualTo(mark);
                cluster.assertHoldsAllThrough(after, 1, newest);
                cluster.write(1, 0, 100);
            }
        }
    }

    @ParameterizedTest(name = "nothingIsLostByADeathAt{0}OfAnInstall")
    @EnumSource(
            names = {
                "INCOMING_MANIFEST",
                "INCOMING_BLOCK",
                "INCOMING_FORCED",
                "MANIFEST_WRITTEN",
                "MANIFEST_FORCED",
                "MANIFEST_RENAMED",
                "MANIFEST_DURABLE",
                "INSTALLED",
                "SWAPPED"
            })
    void nothingIsLostByADeathWhileASnapshotIsInstalled(CheckpointStep step) throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, Cluster.every(300, 20), 4096)) {
            cluster.startAll();
            cluster.createCollection("a");
            cluster.write(1, 0, 50);
            int follower = cluster.leader().nodeId() % 3 + 1;
            cluster.kill(follower);
            cluster.write(1, 0, 1500);
            Replica leader = cluster.leader();
            cluster.run("a compaction", () -> leader.log().firstIndex() > 100);
            cluster.start(follower, dieAt(step, 1));
            try {
                cluster.awaitSameState();
                throw new AssertionError(step + " was not reached");
            } catch (Died expected) {
                assertThat(expected).hasMessage(step.name());
            }
            cluster.kill(follower);
            cluster.start(follower);
            cluster.awaitSameState();
        }
    }

    @Test
    void aPowerCutThatTakesBackWhatWasNotForcedLosesNothing() throws Exception {
        for (CheckpointStep step : List.of(
                CheckpointStep.MANIFEST_WRITTEN,
                CheckpointStep.MANIFEST_FORCED,
                CheckpointStep.MANIFEST_RENAMED,
                CheckpointStep.MANIFEST_DURABLE,
                CheckpointStep.OLD_REMOVED)) {
            Path home = directory.resolve(step.name());
            ForgetfulFiles files = new ForgetfulFiles();
            try (Cluster cluster = new Cluster(home, 1, Cluster.every(60, 10), Replica.SEGMENT_ROWS)) {
                cluster.files(files);
                Replica dying = cluster.start(1, dieAt(step, 2));
                try {
                    cluster.createCollection("a");
                    for (int i = 0; i < 2000; i++) {
                        cluster.write(1, i, i + 20);
                    }
                    throw new AssertionError(step + " was not reached");
                } catch (Died expected) {
                    assertThat(expected).hasMessage(step.name());
                }
                long mark = cluster.newestMark(dying, 1);
                cluster.kill(1);
                files.powerCut();
                Replica after = cluster.start(1);
                cluster.run("the replay", () -> after.applied() == after.log().lastIndex());
                long newest = cluster.newestMark(after, 1);
                assertThat(newest).as(step.name()).isGreaterThanOrEqualTo(mark);
                cluster.assertHoldsAllThrough(after, 1, newest);
            }
        }
    }

    @Test
    void aFlippedBitInTheOnlyManifestIsRefusedWithItsPlaceOrChangesNothing() throws Exception {
        Path manifest = cleanNode();
        byte[] intact = Files.readAllBytes(manifest);
        Random random = new Random(7);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = intact.clone();
            int at = round < 8 ? 8 * round : random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(manifest, damaged);
            try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
                assertThatThrownBy(() -> cluster.start(1))
                        .as("bit of byte %d", at)
                        .isInstanceOfSatisfying(FaultException.class, fault -> {
                            assertThat(fault.code()).isIn(ErrorCode.DATA_CORRUPT, ErrorCode.DATA_FORMAT_UNSUPPORTED);
                            assertThat(fault).hasMessageContaining(".checkpoint");
                        });
            }
        }
        for (int length : new int[] {0, 7, 48, intact.length - 1}) {
            Files.write(manifest, java.util.Arrays.copyOf(intact, length));
            try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
                assertThatThrownBy(() -> cluster.start(1))
                        .hasMessageContaining("expected")
                        .hasMessageContaining("found");
            }
        }
        Files.write(manifest, intact);
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
            assertThat(cluster.start(1).machine().catalog().points()).isEqualTo(200);
        }
    }

    @Test
    void aFlippedBitInAStoreIsFoundByTheVerifierWithItsPlace() throws Exception {
        Path manifest = cleanNode();
        CheckpointManifest read = CheckpointManifest.decode(Files.readAllBytes(manifest), manifest);
        Path collections = directory.resolve("n1").resolve("collections");
        StoreSection section = read.stores().get(0);
        new BlockChecksums().verify(section, collections, () -> {});
        for (String name : List.of("segment-0", "payload-0")) {
            Path file = collections.resolve("1").resolve(name);
            // The id of the second row, or the second payload.
            flip(file, 64 + 16 + 8);
            assertThatThrownBy(() -> new BlockChecksums().verify(section, collections, () -> {}))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("offset 0")
                    .hasMessageContaining("expected CRC32C")
                    .hasMessageContaining("found 0x");
            flip(file, 64 + 16 + 8);
        }
        new CheckpointVerifier(read, collections, () -> false).run();
    }

    @Test
    void aMissingOrTruncatedStoreIsRefusedWithItsName() throws Exception {
        cleanNode();
        Path segment =
                directory.resolve("n1").resolve("collections").resolve("1").resolve("segment-1");
        byte[] intact = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(intact, 100));
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
            assertThatThrownBy(() -> cluster.start(1))
                    .hasMessageContaining("segment-1")
                    .hasMessageContaining("100 bytes instead of " + intact.length);
            Files.delete(segment);
            assertThatThrownBy(() -> cluster.start(1))
                    .hasMessageContaining("segment-1")
                    .hasMessageContaining("missing");
            Files.write(segment, intact);
            assertThat(cluster.start(1).machine().catalog().points()).isEqualTo(200);
        }
    }

    @Test
    void aDiskWithoutRoomForAManifestCostsThatCheckpointOnly() throws Exception {
        FullDisk files = new FullDisk();
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
            cluster.files(files);
            Replica replica = cluster.start(1);
            cluster.createCollection("a");
            cluster.write(1, 0, 100);
            cluster.run("a checkpoint", () -> replica.checkpoints().counters().taken() > 0);
            files.full = true;
            long before = replica.checkpoints().counters().lastIndex();
            cluster.write(1, 0, 100);
            cluster.run("a failure", () -> replica.checkpoints().counters().failed() > 0);
            assertThat(replica.checkpoints().counters().lastIndex()).isEqualTo(before);
            files.full = false;
            cluster.write(1, 100, 200);
            cluster.run("the next", () -> replica.checkpoints().counters().lastIndex() > before);
            long hash = replica.hash();
            long applied = replica.applied();
            cluster.kill(1);
            Replica after = cluster.start(1);
            cluster.run("the replay", () -> after.applied() >= applied);
            assertThat(after.hash()).isEqualTo(hash);
        }
    }

    /** A stopped node with 200 points whose only state is a checkpoint; returns the manifest. */
    private Path cleanNode() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(60, 0), Replica.SEGMENT_ROWS)) {
            cluster.start(1);
            cluster.createCollection("a");
            cluster.write(1, 0, 200);
            Replica replica = cluster.at(1);
            cluster.run("compacted", () -> replica.log().firstIndex() > 60);
            cluster.stop(1);
        }
        try (Stream<Path> all = Files.list(directory.resolve("n1").resolve("checkpoints"))) {
            return all.findFirst().orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, at);
        }
    }

    /** Has no room when told so. */
    private static final class FullDisk implements ManifestFiles {
        private final ManifestFiles platform = new PlatformManifestFiles();
        private volatile boolean full;

        @Override
        public List<Path> list(Path in, String suffix) throws IOException {
            return platform.list(in, suffix);
        }

        @Override
        public byte[] read(Path file) throws IOException {
            return platform.read(file);
        }

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
            if (full) {
                platform.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
                throw new IOException("No space left on device");
            }
            platform.write(file, bytes);
        }

        @Override
        public void force(Path file) throws IOException {
            platform.force(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            platform.rename(from, to);
        }

        @Override
        public void forceDirectory(Path of) throws IOException {
            platform.forceDirectory(of);
        }

        @Override
        public void delete(Path path) throws IOException {
            platform.delete(path);
        }
    }

    /** Knows what is durable: a power cut brings the manifests' directory back to that, names and bytes. */
    private static final class ForgetfulFiles implements ManifestFiles {
        private final ManifestFiles platform = new PlatformManifestFiles();
        private final Map<Path, byte[]> forcedBytes = new TreeMap<>();
        private final Map<Path, byte[]> durable = new TreeMap<>();

        @Override
        public synchronized List<Path> list(Path in, String suffix) throws IOException {
            return platform.list(in, suffix);
        }

        @Override
        public synchronized byte[] read(Path file) throws IOException {
            return platform.read(file);
        }

        @Override
        public synchronized void write(Path file, byte[] bytes) throws IOException {
            platform.write(file, bytes);
            forcedBytes.put(file, new byte[0]);
        }

        @Override
        public synchronized void force(Path file) throws IOException {
            forcedBytes.put(file, platform.read(file));
        }

        @Override
        public synchronized void rename(Path from, Path to) throws IOException {
            platform.rename(from, to);
            byte[] bytes = forcedBytes.remove(from);
            forcedBytes.put(to, bytes == null ? new byte[0] : bytes);
        }

        @Override
        public synchronized void forceDirectory(Path of) {
            durable.keySet().removeIf(path -> of.equals(path.getParent()));
            forcedBytes.forEach((path, bytes) -> {
                if (of.equals(path.getParent())) {
                    durable.put(path, bytes);
                }
            });
        }

        @Override
        public synchronized void delete(Path path) throws IOException {
            platform.delete(path);
            forcedBytes.remove(path);
        }

        synchronized void powerCut() throws IOException {
            for (Path path : List.copyOf(forcedBytes.keySet())) {
                Files.deleteIfExists(path);
            }
            for (Map.Entry<Path, byte[]> file : durable.entrySet()) {
                Files.write(file.getKey(), file.getValue());
            }
            forcedBytes.clear();
            forcedBytes.putAll(durable);
        }
    }
}
