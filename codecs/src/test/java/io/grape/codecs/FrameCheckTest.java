package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendEntriesEncoder;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameCheckTest {
    private static final short NEWER_VERSION = MessageHeaderDecoder.SCHEMA_VERSION + 1;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    @Test
    void anotherSchemaIsRefusedAsUnsupported() {
        int length = upsert(0);
        buffer.putShort(MessageHeaderDecoder.schemaIdEncodingOffset(), (short) 8, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void versionZeroIsRefusedAsUnsupported() {
        int length = upsert(0);
        buffer.putShort(MessageHeaderDecoder.versionEncodingOffset(), (short) 0, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void anUnknownTemplateIsUnsupportedFromANewerAndMalformedFromThisVersion() {
        int length = upsert(0);
        buffer.putShort(MessageHeaderDecoder.templateIdEncodingOffset(), (short) 99, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        buffer.putShort(MessageHeaderDecoder.versionEncodingOffset(), NEWER_VERSION, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void anUnknownEnumValueInAGroupIsAcceptedFromANewerAndMalformedFromThisVersion() {
        AppendEntriesEncoder append = new AppendEntriesEncoder().wrapAndApplyHeader(buffer, 0, header);
        append.entriesCount(2).next().term(1).entryType(EntryType.COMMAND).length(0);
        int second = append.limit() + AppendEntriesEncoder.EntriesEncoder.entryTypeEncodingOffset();
        append.limit(append.limit() + AppendEntriesEncoder.EntriesEncoder.sbeBlockLength());
        buffer.putByte(second, (byte) 77);
        append.putPayloads(new byte[0], 0, 0);
        int length = HEADER + append.encodedLength();
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        buffer.putShort(MessageHeaderDecoder.versionEncodingOffset(), NEWER_VERSION, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);
        buffer.putShort(
                MessageHeaderDecoder.versionEncodingOffset(),
                (short) MessageHeaderDecoder.SCHEMA_VERSION,
                ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(second, (byte) EntryType.NO_OP.value());
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);
    }

    @Test
    void theLargestGroupDoesNotOverflowIntoAcceptance() {
        int length = upsert(0);
        int group = HEADER + UpsertEncoder.BLOCK_LENGTH;
        buffer.putShort(group, (short) 0xFFFF, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(group + 2, (short) 0xFFFE, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void theLargestDataLengthDoesNotOverflowIntoAcceptance() {
        int length = upsert(0);
        buffer.putInt(length - 4, 0xFFFF_FFFF, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void aCountThatStandsForNullIsRefused() {
        int length = upsert(0);
        buffer.putShort(HEADER + UpsertEncoder.BLOCK_LENGTH + 2, (short) 0xFFFF, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void aShorterBlockThanTheOldestVersionsIsRefused() {
        int length = upsert(0);
        short blockLength = (short) (UpsertEncoder.BLOCK_LENGTH - 1);
        buffer.putShort(MessageHeaderDecoder.blockLengthEncodingOffset(), blockLength, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void aBlockOfAnOlderVersionIsAcceptedFromThatVersionOnly() {
        DeleteEncoder delete = new DeleteEncoder().wrapAndApplyHeader(buffer, 0, header);
        int oldBlock = DeleteDecoder.knownIndexEncodingOffset();
        int oldElement = DeleteDecoder.PointsDecoder.expectedVersionEncodingOffset();
        delete.collectionId(7);
        int group = HEADER + oldBlock;
        buffer.putShort(MessageHeaderDecoder.blockLengthEncodingOffset(), (short) oldBlock, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(group, (short) oldElement, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(group + 2, (short) 2, ByteOrder.LITTLE_ENDIAN);
        buffer.setMemory(group + 4, 2 * oldElement, (byte) 9);
        int length = group + 4 + 2 * oldElement;
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        buffer.putShort(MessageHeaderDecoder.versionEncodingOffset(), (short) 1, ByteOrder.LITTLE_ENDIAN);
        assertThat(FrameCheck.check(buffer, 0, length)).isSameAs(ErrorCode.OK);

        DeleteDecoder old = new DeleteDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        assertThat(old.knownIndex()).isEqualTo(DeleteDecoder.knownIndexNullValue());
        DeleteDecoder.PointsDecoder points = old.points();
        assertThat(points.next().expectedVersion()).isEqualTo(DeleteDecoder.PointsDecoder.expectedVersionNullValue());
        assertThat(points.next().id().least()).isEqualTo(0x0909_0909_0909_0909L);
    }

    @Test
    void aFrameInTheMiddleOfABufferIsHeldToItsOwnEnd() {
        int length = upsert(100);
        assertThat(FrameCheck.check(buffer, 100, length)).isSameAs(ErrorCode.OK);
        assertThat(FrameCheck.check(buffer, 100, length - 1)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        assertThat(FrameCheck.check(buffer, 100, length + 1)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void anExtentOutsideOfTheBufferIsRefused() {
        upsert(0);
        assertThat(FrameCheck.check(buffer, -1, 100)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        assertThat(FrameCheck.check(buffer, 0, -1)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        assertThat(FrameCheck.check(buffer, 4090, 100)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        assertThat(FrameCheck.check(buffer, Integer.MAX_VALUE, 100)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
        assertThat(FrameCheck.check(buffer, 0, Integer.MAX_VALUE)).isSameAs(ErrorCode.MALFORMED_MESSAGE);
    }

    @Test
    void anUnknownEnumValueDecodesToUnknown() {
        SearchDecoder search = new SearchDecoder();
        search.wrap(buffer, 0, SearchDecoder.BLOCK_LENGTH, SearchDecoder.SCHEMA_VERSION);
        buffer.putByte(SearchDecoder.consistencyEncodingOffset(), (byte) 99);
        assertThat(search.consistency()).isSameAs(Consistency.SBE_UNKNOWN);
    }

    private int upsert(int offset) {
        UpsertEncoder upsert = new UpsertEncoder().wrapAndApplyHeader(buffer, offset, header);
        upsert.dimension(1).pointsCount(1).next().payloadLength(0).id().most(0).least(1);
        upsert.putVectors(new byte[4], 0, 4).putPayloads(new byte[0], 0, 0);
        return HEADER + upsert.encodedLength();
    }
}
