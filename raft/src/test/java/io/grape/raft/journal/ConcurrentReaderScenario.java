package io.grape.raft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The apply thread reads right behind the writer, while index and segment table grow under it. */
class ConcurrentReaderScenario {
    private static final Path DIRECTORY = Path.of("virtual");
    private static final int ENTRIES = 150_000;

    private final AtomicLong commitIndex = new AtomicLong();
    private volatile boolean stopped;

    @ParameterizedTest(name = "({0})")
    @EnumSource(JournalBackEnd.class)
    void readerSeesEveryCommittedEntryWhole(JournalBackEnd backEnd) throws Exception {
        JournalConfig config = Journals.small(DIRECTORY, backEnd).withSizes(1 << 16, 1 << 14, 512);
        try (Journal journal = Journal.open(config, new VirtualFiles())) {
            GroupLog log = journal.group(1);
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> readAll(log));
            UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);
            try {
                for (long index = 1; index <= ENTRIES; index++) {
                    int length = (int) (8 + index % 7 * 8);
                    for (int at = 0; at < length; at += 8) {
                        payload.putLong(at, index * 31);
                    }
                    log.append(index, 1 + index / 1000, Journals.COMMAND, payload, 0, length);
                    if (index % 37 == 0 || index == ENTRIES) {
                        journal.flush();
                        commitIndex.setRelease(index);
                    }
                }
                assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(ENTRIES);
            } finally {
                stopped = true;
                read.handle((count, failure) -> 0).get(60, TimeUnit.SECONDS);
            }
        }
    }

    private long readAll(GroupLog log) {
        LogEntry entry = new LogEntry();
        long applied = 0;
        while (applied < ENTRIES && !stopped) {
            long commit = commitIndex.getAcquire();
            if (applied == commit) {
                LockSupport.parkNanos(1_000);
            }
            while (applied < commit) {
                applied++;
                log.read(applied, entry);
                check(applied, entry);
            }
        }
        return applied;
    }

    private static void check(long index, LogEntry entry) {
        int length = (int) (8 + index % 7 * 8);
        if (entry.index() != index
                || entry.term() != 1 + index / 1000
                || entry.payload().capacity() != length) {
            throw new AssertionError("entry " + index + " reads as " + entry.index() + " of term " + entry.term());
        }
        for (int at = 0; at < length; at += 8) {
            if (entry.payload().getLong(at) != index * 31) {
                throw new AssertionError("entry " + index + " is torn at byte " + at);
            }
        }
    }
}
