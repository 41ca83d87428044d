package io.grape.raft.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What {@link JournalInspector} found in a journal's directory.
 *
 * @param directory where
 * @param segments  its files, those of the journal first and by rising sequence
 * @param groups    the groups as recovery would find them; those before the damage if there is some
 * @param problems  what is wrong; empty if the journal is whole
 */
public record JournalReport(Path directory, List<SegmentFile> segments, List<Group> groups, List<Problem> problems) {

    /** What a file holds. */
    public enum FileState {
        /** A part of the journal. */
        LIVE,
        /** Nothing; it waits to be used. */
        FREE,
        /** Nothing; it was never finished. */
        UNFINISHED,
        /** Its header cannot be read. */
        DAMAGED
    }

    /**
     * One segment file.
     *
     * @param path         the file
     * @param state        what it holds
     * @param sequence     place in the journal, or -1
     * @param nodeId       owner, or -1
     * @param pipelineId   owner within the node, or -1
     * @param firstOrdinal ordinal of its first batch
     * @param batches      intact batches in it
     * @param records      records in those batches
     * @param usedBytes    bytes up to the end of the last intact batch
     * @param lengthBytes  bytes of the file
     */
    public record SegmentFile(
            Path path,
            FileState state,
            long sequence,
            int nodeId,
            int pipelineId,
            long firstOrdinal,
            long batches,
            long records,
            long usedBytes,
            long lengthBytes) {}

    /**
     * One group.
     *
     * @param groupId     group
     * @param firstIndex  first entry held
     * @param lastIndex   last entry held
     * @param lastTerm    its term
     * @param term        current term
     * @param votedFor    vote in it, or -1
     * @param commitIndex commit index as last recorded
     */
    public record Group(
            int groupId, long firstIndex, long lastIndex, long lastTerm, long term, int votedFor, long commitIndex) {}

    /**
     * Something wrong.
     *
     * @param severity whether the journal opens all the same
     * @param text     for people: file, offset, group, what was expected and found
     */
    public record Problem(Severity severity, String text) {}

    /** How bad a problem is. */
    public enum Severity {
        /** A torn tail: it is cut when the journal is opened, and nothing acknowledged is in it. */
        TORN,
        /** Damage: the journal does not open. */
        DAMAGE
    }

    /** Copies the lists. */
    public JournalReport {
        segments = List.copyOf(segments);
        groups = List.copyOf(groups);
        problems = List.copyOf(problems);
    }

    /** Returns whether the journal opens without losing anything that may have been acknowledged. */
    public boolean isSound() {
        return problems.stream().noneMatch(problem -> problem.severity() == Severity.DAMAGE);
    }

    /** Returns the report as lines for a terminal. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        text.append("journal ").append(directory).append(System.lineSeparator());
        for (SegmentFile file : segments) {
            text.append(String.format(
                    Locale.ROOT,
                    "  segment %s  %-10s  sequence %d  batches %d from %d  records %d  used %d of %d bytes%n",
                    file.path().getFileName(),
                    file.state().name().toLowerCase(Locale.ROOT),
                    file.sequence(),
                    file.batches(),
                    file.firstOrdinal(),
                    file.records(),
                    file.usedBytes(),
                    file.lengthBytes()));
        }
        for (Group group : groups) {
            text.append(String.format(
                    Locale.ROOT,
                    "  group %d  entries %d to %d (term %d)  term %d  vote %d  commit %d%n",
                    group.groupId(),
                    group.firstIndex(),
                    group.lastIndex(),
                    group.lastTerm(),
                    group.term(),
                    group.votedFor(),
                    group.commitIndex()));
        }
        for (Problem problem : problems) {
            text.append(String.format(
                    Locale.ROOT, "  %s: %s%n", problem.severity().name().toLowerCase(Locale.ROOT), problem.text()));
        }
        text.append(isSound() ? "sound" : "DAMAGED").append(System.lineSeparator());
        return text.toString();
    }
}
