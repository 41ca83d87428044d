package io.grape.raft.journal.segment;

import io.grape.codecs.FaultException;
import io.grape.codecs.FaultException.Severity;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.segment.SegmentDescriptor.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the segment files that a directory holds, and sorts them into those of the journal and those that are free.
 *
 * <p>Thread: the one that opens the journal.
 */
public final class SegmentDirectory {
    private final SegmentPool.Settings settings;
    private final FileOps files;
    private final List<Live> live = new ArrayList<>();
    private final List<Segment> free = new ArrayList<>();
    private final List<Segment> headless = new ArrayList<>();
    private int nextFileNumber;

    /**
     * A segment of the journal and its header.
     *
     * @param segment the open file
     * @param header  what it says of itself
     */
    public record Live(Segment segment, Header header) {}

    /**
     * @param settings what is expected of the files
     * @param files    the file system
     */
    public SegmentDirectory(SegmentPool.Settings settings, FileOps files) {
        this.settings = settings;
        this.files = files;
    }

    /** Returns the journal's segments by rising sequence; one may be missing. */
    public List<Live> live() {
        return live;
    }

    /** Returns the files that hold no part of the journal. */
    public List<Segment> free() {
        return free;
    }

    /** Returns the number for the next new file's name. */
    public int nextFileNumber() {
        return nextFileNumber;
    }

    /**
     * Opens every segment file.
     *
     * @param frames tells whether a file without a header holds frames of a generation
     * @throws FaultException DATA_CORRUPT if a header is damaged, or a file is short
     * @throws GrapeException DATA_OWNED_BY_OTHER_NODE, DATA_FORMAT_UNSUPPORTED or INVALID_CONFIGURATION
     */
    public void load(FrameFinder frames) throws IOException {
        files.createDirectories(settings.directory());
        for (Path path : files.list(settings.directory(), SegmentDescriptor.FILE_SUFFIX)) {
            nextFileNumber = Math.max(nextFileNumber, numberOf(path) + 1);
            open(path);
        }
        live.sort(Comparator.comparingLong(found -> found.header().sequence()));
        checkHeadless(frames);
        for (int i = 1; i < live.size(); i++) {
            long sequence = live.get(i).header().sequence();
            if (live.get(i - 1).header().sequence() == sequence) {
                throw corrupt(live.get(i).segment().path(), "has the same sequence " + sequence + " as another", null);
            }
        }
    }

    /** Unmaps and closes all that was opened. */
    public void close() throws IOException {
        for (Live found : live) {
            found.segment().close();
        }
        for (Segment segment : free) {
            segment.close();
        }
        for (Segment segment : headless) {
            segment.close();
        }
    }

    /** Looks for frames in a file whose header is gone. */
    @FunctionalInterface
    public interface FrameFinder {
        /** Returns the offset of a frame with this salt, or -1. */
        int find(Segment segment, int salt);
    }

    private void open(Path path) throws IOException {
        JournalFile file = files.open(path, false);
        long length = file.length();
        Header header = null;
        if (length >= SegmentDescriptor.HEADER_LENGTH) {
            ByteBuffer start = file.map(false, SegmentDescriptor.HEADER_LENGTH);
            header = SegmentDescriptor.decode(start);
            file.unmap(start);
        }
        if (header != null) {
            checkHeader(path, file, header);
        }
        if (length != settings.segmentBytes()) {
            file.close();
            if (header != null) {
                throw corrupt(path, "is " + length + " bytes long instead of " + header.segmentLength(), null);
            }
            // Never finished: the header is written last.
            files.delete(path);
            return;
        }
        Segment segment = new Segment(path, file, file.map(settings.mapWritable(), settings.segmentBytes()));
        if (header == null) {
            headless.add(segment);
        } else if (header.sequence() == SegmentDescriptor.FREE) {
            free.add(segment);
        } else {
            segment.assign(header.sequence(), header.salt());
            live.add(new Live(segment, header));
        }
    }

    private void checkHeader(Path path, JournalFile file, Header header) throws IOException {
        GrapeException problem = null;
        if (header.formatVersion() > SegmentDescriptor.FORMAT_VERSION) {
            problem = new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    "journal segment " + path + " has format version " + header.formatVersion()
                            + "; this version of Grape reads up to " + SegmentDescriptor.FORMAT_VERSION);
        } else if (header.nodeId() != settings.nodeId() || header.pipelineId() != settings.pipelineId()) {
            problem = new GrapeException(
                    ErrorCode.DATA_OWNED_BY_OTHER_NODE,
                    "journal segment " + path + " belongs to pipeline " + header.pipelineId() + " of node "
                            + header.nodeId() + ", not to pipeline " + settings.pipelineId() + " of node "
                            + settings.nodeId());
        } else if (header.segmentLength() != settings.segmentBytes()) {
            problem = new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "journal.segmentBytes is " + settings.segmentBytes() + ", but the journal in "
                            + settings.directory() + " was made with " + header.segmentLength()
                            + ": set it to that value");
        }
        if (problem != null) {
            file.close();
            throw problem;
        }
    }

    /** A file without a valid header was never finished, or its header is damaged: its frames tell. */
    private void checkHeadless(FrameFinder frames) throws IOException {
        for (Segment segment : headless) {
            boolean blank = new UnsafeBuffer(segment.mapping()).getLong(SegmentDescriptor.MAGIC_OFFSET) == 0;
            if (live.isEmpty() && !blank) {
                throw corrupt(segment.path(), "has a damaged header", null);
            }
            for (long sequence : candidates()) {
                int salt = SegmentDescriptor.saltOf(
                        sequence,
                        SegmentDescriptor.journalSaltOf(live.getFirst().header()));
                int frame = frames.find(segment, salt);
                if (frame >= 0) {
                    throw corrupt(
                            segment.path(),
                            "has a damaged header at offset 0, but holds a batch of sequence " + sequence
                                    + " at offset " + frame,
                            null);
                }
            }
            segment.close();
            files.delete(segment.path());
        }
        headless.clear();
    }

    private List<Long> candidates() {
        List<Long> sequences = new ArrayList<>();
        if (live.isEmpty()) {
            return sequences;
        }
        long first = live.getFirst().header().sequence();
        long last = live.getLast().header().sequence();
        for (long sequence = Math.max(0, first - 1); sequence <= last + 1; sequence++) {
            long wanted = sequence;
            if (live.stream().noneMatch(found -> found.header().sequence() == wanted)) {
                sequences.add(sequence);
            }
        }
        return sequences;
    }

    private static int numberOf(Path path) {
        String name = String.valueOf(path.getFileName());
        String number = name.substring(0, name.length() - SegmentDescriptor.FILE_SUFFIX.length());
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw corrupt(path, "does not have a name of the journal", e);
        }
    }

    private static FaultException corrupt(Path path, String problem, @Nullable Throwable cause) {
        return new FaultException(
                Severity.FAIL_NODE,
                ErrorCode.DATA_CORRUPT,
                "journal segment " + path + " " + problem
                        + ": restore this node's data from its peers or from a backup",
                cause);
    }
}
