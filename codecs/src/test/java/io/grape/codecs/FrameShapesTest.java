package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.schema.Schema;
import io.grape.codecs.schema.Schema.EnumType;
import io.grape.codecs.schema.Schema.Field;
import io.grape.codecs.schema.Schema.Message;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameShapesTest {
    private static final Schema SCHEMA = Schema.load();
    private static final int ANY_TEMPLATE = 65_535;

    static List<Message> messages() {
        return SCHEMA.messages();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void theShapeOfEveryMessageIsThatOfTheSchema(Message message) {
        BlockShape shape = FrameShapes.of(message.id());
        assertThat(shape)
                .as("FrameShapes lacks template %d, %s", message.id(), message.name())
                .isNotNull();
        assertEqual(message.name(), shape, message);
    }

    @Test
    void thereIsNoShapeWithoutAMessage() {
        Set<Integer> ids = SCHEMA.messages().stream().map(Message::id).collect(Collectors.toSet());
        assertThat(IntStream.rangeClosed(-1, ANY_TEMPLATE)
                        .filter(id -> FrameShapes.of(id) != null)
                        .boxed())
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    private static void assertEqual(String path, BlockShape shape, Message block) {
        for (int version = 1; version <= SCHEMA.version() + 1; version++) {
            int at = version;
            assertThat(shape.blockLength(version))
                    .as(path + ": block length in version " + version)
                    .isEqualTo(SCHEMA.blockLength(block, version));
            assertThat(shape.dataCount(version))
                    .as(path + ": variable data in version " + version)
                    .isEqualTo((int) block.data().stream()
                            .filter(data -> data.sinceVersion() <= at)
                            .count());
        }
        assertThat(shape.groups()).as(path + ": groups").hasSize(block.groups().size());
        for (int i = 0; i < shape.groups().length; i++) {
            Message group = block.groups().get(i);
            assertEqual(path + "." + group.name(), shape.groups()[i], group);
        }
        List<Field> enums = block.fields().stream()
                .filter(field -> SCHEMA.enums().containsKey(field.type()))
                .toList();
        assertThat(shape.enums()).as(path + ": enums").hasSize(enums.size());
        for (Field field : enums) {
            assertKnowsTheValues(path + "." + field.name(), shape, block, field);
        }
    }

    /** Tries every value in one enum while the other enums of the block hold a value that has a meaning. */
    private static void assertKnowsTheValues(String path, BlockShape shape, Message block, Field tried) {
        EnumType type = SCHEMA.enums().get(tried.type());
        Set<Integer> known = type.values().stream().map(Schema.EnumValue::value).collect(Collectors.toSet());
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[SCHEMA.blockLength(block)]);
        int length = SCHEMA.lengthOf(tried.type());
        int offset = offsetOf(block, tried);
        for (int value = 0; value < 1 << (Byte.SIZE * length); value++) {
            if (length == 1) {
                buffer.putByte(offset, (byte) value);
            } else {
                buffer.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
            }
            assertThat(shape.enumsHaveMeaning(buffer, 0, 1, buffer.capacity()))
                    .as("%s = %d", path, value)
                    .isEqualTo(known.contains(value));
        }
    }

    private static int offsetOf(Message block, Field wanted) {
        return Stream.iterate(0, i -> block.fields().get(i) != wanted, i -> i + 1)
                .mapToInt(i -> SCHEMA.lengthOf(block.fields().get(i).type()))
                .sum();
    }
}
