package io.grape.benchmarks.journal;

import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalBackEnd;
import io.grape.raft.journal.JournalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** The journal: entries of 512 bytes dealt to the groups in turn until the batch is long enough, flush, force. */
final class JournalLoop implements Contender {
    private static final int ENTRY_BYTES = 512;
    private static final int RECORD_BYTES = ENTRY_BYTES + 32;
    private static final short COMMAND = 1;

    private final Path directory;
    private final Journal journal;
    private final GroupLog[] groups;
    private final int entriesPerBatch;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[ENTRY_BYTES]);
    private int next;

    private JournalLoop(Path directory, Journal journal, GroupLog[] groups, int entriesPerBatch) {
        this.directory = directory;
        this.journal = journal;
        this.groups = groups;
        this.entriesPerBatch = entriesPerBatch;
    }

    static JournalLoop open(Path parent, JournalBackEnd backEnd, int segmentBytes, int groupCount, int batchBytes) {
        Path directory =
                parent.resolve(String.format(Locale.ROOT, "%s-%d-%d", backEnd.configName(), groupCount, batchBytes));
        Journal journal = Journal.open(
                JournalConfig.defaults(directory, 1, 0).withBackEnd(backEnd).withSizes(segmentBytes, 4 << 20, 1 << 20));
        GroupLog[] groups = new GroupLog[groupCount];
        for (int i = 0; i < groupCount; i++) {
            groups[i] = journal.group(i);
        }
        return new JournalLoop(directory, journal, groups, Math.max(1, batchBytes / RECORD_BYTES));
    }

    @Override
    public String name() {
        return String.format(
                Locale.ROOT, "journal %s, groups %d", journal.config().backEnd().configName(), groups.length);
    }

    @Override
    public void batch() {
        stage();
        journal.flush();
        journal.force();
    }

    Journal journal() {
        return journal;
    }

    /** Stages one batch, and has the journal give back what it no longer needs. */
    void stage() {
        for (int i = 0; i < entriesPerBatch; i++) {
            GroupLog group = groups[next];
            next = next + 1 == groups.length ? 0 : next + 1;
            long index = group.lastIndex() + 1;
            group.append(index, 1, COMMAND, payload, 0, ENTRY_BYTES);
            if (index % 64 == 0) {
                group.appliedThrough(index - 32);
                group.compactTo(index - 32, 1);
            }
        }
        journal.maintain();
    }

    @Override
    public void close() throws IOException {
        journal.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
