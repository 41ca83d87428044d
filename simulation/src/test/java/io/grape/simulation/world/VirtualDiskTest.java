package io.grape.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.raft.journal.segment.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VirtualDiskTest {
    private static final Path DIRECTORY = Path.of("journal");
    private static final Path FILE = DIRECTORY.resolve("a.journal");
    private static final int SECTORS = 8;
    private static final int LENGTH = SECTORS * VirtualDisk.SECTOR_BYTES;

    private final VirtualDisk disk = new VirtualDisk(1 << 20, new SplittableRandom(7));

    @Test
    void whatWasForcedSurvivesAPowerCutAndTheRestSurvivesSectorBySector() throws IOException {
        BitSet kinds = new BitSet();
        for (int i = 0; i < 50; i++) {
            VirtualDisk each = new VirtualDisk(1 << 20, new SplittableRandom(i));
            JournalFile file = made(each);
            file.write(filled(LENGTH, 2), 0);
            each.cutPower();
            ByteBuffer after = each.open(FILE, false).map(false, LENGTH);
            int survivors = 0;
            for (int sector = 0; sector < SECTORS; sector++) {
                byte first = after.get(sector * VirtualDisk.SECTOR_BYTES);
                byte last = after.get((sector + 1) * VirtualDisk.SECTOR_BYTES - 1);
                assertThat(first).as("a sector is written whole or not at all").isEqualTo(last);
                assertThat(first).isIn((byte) 1, (byte) 2);
                survivors |= (first == 2 ? 1 : 0) << sector;
            }
            kinds.set(survivors);
        }
        assertThat(kinds.cardinality()).as("many combinations").isGreaterThan(30);
    }

    @Test
    void aKilledProcessLosesNothing() throws IOException {
        made(disk).write(filled(100, 9), 1000);
        disk.kill();
        assertThat(disk.open(FILE, false).map(false, LENGTH).get(1099)).isEqualTo((byte) 9);
    }

    @Test
    void aFailedForceLeavesPagesThatLookCleanAndMayBeLost() throws IOException {
        int lost = 0;
        for (int i = 0; i < 40; i++) {
            VirtualDisk each = new VirtualDisk(1 << 20, new SplittableRandom(i));
            JournalFile file = made(each);
            file.write(filled(10, 5), 0);
            each.failNextForce();
            assertThatThrownBy(file::force).isInstanceOf(IOException.class);
            file.force();
            assertThat(file.map(false, LENGTH).get(0))
                    .as("memory still shows it")
                    .isEqualTo((byte) 5);
            each.cutPower();
            lost += each.open(FILE, false).map(false, LENGTH).get(0) == 5 ? 0 : 1;
        }
        assertThat(lost).isBetween(5, 35);
    }

    @Test
    void aNameThatWasNotForcedMayBeLostAndARemovedOneMayReturn() throws IOException {
        int lost = 0;
        int returned = 0;
        for (int i = 0; i < 40; i++) {
            VirtualDisk each = new VirtualDisk(1 << 20, new SplittableRandom(i));
            made(each);
            each.create(DIRECTORY.resolve("b.journal")).force();
            each.delete(FILE);
            each.cutPower();
            lost += each.list(DIRECTORY, "b.journal").isEmpty() ? 1 : 0;
            returned += each.list(DIRECTORY, "a.journal").size();
        }
        assertThat(lost).isBetween(5, 35);
        assertThat(returned).isBetween(5, 35);
    }

    @Test
    void aFullDiskRefusesToGrowAndTakesWritesInPlace() throws IOException {
        JournalFile file = made(disk);
        disk.full(true);
        assertThat(disk.usableBytes(DIRECTORY)).isZero();
        assertThatThrownBy(() -> file.write(filled(10, 1), LENGTH)).hasMessageContaining("No space left");
        file.write(filled(10, 3), 0);
        disk.full(false);
        file.write(filled(10, 1), LENGTH);
        assertThat(file.length()).isEqualTo(LENGTH + 10);
        assertThat(disk.usableBytes(DIRECTORY)).isEqualTo((1 << 20) - LENGTH - 10);
    }

    @Test
    void aFlippedBitShowsAfterTheRestartOnly() throws IOException {
        JournalFile file = made(disk);
        made(disk, DIRECTORY.resolve("b.journal"));
        ByteBuffer before = file.map(false, LENGTH);
        assertThat(disk.flipBit(".journal")).isTrue();
        assertThat(disk.isDamaged()).isTrue();
        assertThat(before.equals(filled(LENGTH, 1))).isTrue();
        disk.cutPower();
        ByteBuffer after = disk.open(FILE, true).map(false, LENGTH);
        int changed = 0;
        for (int i = 0; i < LENGTH; i++) {
            changed += Integer.bitCount((after.get(i) ^ 1) & 0xFF);
        }
        assertThat(changed).isOne();
    }

    @Test
    void aDiskThatForgetsItsForcesLosesWhatItSwore() throws IOException {
        disk.forgetForces();
        made(disk);
        disk.cutPower();
        int forced = 0;
        if (!disk.list(DIRECTORY, ".journal").isEmpty()) {
            ByteBuffer after =
                    disk.open(FILE, true).map(false, (int) disk.open(FILE, true).length());
            while (after.hasRemaining()) {
                forced += after.get();
            }
        }
        assertThat(forced).isLessThan(LENGTH);
    }

    @Test
    void namesAreUniqueAndMissingFilesAreRefused() throws IOException {
        made(disk);
        assertThatThrownBy(() -> disk.create(FILE)).hasMessageContaining("exists");
        assertThatThrownBy(() -> disk.open(DIRECTORY.resolve("c"), true)).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> disk.open(FILE, false).map(true, 10))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static JournalFile made(VirtualDisk on) throws IOException {
        return made(on, FILE);
    }

    private static JournalFile made(VirtualDisk on, Path path) throws IOException {
        on.createDirectories(DIRECTORY);
        JournalFile file = on.create(path);
        file.write(filled(LENGTH, 1), 0);
        file.force();
        on.forceDirectory(DIRECTORY);
        return file;
    }

    private static ByteBuffer filled(int length, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) value);
        }
        return bytes;
    }
}
