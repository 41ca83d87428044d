package io.grape.raft.journal;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.record.RecordDescriptor;
import io.grape.raft.journal.segment.SegmentDescriptor;
import java.nio.file.Path;

/**
 * Configuration of one journal.
 *
 * @param directory where its segments lie; nothing else may
 * @param nodeId owner, checked against what the segments say
 * @param pipelineId owner within the node, checked likewise
 * @param segmentBytes bytes of a segment file; a power of two, fixed when the journal is made
 * @param maxBatchBytes bytes of the longest batch frame; at most what a segment holds
 * @param maxEntryBytes bytes of the longest payload of an entry; at most what a batch holds
 * @param backEnd how batches are written
 * @param syncPolicy what replies wait for
 * @param asyncForceNs nanoseconds between forces under {@link SyncPolicy#ASYNC}
 * @param minFreeBytes bytes that must stay free on the volume when a segment is made
 * @param salt a random number, another at each opening: salts the checksums of a new journal, and marks the batches of this
 *     opening
 * @param maxAmplification bytes of segments to keep for one byte that a log needs, before entries are copied forward
 */
public record JournalConfig(
        Path directory,
        int nodeId,
        int pipelineId,
        int segmentBytes,
        int maxBatchBytes,
        int maxEntryBytes,
        JournalBackEnd backEnd,
        SyncPolicy syncPolicy,
        long asyncForceNs,
        long minFreeBytes,
        int salt,
        int maxAmplification) {

    /** Smallest segment. */
    public static final int MIN_SEGMENT_BYTES = 1 << 12;

    /** Largest segment. */
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    public JournalConfig {
        require(
                Integer.bitCount(segmentBytes) == 1
                        && segmentBytes >= MIN_SEGMENT_BYTES
                        && segmentBytes <= MAX_SEGMENT_BYTES,
                "journal.segmentBytes must be a power of two from 4 KiB to 1 GiB, not " + segmentBytes);
        require(
                maxBatchBytes <= segmentBytes - SegmentDescriptor.HEADER_LENGTH - RecordDescriptor.FRAME_OVERHEAD,
                "journal.maxBatchBytes " + maxBatchBytes + " does not fit into a segment of " + segmentBytes);
        require(
                maxEntryBytes >= 0 && maxEntryBytes <= maxBatchBytes - entryOverhead(),
                "journal.maxEntryBytes " + maxEntryBytes + " does not fit into a batch of " + maxBatchBytes);
        require(asyncForceNs > 0, "journal.asyncForceNs must be positive, not " + asyncForceNs);
        require(maxAmplification >= 2, "journal.maxAmplification must be at least 2, not " + maxAmplification);
        require(minFreeBytes >= 0, "journal.minFreeBytes must not be negative: " + minFreeBytes);
    }

    /** Returns the defaults: 64 MiB segments, batches up to 16 MiB, entries up to 4 MiB, positional writes, force. */
    public static JournalConfig defaults(Path directory, int nodeId, int pipelineId) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                64 << 20,
                16 << 20,
                4 << 20,
                JournalBackEnd.WRITE,
                SyncPolicy.FORCE,
                10_000_000L,
                256L << 20,
                0,
                4);
    }

    /** Returns a copy with other sizes. */
    public JournalConfig withSizes(int newSegmentBytes, int newMaxBatchBytes, int newMaxEntryBytes) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                newSegmentBytes,
                newMaxBatchBytes,
                newMaxEntryBytes,
                backEnd,
                syncPolicy,
                asyncForceNs,
                minFreeBytes,
                salt,
                maxAmplification);
    }

    /** Returns a copy with another back end. */
    public JournalConfig withBackEnd(JournalBackEnd newBackEnd) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                segmentBytes,
                maxBatchBytes,
                maxEntryBytes,
                newBackEnd,
                syncPolicy,
                asyncForceNs,
                minFreeBytes,
                salt,
                maxAmplification);
    }

    /** Returns a copy with another sync policy. */
    public JournalConfig withSyncPolicy(SyncPolicy newSyncPolicy, long newAsyncForceNs) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                segmentBytes,
                maxBatchBytes,
                maxEntryBytes,
                backEnd,
                newSyncPolicy,
                newAsyncForceNs,
                minFreeBytes,
                salt,
                maxAmplification);
    }

    /** Returns a copy that keeps another number of bytes free, with another salt for a new journal. */
    public JournalConfig withMinFreeAndSalt(long newMinFreeBytes, int newSalt) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                segmentBytes,
                maxBatchBytes,
                maxEntryBytes,
                backEnd,
                syncPolicy,
                asyncForceNs,
                newMinFreeBytes,
                newSalt,
                maxAmplification);
    }

    /** Returns a copy with another bound on amplification. */
    public JournalConfig withMaxAmplification(int newMaxAmplification) {
        return new JournalConfig(
                directory,
                nodeId,
                pipelineId,
                segmentBytes,
                maxBatchBytes,
                maxEntryBytes,
                backEnd,
                syncPolicy,
                asyncForceNs,
                minFreeBytes,
                salt,
                newMaxAmplification);
    }

    /** Bytes that a batch of one entry needs besides the payload: frame, record header, padding, one hard state. */
    private static int entryOverhead() {
        return RecordDescriptor.FRAME_OVERHEAD
                + RecordDescriptor.HEADER_LENGTH
                + RecordDescriptor.ALIGNMENT
                + RecordDescriptor.HARD_STATE_LENGTH;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, message);
        }
    }
}
