package io.grape.benchmarks.micro;

import io.grape.codecs.sbe.AppendEntriesEncoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes the messages that benchmarks and the allocation gate work on. Not thread-safe; allocates only when made. */
public final class SampleFrames {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UpsertEncoder upsert = new UpsertEncoder();
    private final AppendEntriesEncoder append = new AppendEntriesEncoder();

    /** Writes an upsert of so many points and returns the frame's length. */
    public int upsert(UnsafeBuffer buffer, int points, int dimension, byte[] vectors) {
        upsert.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(1)
                .correlationId(2)
                .clientId(3)
                .sequence(4)
                .acknowledgedThrough(3)
                .tableEpoch(1)
                .collectionId(1)
                .dimension(dimension)
                .knownIndex(0);
        UpsertEncoder.PointsEncoder encoded = upsert.pointsCount(points);
        for (int i = 0; i < points; i++) {
            encoded.next()
                    .payloadLength(0)
                    .expectedVersion(UpsertEncoder.PointsEncoder.expectedVersionNullValue())
                    .id()
                    .most(0)
                    .least(i);
        }
        upsert.putVectors(vectors, 0, points * dimension * Float.BYTES).putPayloads(vectors, 0, 0);
        return MessageHeaderEncoder.ENCODED_LENGTH + upsert.encodedLength();
    }

    /** Writes an append of so many entries and returns the frame's length. */
    public int append(UnsafeBuffer buffer, int entries, int entryLength, byte[] payload) {
        append.wrapAndApplyHeader(buffer, 0, header)
                .groupId(0)
                .sourceNodeId(1)
                .incarnation(1)
                .term(7)
                .prevLogIndex(100)
                .prevLogTerm(7)
                .leaderCommit(99)
                .requestId(5)
                .readId(0);
        AppendEntriesEncoder.EntriesEncoder encoded = append.entriesCount(entries);
        for (int i = 0; i < entries; i++) {
            encoded.next().term(7).entryType(EntryType.COMMAND).length(entryLength);
        }
        append.putPayloads(payload, 0, entries * entryLength);
        return MessageHeaderEncoder.ENCODED_LENGTH + append.encodedLength();
    }
}
