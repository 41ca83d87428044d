package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.HardState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process or the power goes at every single file operation of a run that appends, rolls, compacts, recycles and copies
 * forward; what was forced before is there after, and the journal goes on.
 */
class CrashPointScenario {
    private static final Path DIRECTORY = Path.of("virtual");
    private static final JournalConfig CONFIG =
            Journals.small(DIRECTORY, JournalBackEnd.WRITE).withMaxAmplification(2);

    /** What had been forced when the crash came, at the least. */
    private record Forced(long idleLast, long busyFirst, long busyLast, long busyCommit) {}

    private record Crash(String operation, Forced forced, VirtualFiles disk) {}

    private volatile Forced forced = new Forced(0, 0, 0, 0);

    enum Kind {
        KILLED,
        POWER_CUT
    }

    @ParameterizedTest(name = "({0})")
    @EnumSource(Kind.class)
    void everyForcedEntryIsThereAfterACrashAtAnyFileOperation(Kind kind) {
        Random random = new Random(7);
        VirtualFiles files = new VirtualFiles();
        List<Crash> crashes = new ArrayList<>();
        files.beforeEach(operation -> {
            Forced known = forced;
            VirtualFiles left = kind == Kind.KILLED ? files.copy() : files.afterPowerCut(random);
            crashes.add(new Crash(operation, known, left));
        });
        try (Journal journal = Journal.open(CONFIG, files)) {
            run(journal);
            assertThat(journal.counters().recycledSegments()).isGreaterThan(5);
            assertThat(journal.counters().movedBytes()).isPositive();
        }
        files.beforeEach(operation -> {});
        assertThat(crashes).hasSizeGreaterThan(300);
        for (int i = 0; i < crashes.size(); i++) {
            check(i, crashes.get(i));
        }
    }

    private void run(Journal journal) {
        GroupLog idle = journal.group(1);
        GroupLog busy = journal.group(2);
        for (int i = 0; i < 3; i++) {
            append(idle, 1, 200);
        }
        idle.hardState(1, 1, 3);
        idle.appliedThrough(3);
        for (int round = 0; round < 80; round++) {
            for (int i = 0; i < 3; i++) {
                append(busy, 1, 300);
            }
            busy.hardState(1, 1, busy.lastIndex());
            if (round % 5 == 4) {
                busy.compactTo(busy.lastIndex() - 2, 1);
            }
            busy.appliedThrough(busy.lastIndex());
            journal.maintain();
            journal.flush();
            journal.force();
            forced = new Forced(
                    idle.lastIndex(),
                    busy.firstIndex(),
                    busy.lastIndex(),
                    busy.hardState().commitIndex());
        }
    }

    private static void check(int number, Crash crash) {
        String name = "crash " + number + " before " + crash.operation();
        try (Journal journal = Journal.open(CONFIG, crash.disk())) {
            GroupLog idle = journal.group(1);
            GroupLog busy = journal.group(2);
            assertThat(idle.lastIndex())
                    .as(name)
                    .isGreaterThanOrEqualTo(crash.forced().idleLast());
            assertThat(busy.lastIndex())
                    .as(name)
                    .isGreaterThanOrEqualTo(crash.forced().busyLast());
            assertThat(busy.firstIndex())
                    .as(name)
                    .isGreaterThanOrEqualTo(crash.forced().busyFirst());
            assertThat(busy.hardState().commitIndex())
                    .as(name)
                    .isGreaterThanOrEqualTo(crash.forced().busyCommit());
            for (long index = 1; index <= idle.lastIndex(); index++) {
                assertEntry(idle, index, 1, 200);
            }
            for (long index = busy.firstIndex(); index <= busy.lastIndex(); index++) {
                assertEntry(busy, index, 1, 300);
            }
            append(busy, 2, 10);
            busy.hardState(2, 2, busy.lastIndex());
            journal.flush();
        } catch (RuntimeException e) {
            throw new AssertionError(name, e);
        }
        try (Journal journal = Journal.open(CONFIG, crash.disk())) {
            assertThat(journal.hardState(2))
                    .as(name)
                    .isEqualTo(new HardState(2, 2, journal.group(2).lastIndex()));
        }
    }
}
