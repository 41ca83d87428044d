package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalFaultTest {
    @TempDir
    Path directory;

    private final FaultyFiles files = new FaultyFiles();

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void failedForcePoisonsTheJournalForEverybodyAndIsNotRetried(JournalBackEnd backEnd) {
        try (Journal journal = Journal.open(Journals.small(directory, backEnd), files)) {
            GroupLog log = journal.group(1);
            append(log, 1, 10);
            journal.flush();
            files.failForce = true;
            assertFatal(journal::force);
            files.failForce = false;
            int forces = files.forces;
            assertFatal(journal::force);
            assertFatal(journal::flush);
            assertFatal(() -> append(log, 1, 10));
            assertFatal(() -> log.hardState(2, 2, 0));
            assertThat(files.forces).isEqualTo(forces);
            assertThat(journal.forcedPosition()).isLessThan(journal.writtenPosition());
        }
    }

    @Test
    void failedWritePoisonsTheJournal() {
        try (Journal journal = Journals.open(directory, files)) {
            append(journal.group(1), 1, 10);
            files.failWrite = true;
            assertFatal(journal::flush);
            files.failWrite = false;
            assertFatal(journal::flush);
            assertFatal(journal::force);
        }
    }

    private static void assertFatal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FaultException.class, e -> {
            assertThat(e.severity()).isEqualTo(Severity.FAIL_NODE);
            assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
            assertThat(e.getMessage()).contains("injected");
        });
    }

    @Test
    void fullDiskRefusesTheRollAndSpaceComesBackWithoutAHand() {
        try (Journal journal = Journals.open(directory, files)) {
            GroupLog log = journal.group(1);
            files.usableBytes = 1000;
            FaultException refused = fillUntilRefused(journal, log);
            assertThat(refused.severity()).isEqualTo(Severity.RETRY);
            assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(refused)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("4096")
                    .hasMessageContaining("1000");
            assertThat(journal.hasStaged()).isTrue();
            long last = log.lastIndex();
            assertThatThrownBy(journal::flush).isInstanceOf(FaultException.class);
            assertEntry(log, last, 1, 400);
            files.usableBytes = Long.MAX_VALUE;
            journal.flush();
            assertEntry(log, last, 1, 400);
        }
        try (Journal journal = Journals.open(directory)) {
            assertThat(journal.group(1).lastIndex()).isGreaterThan(8);
        }
    }

    private static FaultException fillUntilRefused(Journal journal, GroupLog log) {
        for (int i = 0; i < 100; i++) {
            append(log, 1, 400);
            try {
                journal.flush();
            } catch (FaultException e) {
                return e;
            }
        }
        throw new AssertionError("the full disk was not noticed");
    }

    @Test
    void fullDiskAtTheStartSaysWhatIsNeeded() {
        files.usableBytes = 4095;
        assertThatThrownBy(() -> Journals.open(directory, files))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_SPACE))
                .hasMessageContaining("4096 bytes")
                .hasMessageContaining(directory.toString());
    }

    @Test
    void directoryThatCannotBeMadeIsAFault() throws Exception {
        java.nio.file.Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> Journals.open(directory.resolve("file")))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE));
    }

    @Test
    void forceAgentPublishesWhatIsForcedAndNotMore() {
        try (Journal journal = Journals.open(directory, files)) {
            Told told = new Told();
            ForceAgent agent = new ForceAgent(journal, () -> 0, told);
            assertThat(agent.doWork()).isZero();
            append(journal.group(1), 1, 10);
            long first = journal.flush();
            append(journal.group(1), 1, 10);
            assertThat(agent.durablePosition()).isLessThan(first);
            assertThat(agent.doWork()).isPositive();
            assertThat(agent.durablePosition()).isEqualTo(first).isEqualTo(journal.forcedPosition());
            long second = journal.flush();
            agent.doWork();
            assertThat(agent.doWork()).isZero();
            assertThat(told.positions).containsExactly(first, second);
            assertThat(agent.roleName()).isEqualTo("grape-force-0");
            assertThat(agent.failure()).isNull();
        }
    }

    @Test
    void forceAgentTellsOfAFailureAndPublishesNothing() {
        try (Journal journal = Journals.open(directory, files)) {
            Told told = new Told();
            ForceAgent agent = new ForceAgent(journal, () -> 0, told);
            append(journal.group(1), 1, 10);
            long position = journal.flush();
            files.failForce = true;
            assertThatThrownBy(agent::doWork).isInstanceOf(AgentTerminationException.class);
            assertThat(agent.failure()).isNotNull();
            assertThat(told.fault).isSameAs(agent.failure());
            assertThat(told.positions).isEmpty();
            assertThat(agent.durablePosition()).isLessThan(position);
        }
    }

    @Test
    void asyncPolicyAnswersAtOnceAndForcesWhenTheIntervalIsOver() {
        JournalConfig config =
                Journals.small(directory, JournalBackEnd.WRITE).withSyncPolicy(SyncPolicy.ASYNC, 1_000_000);
        long[] nowNs = {5};
        try (Journal journal = Journal.open(config, files)) {
            ForceAgent agent = new ForceAgent(journal, () -> nowNs[0], new Told());
            agent.doWork();
            append(journal.group(1), 1, 10);
            long position = journal.flush();
            agent.doWork();
            assertThat(agent.durablePosition()).isEqualTo(position);
            assertThat(journal.forcedPosition()).isLessThan(position);
            nowNs[0] += 999_999;
            agent.doWork();
            assertThat(journal.forcedPosition()).isLessThan(position);
            nowNs[0]++;
            assertThat(agent.doWork()).isPositive();
            assertThat(journal.forcedPosition()).isEqualTo(position);
            int forces = files.forces;
            nowNs[0] += 10_000_000;
            assertThat(agent.doWork()).isZero();
            assertThat(files.forces).isEqualTo(forces);
        }
    }

    @Test
    void nonePolicyNeverForces() {
        JournalConfig config = Journals.small(directory, JournalBackEnd.WRITE).withSyncPolicy(SyncPolicy.NONE, 1);
        try (Journal journal = Journal.open(config, files)) {
            ForceAgent agent = new ForceAgent(journal, () -> Long.MAX_VALUE, new Told());
            append(journal.group(1), 1, 10);
            long position = journal.flush();
            assertThat(agent.doWork()).isPositive();
            assertThat(agent.durablePosition()).isEqualTo(position);
            assertThat(journal.forcedPosition()).isLessThan(position);
        }
    }

    private static final class Told implements ForceAgent.Listener {
        private final List<Long> positions = new ArrayList<>();
        private FaultException fault;

        @Override
        public void onDurable(long position) {
            positions.add(position);
        }

        @Override
        public void onForceFailed(FaultException failed) {
            fault = failed;
        }
    }
}
