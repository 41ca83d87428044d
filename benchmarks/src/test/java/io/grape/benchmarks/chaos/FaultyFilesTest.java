package io.grape.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.raft.journal.segment.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFilesTest {
    private static final int SECTORS = 64;
    private static final int LENGTH = SECTORS * 512;

    @TempDir
    private Path directory;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private NodeFaults conductor;
    private NodeFaults node;
    private FaultyFiles files;
    private Path unforced;
    private Path file;

    @BeforeEach
    void openBothSides() throws IOException {
        conductor = NodeFaults.open(directory);
        node = NodeFaults.open(directory);
        unforced = directory.resolve("unforced");
        files = new FaultyFiles(node, unforced);
        file = directory.resolve("0.journal");
    }

    private static ByteBuffer ones(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void aPowerCutTakesSomeOfWhatWasNotForcedAndNothingElse() throws IOException {
        try (JournalFile journal = files.create(file)) {
            journal.write(ones(LENGTH), 0);
            journal.force();
            journal.write(ones(LENGTH), LENGTH);
        }

        int lost = UnforcedWrites.cutPower(unforced, random);

        assertThat(lost).isBetween(1, SECTORS - 1);
        byte[] left = Files.readAllBytes(file);
        assertThat(Arrays.copyOf(left, LENGTH)).containsOnly(1);
        assertThat(Arrays.copyOfRange(left, LENGTH, 2 * LENGTH)).contains(0, 1);
        assertThat(UnforcedWrites.cutPower(unforced, random)).isZero();
    }

    @Test
    void whatIsReopenedIsStillWatched() throws IOException {
        files.create(file).close();
        try (JournalFile journal = files.open(file, false)) {
            journal.write(ones(LENGTH), 0);
        }

        assertThat(UnforcedWrites.cutPower(unforced, random)).isPositive();
    }

    @Test
    void theConductorsFullDiskIsSeenByTheNode() throws IOException {
        conductor.diskFull(true);

        assertThat(files.usableBytes(directory)).isZero();
        assertThatThrownBy(() -> files.create(file)).hasMessageContaining("No space");

        conductor.heal();
        assertThat(files.usableBytes(directory)).isPositive();
    }

    @Test
    void linksAreCutInOneDirectionAndNoiseIsDrawn() {
        FaultyLinks links = new FaultyLinks(node, 1);
        conductor.cut(2, true);
        assertThat(links.copies(2)).isZero();
        assertThat(links.copies(3)).isOne();

        conductor.network(0, 1000, 1000, 500);
        conductor.cut(2, false);
        assertThat(links.copies(2)).isEqualTo(2);
        assertThat(links.delayNs(2)).isBetween(1L, 500_000L);
        conductor.forceDelayUs(250);
        assertThat(node.forceDelayUs()).isEqualTo(250);
    }
}
