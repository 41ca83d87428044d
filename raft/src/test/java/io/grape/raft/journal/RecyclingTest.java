package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.HardState;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecyclingTest {
    private static final Path DIRECTORY = Path.of("virtual");

    @TempDir
    Path directory;

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadlineNs);
            LockSupport.parkNanos(200_000);
        }
    }

    private static void write(Journal journal, GroupLog log, int entries) {
        for (int i = 0; i < entries; i++) {
            append(log, 1, 400);
            log.hardState(1, 1, log.lastIndex());
            journal.flush();
            log.appliedThrough(log.lastIndex());
        }
        journal.force();
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void compactedJournalUsesAFewFilesForEver(JournalBackEnd backEnd) throws Exception {
        try (Journal journal = Journal.open(Journals.small(directory, backEnd))) {
            GroupLog log = journal.group(1);
            for (int round = 0; round < 60; round++) {
                write(journal, log, 10);
                log.compactTo(log.lastIndex() - 5, 1);
                journal.flush();
                journal.force();
                journal.maintain();
            }
            assertThat(journal.counters().recycledSegments()).isGreaterThan(50);
            assertThat(journal.counters().journalBytes()).isLessThanOrEqualTo(4 * Journals.SEGMENT_BYTES);
            assertThat(journal.counters().liveBytes()).isEqualTo(5 * 432);
            assertThat(journal.counters().spaceAmplification()).isLessThan(8);
            assertThat(journal.counters().writeAmplification()).isEqualTo(1);
        }
        assertThat(directory.toFile().list()).hasSizeLessThan(12);
        try (Journal journal = Journal.open(Journals.small(directory, backEnd))) {
            GroupLog log = journal.group(1);
            assertThat(log.firstIndex()).isEqualTo(596);
            for (long index = 596; index <= 600; index++) {
                assertEntry(log, index, 1, 400);
            }
            assertThat(journal.hardState(1)).isEqualTo(new HardState(1, 1, 600));
            assertThat(journal.counters().liveBytes()).isEqualTo(5 * 432);
        }
    }

    @Test
    void segmentIsNotGivenBackBeforeTheMarkThatFreesItIsForced() {
        VirtualFiles files = new VirtualFiles();
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE);
        try (Journal journal = Journal.open(config, files)) {
            GroupLog log = journal.group(1);
            write(journal, log, 30);
            log.compactTo(29, 1);
            assertThat(journal.maintain()).isZero();
            journal.flush();
            assertThat(journal.maintain()).isZero();
            journal.force();
            assertThat(journal.maintain()).isPositive();
            assertThat(journal.maintain()).isZero();
        }
    }

    @Test
    void entriesOfAnIdleGroupAreCopiedForward() {
        VirtualFiles files = new VirtualFiles();
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE).withMaxAmplification(2);
        try (Journal journal = Journal.open(config, files)) {
            GroupLog idle = journal.group(1);
            write(journal, idle, 6);
            GroupLog busy = journal.group(2);
            for (int round = 0; round < 60; round++) {
                write(journal, busy, 5);
                busy.compactTo(busy.lastIndex() - 1, 1);
                for (int turn = 0; turn < 4; turn++) {
                    journal.maintain();
                    journal.flush();
                    journal.force();
                }
                for (int index = 1; index <= 6; index++) {
                    assertEntry(idle, index, 1, 400);
                }
            }
            assertThat(journal.counters().movedBytes()).isPositive();
            assertThat(journal.counters().writeAmplification()).isGreaterThan(1);
            assertThat(journal.counters().journalBytes()).isLessThan(8 * Journals.SEGMENT_BYTES);
            assertThat(journal.counters().recycledSegments()).isGreaterThan(20);
        }
        try (Journal journal = Journal.open(config, files.copy())) {
            for (int index = 1; index <= 6; index++) {
                assertEntry(journal.group(1), index, 1, 400);
            }
            assertThat(journal.hardState(1)).isEqualTo(new HardState(1, 1, 6));
            assertThat(journal.group(2).firstIndex()).isEqualTo(300);
        }
    }

    @Test
    void entriesThatTheApplyThreadMayBeReadingStayWhereTheyAre() {
        VirtualFiles files = new VirtualFiles();
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE).withMaxAmplification(2);
        try (Journal journal = Journal.open(config, files)) {
            GroupLog idle = journal.group(1);
            append(idle, 1, 400);
            append(idle, 1, 400);
            idle.hardState(1, 1, 2);
            journal.flush();
            GroupLog busy = journal.group(2);
            write(journal, busy, 60);
            busy.compactTo(60, 1);
            for (int turn = 0; turn < 10; turn++) {
                journal.flush();
                journal.force();
                journal.maintain();
            }
            assertThat(journal.counters().movedBytes()).isZero();
            assertThat(journal.counters().recycledSegments()).isZero();
            idle.appliedThrough(2);
            for (int turn = 0; turn < 4; turn++) {
                journal.maintain();
                journal.flush();
                journal.force();
            }
            assertThat(journal.counters().movedBytes()).isEqualTo(2 * 432);
            assertThat(journal.counters().recycledSegments()).isPositive();
        }
    }

    @Test
    void copyOfAnEntryThatIsReplacedInTheSameBatchDoesNotComeBack() {
        VirtualFiles files = new VirtualFiles();
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE).withMaxAmplification(2);
        try (Journal journal = Journal.open(config, files)) {
            GroupLog idle = journal.group(1);
            append(idle, 1, 100);
            append(idle, 1, 100);
            append(idle, 1, 100);
            journal.flush();
            GroupLog busy = journal.group(2);
            write(journal, busy, 60);
            busy.compactTo(60, 1);
            journal.flush();
            journal.force();
            assertThat(journal.maintain()).isPositive();
            assertThat(journal.hasStaged()).isTrue();
            idle.truncateFrom(2);
            append(idle, 2, 50);
            journal.flush();
            journal.force();
            assertEntry(idle, 1, 1, 100);
            assertEntry(idle, 2, 2, 50);
            assertThat(idle.lastIndex()).isEqualTo(2);
            journal.maintain();
            assertThat(journal.counters().liveBytes()).isEqualTo(136 + 88);
        }
        try (Journal journal = Journal.open(config, files.copy())) {
            assertEntry(journal.group(1), 1, 1, 100);
            assertEntry(journal.group(1), 2, 2, 50);
            assertThat(journal.group(1).lastIndex()).isEqualTo(2);
        }
    }

    @Test
    void policyNoneForcesOnceASegmentSoThatSegmentsComeBack() {
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE).withSyncPolicy(SyncPolicy.NONE, 1);
        try (Journal journal = Journal.open(config, new VirtualFiles())) {
            ForceAgent agent = new ForceAgent(journal, () -> 0, new IgnoredForces());
            GroupLog log = journal.group(1);
            for (int i = 0; i < 200; i++) {
                append(log, 1, 400);
                log.compactTo(log.lastIndex(), 1);
                journal.flush();
                agent.doWork();
                journal.maintain();
            }
            assertThat(journal.counters().recycledSegments()).isGreaterThan(15);
        }
    }

    @Test
    void proposalsAreRefusedBeforeTheDiskIsFullAndTakenAgainWhenThereIsSpace() {
        FaultyFiles files = new FaultyFiles();
        try (Journal journal = Journals.open(directory, files)) {
            GroupLog log = journal.group(1);
            append(log, 1, 400);
            journal.flush();
            files.usableBytes = 5_000;
            while (journal.admission() == ErrorCode.OK) {
                append(log, 1, 400);
                journal.flush();
                await(() -> journal.supply() != io.grape.raft.journal.segment.SegmentPool.Supply.PREPARING);
                files.usableBytes = 1_000;
                assertThat(log.lastIndex()).isLessThan(50);
            }
            assertThat(journal.admission()).isEqualTo(ErrorCode.STORAGE_FULL);
            // What is on its way still fits.
            log.hardState(9, 2, 1);
            journal.flush();
            files.usableBytes = Long.MAX_VALUE;
            await(() -> journal.admission() == ErrorCode.OK);
            for (int i = 0; i < 20; i++) {
                append(log, 9, 400);
                journal.flush();
            }
        }
    }

    @Test
    void diskThatFailsWhileASegmentIsPreparedStopsTheNode() {
        FaultyFiles files = new FaultyFiles();
        try (Journal journal = Journals.open(directory, files)) {
            GroupLog log = journal.group(1);
            await(() -> journal.supply() == io.grape.raft.journal.segment.SegmentPool.Supply.READY);
            files.failForce = true;
            FaultException fault = null;
            for (int i = 0; i < 100 && fault == null; i++) {
                append(log, 1, 400);
                try {
                    journal.flush();
                } catch (FaultException e) {
                    fault = e;
                }
            }
            assertThat(fault).isNotNull();
            assertThat(fault.severity()).isEqualTo(FaultException.Severity.FAIL_NODE);
            assertThat(fault.code()).isEqualTo(ErrorCode.IO_FAILURE);
        }
    }

    private static final class IgnoredForces implements ForceAgent.Listener {
        @Override
        public void onDurable(long position) {}

        @Override
        public void onForceFailed(FaultException fault) {
            throw fault;
        }
    }
}
