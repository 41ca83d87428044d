package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.raft.core.HardState;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Damage of forced data on a member that has peers: nothing is cut, and what was lost comes back by (index, term). */
class RepairTest {
    private static final Path DIRECTORY = Path.of("virtual");
    private static final JournalConfig CONFIG = Journals.small(DIRECTORY, JournalBackEnd.WRITE);

    private final VirtualFiles files = new VirtualFiles();
    private final List<Long> batchEnds = new ArrayList<>();

    /** Batch i holds entry i + 1 of group 1, and its commit; group 2 writes in the first batch only. */
    private void write(int batches) {
        try (Journal journal = Journal.open(CONFIG, files)) {
            GroupLog log = journal.group(1);
            append(journal.group(2), 1, 50);
            journal.group(2).hardState(1, 1, 1);
            for (int i = 0; i < batches; i++) {
                append(log, 1, 200);
                log.hardState(1, 1, log.lastIndex() - 1);
                batchEnds.add(journal.flush());
                journal.force();
            }
        }
    }

    /** The pool marks a file free in the background; until then the damage is still there to be found. */
    private void awaitNoSegment(long sequence) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (isOnDisk(sequence)) {
            assertThat(System.nanoTime())
                    .as("segment %d freed in time", sequence)
                    .isLessThan(deadlineNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private boolean isOnDisk(long sequence) {
        for (Path path : files.paths()) {
            SegmentDescriptor.Header header = SegmentDescriptor.decode(files.bytes(path));
            if (header != null && header.sequence() == sequence) {
                return true;
            }
        }
        return false;
    }

    private void damage(long position) {
        damage(files, position);
    }

    private static void damage(VirtualFiles disk, long position) {
        for (Path path : disk.paths()) {
            ByteBuffer bytes = disk.bytes(path);
            SegmentDescriptor.Header header = SegmentDescriptor.decode(bytes);
            if (header != null && header.sequence() == position / Journals.SEGMENT_BYTES) {
                int offset = (int) (position % Journals.SEGMENT_BYTES);
                bytes.put(offset, (byte) (bytes.get(offset) ^ 8));
            }
        }
    }

    @Test
    void damagedGroupKeepsItsCommittedPrefixAndKnowsWhatItMayHaveAcknowledged() {
        write(9);
        damage(batchEnds.get(4) - 100);
        assertThatThrownBy(() -> Journal.open(CONFIG, files.copy())).isInstanceOf(FaultException.class);
        try (Journal journal = Journal.openForRepair(CONFIG, files)) {
            GroupLog log = journal.group(1);
            assertThat(journal.damages()).hasSize(1);
            assertThat(log.isUnderRepair()).isTrue();
            assertThat(log.repairThrough()).isEqualTo(9);
            // Batch 4 committed entry 3 and appended entry 4; that one may have been replaced in the lost batch 5.
            assertThat(log.lastIndex()).isEqualTo(3);
            assertThat(journal.hardState(1)).isEqualTo(new HardState(1, 1, 3));
            for (int index = 1; index <= 3; index++) {
                assertEntry(log, index, 1, 200);
            }
            assertThatThrownBy(log::repaired).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void doubtIsClearedByALaterStateOfTheGroup() {
        write(40);
        damage(batchEnds.get(1) - 100);
        try (Journal journal = Journal.openForRepair(CONFIG, files)) {
            assertThat(journal.group(1).isUnderRepair()).isTrue();
            // Nothing of group 2 was in the damaged batch: the next segment begins with its state, and it is the same.
            assertThat(journal.group(2).isUnderRepair()).isFalse();
            assertEntry(journal.group(2), 1, 1, 50);
        }
    }

    @Test
    void repairGoesOnOverRestartsAndEndsWhenAllIsBack() {
        write(9);
        damage(batchEnds.get(4) - 100);
        try (Journal journal = Journal.openForRepair(CONFIG, files)) {
            GroupLog log = journal.group(1);
            append(log, 1, 200);
            append(log, 1, 200);
            log.hardState(2, 3, 5);
            journal.flush();
        }
        try (Journal journal = Journal.openForRepair(CONFIG, files)) {
            GroupLog log = journal.group(1);
            assertThat(log.isUnderRepair()).isTrue();
            assertThat(log.repairThrough()).isEqualTo(9);
            assertThat(log.lastIndex()).isEqualTo(5);
            assertThat(journal.hardState(1)).isEqualTo(new HardState(2, 3, 5));
            while (log.lastIndex() < 11) {
                append(log, 2, 210);
                journal.flush();
            }
            log.hardState(2, 3, 9);
            log.repaired();
            journal.flush();
            journal.force();
            assertThat(log.isUnderRepair()).isFalse();
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Journal journal = Journal.openForRepair(CONFIG, files)) {
                GroupLog log = journal.group(1);
                assertThat(log.isUnderRepair()).isFalse();
                assertThat(journal.hardState(1)).isEqualTo(new HardState(2, 3, 9));
                assertThat(log.lastIndex()).isEqualTo(11 + restart);
                for (int index = 1; index <= 5; index++) {
                    assertEntry(log, index, 1, 200);
                }
                for (int index = 6; index <= 11 + restart; index++) {
                    assertEntry(log, index, 2, 210);
                }
                append(log, 2, 210);
                journal.flush();
            }
        }
    }

    @Test
    void repairIsRememberedAfterTheDamagedSegmentIsGivenBack() {
        write(9);
        damage(batchEnds.get(4) - 100);
        try (Journal journal = Journal.openForRepair(CONFIG, files)) {
            GroupLog log = journal.group(1);
            log.compactTo(3, 1);
            journal.group(2).compactTo(1, 1);
            for (int i = 0; i < 4; i++) {
                append(log, 1, 200);
                journal.flush();
                journal.force();
                journal.maintain();
            }
            assertThat(journal.counters().recycledSegments()).isPositive();
            awaitNoSegment(0);
        }
        try (Journal journal = Journal.open(CONFIG, files)) {
            assertThat(journal.damages()).isEmpty();
            assertThat(journal.group(1).isUnderRepair()).isTrue();
            assertThat(journal.group(1).repairThrough()).isEqualTo(9);
            assertThat(journal.group(1).lastIndex()).isEqualTo(7);
        }
    }

    @Test
    void damageOfAnyByteOfAnyForcedBatchNeverYieldsAWrongEntry() {
        write(25);
        long end = batchEnds.get(23);
        for (long position = SegmentDescriptor.HEADER_LENGTH; position < end; position += 13) {
            if (position % Journals.SEGMENT_BYTES < SegmentDescriptor.HEADER_LENGTH) {
                continue;
            }
            VirtualFiles damaged = files.copy();
            damage(damaged, position);
            try (Journal journal = Journal.openForRepair(CONFIG, damaged)) {
                GroupLog log = journal.group(1);
                for (long index = 1; index <= log.lastIndex(); index++) {
                    assertEntry(log, index, 1, 200);
                }
                if (log.isUnderRepair()) {
                    assertThat(log.repairThrough()).as("position %d", position).isGreaterThanOrEqualTo(log.lastIndex());
                } else {
                    assertThat(log.lastIndex()).as("position %d", position).isEqualTo(25);
                }
            }
        }
    }
}
