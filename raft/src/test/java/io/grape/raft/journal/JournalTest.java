package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static io.grape.raft.journal.Journals.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.core.HardState;
import io.grape.raft.core.RaftLog;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void newJournalIsEmpty(JournalBackEnd backEnd) {
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            GroupLog log = journal.group(3);
            assertThat(log.firstIndex()).isEqualTo(1);
            assertThat(log.lastIndex()).isZero();
            assertThat(log.termAt(0)).isZero();
            assertThat(log.termAt(1)).isEqualTo(RaftLog.NULL_TERM);
            assertThat(journal.hardState(3)).isEqualTo(new HardState(0, -1, 0));
            assertThat(journal.hasStaged()).isFalse();
            assertThat(journal.flush()).isEqualTo(journal.writtenPosition());
        }
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void entriesReadTheSameStagedWrittenAndRecovered(JournalBackEnd backEnd) {
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            GroupLog log = journal.group(1);
            for (int length : new int[] {0, 1, 7, 8, 9, 100, 512}) {
                append(log, 2, length);
            }
            log.hardState(2, 1, 3);
            assertThat(journal.hasStaged()).isTrue();
            assertSeven(log);
            long before = journal.writtenPosition();
            assertThat(journal.flush()).isGreaterThan(before).isEqualTo(journal.writtenPosition());
            assertThat(journal.hasStaged()).isFalse();
            assertSeven(log);
        }
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            assertSeven(journal.group(1));
            assertThat(journal.hardState(1)).isEqualTo(new HardState(2, 1, 3));
            assertThat(journal.recoveredBatches()).isEqualTo(1);
            assertThat(journal.tornBytes()).isZero();
        }
    }

    private static void assertSeven(GroupLog log) {
        assertThat(log.lastIndex()).isEqualTo(7);
        int index = 1;
        for (int length : new int[] {0, 1, 7, 8, 9, 100, 512}) {
            assertEntry(log, index, 2, length);
            index++;
        }
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void whatWasStagedButNotFlushedIsGone(JournalBackEnd backEnd) {
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            append(journal.group(1), 1, 10);
            journal.flush();
            append(journal.group(1), 1, 10);
            journal.group(1).hardState(9, 9, 1);
        }
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(1);
            assertThat(journal.hardState(1)).isEqualTo(new HardState(0, -1, 0));
        }
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void batchesRollOverManySegments(JournalBackEnd backEnd) throws Exception {
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            for (int i = 0; i < 200; i++) {
                append(journal.group(i % 3), 1 + i / 50, 90 + i);
                journal.group(i % 3).hardState(1 + i / 50, 2, i / 3);
                journal.flush();
            }
            assertTwoHundred(journal);
        }
        assertThat(Journals.segments(directory)).hasSizeGreaterThan(10);
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            assertTwoHundred(journal);
            append(journal.group(0), 4, 5);
            journal.flush();
        }
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            assertTwoHundred(journal);
            assertEntry(journal.group(0), 68, 4, 5);
        }
    }

    private static void assertTwoHundred(Journal journal) {
        for (int i = 0; i < 200; i++) {
            assertEntry(journal.group(i % 3), i / 3 + 1, 1 + i / 50, 90 + i);
        }
        assertThat(journal.hardState(1)).isEqualTo(new HardState(4, 2, 66));
    }

    @Test
    void backEndsReadEachOthersFiles() {
        for (int i = 0; i < 60; i++) {
            JournalBackEnd backEnd = i % 2 == 0 ? JournalBackEnd.WRITE : JournalBackEnd.MAPPED;
            try (Journal journal = Journal.open(small(directory, backEnd))) {
                assertThat(journal.group(5).lastIndex()).isEqualTo(i);
                for (int index = 1; index <= i; index++) {
                    assertEntry(journal.group(5), index, 1, 300);
                }
                append(journal.group(5), 1, 300);
                journal.flush();
            }
        }
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void truncatedEntriesAreReplacedAlsoAfterRecovery(JournalBackEnd backEnd) {
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            GroupLog log = journal.group(1);
            for (int i = 0; i < 6; i++) {
                append(log, 1, 20);
            }
            journal.flush();
            log.truncateFrom(4);
            assertThat(log.lastIndex()).isEqualTo(3);
            assertThat(log.termAt(4)).isEqualTo(RaftLog.NULL_TERM);
            append(log, 2, 30);
            append(log, 2, 30);
            log.truncateFrom(5);
            append(log, 3, 40);
            journal.flush();
        }
        try (Journal journal = Journal.open(small(directory, backEnd))) {
            GroupLog log = journal.group(1);
            assertThat(log.lastIndex()).isEqualTo(5);
            assertEntry(log, 3, 1, 20);
            assertEntry(log, 4, 2, 30);
            assertEntry(log, 5, 3, 40);
        }
    }

    @Test
    void truncationAloneSurvivesARestart() {
        try (Journal journal = Journals.open(directory)) {
            append(journal.group(1), 1, 20);
            append(journal.group(1), 2, 20);
            journal.flush();
            journal.group(1).truncateFrom(2);
            journal.group(1).truncateFrom(2);
            journal.flush();
        }
        try (Journal journal = Journals.open(directory)) {
            assertThat(journal.group(1).lastIndex()).isEqualTo(1);
            assertThat(journal.group(1).termAt(1)).isEqualTo(1);
        }
    }

    @Test
    void truncationNeverTouchesWhatIsCommitted() {
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            append(log, 1, 20);
            append(log, 1, 20);
            log.hardState(1, -1, 1);
            assertThatThrownBy(() -> log.truncateFrom(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("commit index 1");
            log.truncateFrom(2);
            assertThat(log.lastIndex()).isEqualTo(1);
        }
    }

    @Test
    void thousandGroupsShareOneJournal() {
        JournalConfig config = small(directory, JournalBackEnd.WRITE).withSizes(1 << 18, 1 << 17, 512);
        try (Journal journal = Journal.open(config)) {
            for (int round = 0; round < 4; round++) {
                for (int group = 0; group < 1000; group++) {
                    append(journal.group(group), 1, group % 50);
                    journal.group(group).hardState(1, group % 5, round);
                    if (journal.remainingBatchBytes() < 1024) {
                        journal.flush();
                    }
                }
                journal.flush();
            }
        }
        try (Journal journal = Journal.open(config)) {
            for (int group = 0; group < 1000; group++) {
                for (int index = 1; index <= 4; index++) {
                    assertEntry(journal.group(group), index, 1, group % 50);
                }
                assertThat(journal.hardState(group)).isEqualTo(new HardState(1, group % 5, 3));
            }
        }
    }

    @Test
    void moreGroupsThanASegmentCanDescribeAreRefused() {
        try (Journal journal = Journals.open(directory)) {
            assertThatThrownBy(() -> {
                        for (int group = 0; group < 100; group++) {
                            journal.group(group);
                        }
                    })
                    .isInstanceOf(GrapeException.class)
                    .hasMessageContaining("segmentBytes");
        }
    }

    @Test
    void entryAboveTheLimitIsRefusedAndNothingIsStaged() {
        try (Journal journal = Journals.open(directory)) {
            assertThatThrownBy(() -> append(journal.group(1), 1, 513))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
            assertThat(journal.hasStaged()).isFalse();
            assertThat(journal.group(1).lastIndex()).isZero();
        }
    }

    @Test
    void fullBatchRefusesEntriesButStillTakesHardStates() {
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            int staged = 0;
            while (journal.remainingBatchBytes() >= 32 + 512) {
                append(log, 1, 512);
                staged++;
            }
            assertThatThrownBy(() -> append(log, 1, 512))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACK_PRESSURE));
            log.hardState(1, 1, 1);
            assertThat(log.lastIndex()).isEqualTo(staged);
            journal.flush();
            append(log, 1, 512);
            assertEntry(log, staged + 1, 1, 512);
        }
    }

    @Test
    void appendsOutOfOrderAreBugs() {
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            UnsafeBuffer empty = new UnsafeBuffer(new byte[0]);
            append(log, 5, 8);
            assertThatThrownBy(() -> log.append(3, 5, Journals.COMMAND, empty, 0, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.append(1, 5, Journals.COMMAND, empty, 0, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.append(2, 4, Journals.COMMAND, empty, 0, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.entryTypeAt(2)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.read(2, new LogEntry())).isInstanceOf(IllegalStateException.class);
            log.hardState(5, 2, 1);
            assertThatThrownBy(() -> log.hardState(4, 2, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> log.hardState(5, 2, 0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void unchangedHardStateCostsNothing() {
        try (Journal journal = Journals.open(directory)) {
            journal.group(1).hardState(1, 2, 0);
            journal.flush();
            journal.group(1).hardState(1, 2, 0);
            assertThat(journal.hasStaged()).isFalse();
        }
    }

    @Test
    void snapshotMarkMovesTheBeginningAndKeepsWhatFollows() {
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            for (int i = 0; i < 10; i++) {
                append(log, 1, 20);
            }
            log.hardState(1, 1, 8);
            log.compactTo(7, 1);
            assertThat(log.firstIndex()).isEqualTo(8);
            assertThat(log.termAt(7)).isEqualTo(1);
            assertThat(log.termAt(6)).isEqualTo(RaftLog.NULL_TERM);
            log.compactTo(5, 1);
            journal.flush();
        }
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            assertThat(log.firstIndex()).isEqualTo(8);
            assertThat(log.lastIndex()).isEqualTo(10);
            assertEntry(log, 8, 1, 20);
            assertThat(log.termAt(7)).isEqualTo(1);
        }
    }

    @Test
    void snapshotThatTheLogDoesNotHoldReplacesIt() {
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            append(log, 1, 20);
            append(log, 1, 20);
            journal.flush();
            log.compactTo(9_000, 4);
            assertThat(log.firstIndex()).isEqualTo(9_001);
            assertThat(log.lastIndex()).isEqualTo(9_000);
            append(log, 4, 33);
            journal.flush();
        }
        try (Journal journal = Journals.open(directory)) {
            GroupLog log = journal.group(1);
            assertThat(log.firstIndex()).isEqualTo(9_001);
            assertThat(log.termAt(9_000)).isEqualTo(4);
            assertEntry(log, 9_001, 4, 33);
        }
    }

    @Test
    void longLogsAreIndexedInManyChunks() {
        JournalConfig config = small(directory, JournalBackEnd.WRITE).withSizes(1 << 22, 1 << 20, 512);
        int entries = 50_000;
        try (Journal journal = Journal.open(config)) {
            GroupLog log = journal.group(1);
            for (int i = 0; i < entries; i++) {
                append(log, 1, 4);
                if (journal.remainingBatchBytes() < 1024) {
                    journal.flush();
                }
            }
            journal.flush();
            log.compactTo(30_000, 1);
            for (int i = 0; i < 10_000; i++) {
                append(log, 1, 4);
            }
            journal.flush();
            assertEntry(log, 30_001, 1, 4);
            assertEntry(log, 60_000, 1, 4);
        }
        try (Journal journal = Journal.open(config)) {
            for (int index = 30_001; index <= 60_000; index += 999) {
                assertEntry(journal.group(1), index, 1, 4);
            }
        }
    }
}
