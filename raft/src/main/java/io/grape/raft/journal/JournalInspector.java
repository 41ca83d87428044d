package io.grape.raft.journal;

import io.grape.codecs.GrapeException;
import io.grape.raft.journal.JournalReport.FileState;
import io.grape.raft.journal.JournalReport.Problem;
import io.grape.raft.journal.JournalReport.SegmentFile;
import io.grape.raft.journal.record.FrameReader;
import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.JournalFile;
import io.grape.raft.journal.segment.PlatformFiles;
import io.grape.raft.journal.segment.Segment;
import io.grape.raft.journal.segment.SegmentDescriptor;
import io.grape.raft.journal.segment.SegmentDescriptor.Header;
import io.grape.raft.journal.segment.SegmentDirectory.Live;
import io.grape.raft.journal.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a journal without changing a byte of it; needs no configuration and never throws on what the files hold.
 *
 * <p>Any thread. The journal may be open elsewhere; then its end is a moment's view.
 */
public final class JournalInspector {
    private static final int REPLAY_BATCH_BYTES = 1024;

    private final Path directory;
    private final FileOps files;
    private final List<SegmentFile> reports = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Live> live = new ArrayList<>();
    private final List<Segment> opened = new ArrayList<>();

    private JournalInspector(Path directory, FileOps files) {
        this.directory = directory;
        this.files = files;
    }

    /** As {@link #inspect(Path, FileOps)}, on the platform's files. */
    public static JournalReport inspect(Path directory) throws IOException {
        return inspect(directory, new PlatformFiles());
    }

    /**
     * Reads all segment files of a directory, checks every checksum, and judges the whole as opening it would.
     *
     * @throws IOException if the directory or a file cannot be read
     */
    public static JournalReport inspect(Path directory, FileOps files) throws IOException {
        JournalInspector inspector = new JournalInspector(directory, files);
        try {
            return inspector.inspect();
        } finally {
            for (Segment segment : inspector.opened) {
                segment.close();
            }
        }
    }

    private JournalReport inspect() throws IOException {
        for (Path path : files.list(directory, SegmentDescriptor.FILE_SUFFIX)) {
            open(path);
        }
        live.sort(Comparator.comparingLong(found -> found.header().sequence()));
        reports.sort(Comparator.comparingLong(
                (SegmentFile file) -> file.state() == FileState.LIVE ? file.sequence() : Long.MAX_VALUE));
        return new JournalReport(directory, reports, replay(), problems);
    }

    private void open(Path path) throws IOException {
        JournalFile file = files.open(path, true);
        long length = file.length();
        if (length < SegmentDescriptor.HEADER_LENGTH || length > JournalConfig.MAX_SEGMENT_BYTES) {
            file.close();
            reports.add(report(path, FileState.UNFINISHED, null, length));
            return;
        }
        Segment segment = new Segment(path, file, file.map(false, (int) length));
        opened.add(segment);
        Header header = SegmentDescriptor.decode(segment.mapping());
        if (header == null) {
            boolean blank = segment.buffer().getLong(SegmentDescriptor.MAGIC_OFFSET) == 0;
            reports.add(report(path, blank ? FileState.UNFINISHED : FileState.DAMAGED, null, length));
            if (!blank) {
                damage("journal segment " + path + " has a damaged header at offset 0");
            }
        } else if (header.formatVersion() > SegmentDescriptor.FORMAT_VERSION) {
            reports.add(report(path, FileState.DAMAGED, header, length));
            damage("journal segment " + path + " has format version " + header.formatVersion()
                    + ", which cannot be read here");
        } else if (header.sequence() == SegmentDescriptor.FREE) {
            reports.add(report(path, FileState.FREE, header, length));
        } else if (header.segmentLength() != length) {
            reports.add(report(path, FileState.DAMAGED, header, length));
            damage("journal segment " + path + " is " + length + " bytes long instead of " + header.segmentLength());
        } else {
            segment.assign(header.sequence(), header.salt());
            live.add(new Live(segment, header));
            reports.add(walk(segment, header));
        }
    }

    /** Reads every frame of one segment, whatever the others hold, and goes on behind damage. */
    private SegmentFile walk(Segment segment, Header header) {
        FrameReader reader = new FrameReader(segment.mapping(), segment.length(), segment.salt());
        long batches = 0;
        long records = 0;
        int end = SegmentDescriptor.HEADER_LENGTH;
        int offset = reader.nextBatchHeader(end);
        while (offset != FrameReader.NULL_OFFSET) {
            int next = offset + 1;
            if (reader.isFrame(offset)) {
                batches++;
                records += reader.records(offset);
                next = offset + reader.frameLength(offset);
                end = next;
                int damaged = reader.firstDamagedRecord(offset);
                if (damaged != FrameReader.NULL_OFFSET) {
                    damage("journal segment " + segment.path() + " holds a record at offset " + damaged
                            + " that fails its own check inside of a batch that passes");
                }
            }
            offset = reader.nextBatchHeader(next);
        }
        return new SegmentFile(
                segment.path(),
                FileState.LIVE,
                header.sequence(),
                header.nodeId(),
                header.pipelineId(),
                header.firstOrdinal(),
                batches,
                records,
                end,
                segment.length());
    }

    private List<JournalReport.Group> replay() {
        List<JournalReport.Group> groups = new ArrayList<>();
        if (live.isEmpty()) {
            return groups;
        }
        Header first = live.getFirst().header();
        int segmentBytes = live.getFirst().segment().length();
        if (Integer.bitCount(segmentBytes) != 1 || segmentBytes < JournalConfig.MIN_SEGMENT_BYTES) {
            damage("the segments in " + directory + " have the impossible length " + segmentBytes);
            return groups;
        }
        JournalConfig config = JournalConfig.defaults(directory, first.nodeId(), first.pipelineId())
                .withSizes(segmentBytes, REPLAY_BATCH_BYTES, 0);
        JournalWriter writer = new JournalWriter(config, new SegmentTable(segmentBytes), new Poison());
        try {
            JournalScan.End end = new JournalScan(live, new RecordReplay(writer), false).scan();
            if (end.tornBytes() > 0) {
                Segment last = live.get(end.last()).segment();
                problems.add(new Problem(
                        JournalReport.Severity.TORN,
                        "journal segment " + last.path() + " (sequence " + last.sequence()
                                + ") ends with a torn batch at offset " + end.offset()
                                + "; it is cut when the journal is opened"));
            }
        } catch (GrapeException e) {
            damage(String.valueOf(e.getMessage()));
        }
        for (GroupLog log : writer.groups()) {
            groups.add(new JournalReport.Group(
                    log.groupId(),
                    log.firstIndex(),
                    log.lastIndex(),
                    log.current().lastTerm,
                    log.current().term,
                    log.current().votedFor,
                    log.current().commitIndex));
        }
        groups.sort(Comparator.comparingInt(JournalReport.Group::groupId));
        return groups;
    }

    private void damage(String text) {
        problems.add(new Problem(JournalReport.Severity.DAMAGE, text));
    }

    private static SegmentFile report(Path path, FileState state, @Nullable Header header, long length) {
        return new SegmentFile(
                path,
                state,
                SegmentDescriptor.FREE,
                header == null ? -1 : header.nodeId(),
                header == null ? -1 : header.pipelineId(),
                0,
                0,
                0,
                0,
                length);
    }
}
