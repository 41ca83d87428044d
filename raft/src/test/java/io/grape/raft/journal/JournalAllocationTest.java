package io.grape.raft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalAllocationTest {
    private static final int BATCH = 16;

    @TempDir
    Path directory;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[100]);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[100]);
    private final LogEntry entry = new LogEntry();

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void appendFlushForceAndReadAllocateNothing(JournalBackEnd backEnd) {
        JournalConfig config = Journals.small(directory, backEnd).withSizes(1 << 24, 1 << 20, 512);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Journal journal = Journal.open(config)) {
            GroupLog log = journal.group(1);
            run(journal, log, 1_500);
            long thread = Thread.currentThread().threadId();
            long empty = threads.getThreadAllocatedBytes(thread);
            long before = threads.getThreadAllocatedBytes(thread);
            run(journal, log, 2_000);
            long allocated = threads.getThreadAllocatedBytes(thread) - before - (before - empty);
            assertThat(allocated).as("bytes for %d entries", 2_000 * BATCH).isLessThan(2_000);
        }
    }

    private void run(Journal journal, GroupLog log, int batches) {
        for (int b = 0; b < batches; b++) {
            for (int i = 0; i < BATCH; i++) {
                log.append(log.lastIndex() + 1, 1, Journals.COMMAND, payload, 0, 100);
            }
            log.hardState(1, 1, log.lastIndex());
            journal.flush();
            if (b % 16 == 0) {
                journal.force();
            }
            for (long at = log.lastIndex() - BATCH + 1; at <= log.lastIndex(); at++) {
                log.read(at, entry);
                log.copyPayload(at, target, 0);
            }
            if (log.lastIndex() > 3_000) {
                log.compactTo(log.lastIndex() - 2_000, 1);
            }
        }
    }
}
