package io.grape.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The journal on a disk that fails as real ones do: a page cache that lies after a failed force, and no room. */
class JournalOnVirtualDiskTest {
    private static final JournalConfig CONFIG =
            JournalConfig.defaults(Path.of("journal"), 0, 0).withSizes(4 << 10, 2 << 10, 1 << 10);

    @Test
    void whatAFailedForceLeftInThePageCacheIsWrittenAgainByTheNextProcess() {
        for (int seed = 0; seed < 60; seed++) {
            VirtualDisk disk = new VirtualDisk(1 << 20, new SplittableRandom(seed));
            int before = 1 + seed % 12;
            try (Journal journal = open(disk, 1)) {
                for (int i = 1; i < before; i++) {
                    append(journal);
                    journal.force();
                }
                append(journal);
                disk.failNextForce();
                assertThatThrownBy(journal::force).isInstanceOf(FaultException.class);
            }
            disk.kill();
            long recovered;
            try (Journal journal = open(disk, 2)) {
                recovered = journal.group(0).lastIndex();
                append(journal);
                journal.force();
            }
            disk.cutPower();
            try (Journal journal = open(disk, 3)) {
                assertThat(journal.group(0).lastIndex()).as("seed %d", seed).isEqualTo(recovered + 1);
            }
        }
    }

    @Test
    void withoutAThreadAFullDiskIsTriedAgainByMaintenance() {
        VirtualDisk disk = new VirtualDisk(1 << 20, new SplittableRandom(1));
        try (Journal journal = open(disk, 1)) {
            disk.full(true);
            assertThatThrownBy(() -> {
                        while (true) {
                            append(journal);
                        }
                    })
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            full -> assertThat(full.code()).isEqualTo(ErrorCode.STORAGE_FULL));
            journal.maintain();
            assertThat(journal.admission()).isEqualTo(ErrorCode.STORAGE_FULL);
            disk.full(false);
            journal.maintain();
            assertThat(journal.admission()).isEqualTo(ErrorCode.OK);
            journal.flush();
            assertThat(journal.hasStaged()).isFalse();
        }
    }

    private static Journal open(VirtualDisk disk, int salt) {
        return Journal.openThreadless(CONFIG.withMinFreeAndSalt(0, salt), disk);
    }

    private static void append(Journal journal) {
        long index = journal.group(0).lastIndex() + 1;
        journal.group(0).append(index, 1, EntryType.COMMAND.value(), new UnsafeBuffer(new byte[300]), 0, 300);
        journal.flush();
    }
}
