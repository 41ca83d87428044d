package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.schema.Frames;
import io.grape.codecs.schema.Frames.Frame;
import io.grape.codecs.schema.Schema;
import io.grape.codecs.schema.Schema.Message;
import java.nio.ByteOrder;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;

class FrameCheckProperty {
    private static final Schema SCHEMA = Schema.load();
    private static final Frames FRAMES = new Frames(SCHEMA);
    private static final int BLOCK_LENGTH_OFFSET = MessageHeaderDecoder.blockLengthEncodingOffset();
    private static final int VERSION_OFFSET = MessageHeaderDecoder.versionEncodingOffset();

    @Property(tries = 200, seed = "20261123")
    void whatAnEncoderWroteIsAcceptedAndDecodesToTheSameValues(@ForAll long seed) {
        Random random = new Random(seed);
        for (Message message : SCHEMA.messages()) {
            Frame frame = FRAMES.write(message, random);
            assertThat(check(frame.buffer())).as(message.name()).isSameAs(ErrorCode.OK);
            assertThat(FRAMES.read(message, frame.buffer(), 0)).isEqualTo(frame.values());
        }
    }

    @Property(tries = 20, seed = "20261123")
    void everyTruncationOfEveryMessageIsRefused(@ForAll long seed) {
        Random random = new Random(seed);
        for (Message message : SCHEMA.messages()) {
            Frame frame = FRAMES.write(message, random);
            for (int length = 0; length < frame.length(); length++) {
                // The bytes are all there: only the stated length says where the frame ends.
                assertThat(FrameCheck.check(frame.buffer(), 0, length))
                        .as("%s cut to %d of %d", message.name(), length, frame.length())
                        .isSameAs(ErrorCode.MALFORMED_MESSAGE);
            }
        }
    }

    @Property(tries = 100, seed = "20261123")
    void bytesAfterTheLastFieldAreRefusedFromAnEqualAndAcceptedFromANewerVersion(@ForAll long seed) {
        Random random = new Random(seed);
        for (Message message : SCHEMA.messages()) {
            Frame frame = FRAMES.write(message, random);
            byte[] longer = new byte[frame.length() + 1 + random.nextInt(20)];
            frame.buffer().getBytes(0, longer, 0, frame.length());
            UnsafeBuffer buffer = new UnsafeBuffer(longer);
            assertThat(check(buffer)).as(message.name()).isSameAs(ErrorCode.MALFORMED_MESSAGE);
            buffer.putShort(VERSION_OFFSET, (short) (SCHEMA.version() + 1), ByteOrder.LITTLE_ENDIAN);
            assertThat(check(buffer)).as(message.name()).isSameAs(ErrorCode.OK);
        }
    }

    @Property(tries = 100, seed = "20261123")
    void aBlockGrownByANewerVersionStillDecodesToTheKnownFields(@ForAll long seed) {
        Random random = new Random(seed);
        for (Message message : SCHEMA.messages()) {
            Frame frame = FRAMES.write(message, random);
            int end = MessageHeaderDecoder.ENCODED_LENGTH + SCHEMA.blockLength(message);
            int growth = 1 + random.nextInt(30);
            UnsafeBuffer grown = new UnsafeBuffer(new byte[frame.length() + growth]);
            grown.putBytes(0, frame.buffer(), 0, end);
            grown.putBytes(end + growth, frame.buffer(), end, frame.length() - end);
            short blockLength = (short) (SCHEMA.blockLength(message) + growth);
            grown.putShort(BLOCK_LENGTH_OFFSET, blockLength, ByteOrder.LITTLE_ENDIAN);
            grown.putShort(VERSION_OFFSET, (short) (SCHEMA.version() + 1), ByteOrder.LITTLE_ENDIAN);
            assertThat(check(grown)).as(message.name()).isSameAs(ErrorCode.OK);
            assertThat(FRAMES.read(message, grown, 0)).isEqualTo(frame.values());
        }
    }

    @Property(tries = 400, seed = "20261123")
    void whatIsAcceptedAfterDamageDecodesWithoutAnException(@ForAll long seed) {
        Random random = new Random(seed);
        for (Message message : SCHEMA.messages()) {
            Frame frame = FRAMES.write(message, random);
            int damages = 1 + random.nextInt(4);
            for (int i = 0; i < damages; i++) {
                // Headers and lengths stand early; the template id is left, or another message would be tested.
                int at = random.nextInt(frame.length());
                if (at != 2 && at != 3) {
                    frame.buffer().putByte(at, (byte) interesting(random));
                }
            }
            if (check(frame.buffer()) == ErrorCode.OK) {
                assertThat(FRAMES.read(message, frame.buffer(), 0)).isNotEmpty();
            }
        }
    }

    @Property(tries = 1000, seed = "20261123")
    void randomBytesBehindAGoodHeaderAreRefusedOrDecode(@ForAll long seed) {
        Random random = new Random(seed);
        Message message = SCHEMA.messages().get(random.nextInt(SCHEMA.messages().size()));
        Frame frame = FRAMES.write(message, random);
        byte[] bytes = new byte[MessageHeaderDecoder.ENCODED_LENGTH + random.nextInt(300)];
        random.nextBytes(bytes);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putBytes(0, frame.buffer(), 0, MessageHeaderDecoder.ENCODED_LENGTH);
        if (check(buffer) == ErrorCode.OK) {
            assertThat(FRAMES.read(message, buffer, 0)).isNotEmpty();
        }
    }

    @Property(tries = 2000, seed = "20261123")
    void randomBytesNeverThrow(@ForAll byte[] bytes) {
        assertThat(check(new UnsafeBuffer(bytes))).isNotNull();
    }

    private static int interesting(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0xFF;
            case 1 -> 0x7F;
            case 2 -> random.nextInt(8);
            default -> random.nextInt(256);
        };
    }

    private static ErrorCode check(UnsafeBuffer buffer) {
        return FrameCheck.check(buffer, 0, buffer.capacity());
    }
}
