package io.grape.raft.journal;

import io.grape.raft.journal.segment.AppendBackEnd;
import java.util.Locale;

/** How batches get into segment files. */
public enum JournalBackEnd {
    /** Positional writes; readers use a read-only mapping. */
    WRITE,
    /** Stores into a writable mapping. */
    MAPPED;

    AppendBackEnd newAppender() {
        return switch (this) {
            case WRITE -> new AppendBackEnd.PositionalWrite();
            case MAPPED -> new AppendBackEnd.MappedStore();
        };
    }

    /** Returns the name used in configuration, metrics and benchmarks. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
