package io.grape.codecs.schema;

import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.schema.Schema.Field;
import io.grape.codecs.schema.Schema.Message;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes arbitrary messages through the generated encoders and reads them back through the generated decoders, by name,
 * so that a message added to the schema is tested without a line being added here.
 */
public final class Frames {
    private static final String PACKAGE = "io.grape.codecs.sbe.";
    private static final int MAX_ELEMENTS = 5;
    private static final int MAX_DATA_LENGTH = 40;

    /** Above every value of the type but the null value. */
    private static final long UINT32_NULL = 0xFFFF_FFFFL;

    private final Schema schema;

    public Frames(Schema schema) {
        this.schema = schema;
    }

    /** A frame and what was put into it, in wire order. */
    public record Frame(Message message, UnsafeBuffer buffer, List<String> values) {
        public int length() {
            return buffer.capacity();
        }
    }

    /** Encodes one message with arbitrary values. The buffer has exactly the frame's length. */
    public Frame write(Message message, Random random) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
        Object encoder = instance(message.name() + "Encoder");
        call(
                encoder,
                "wrapAndApplyHeader",
                new Class<?>[] {MutableDirectBuffer.class, int.class, MessageHeaderEncoder.class},
                buffer,
                0,
                new MessageHeaderEncoder());
        List<String> values = new ArrayList<>();
        writeBlock(encoder, message, random, values);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + (int) call(encoder, "encodedLength", new Class<?>[0]);
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return new Frame(message, new UnsafeBuffer(bytes), values);
    }

    /** Decodes every field of a frame, in wire order. */
    public List<String> read(Message message, DirectBuffer buffer, int offset) {
        Object decoder = instance(message.name() + "Decoder");
        call(
                decoder,
                "wrapAndApplyHeader",
                new Class<?>[] {DirectBuffer.class, int.class, MessageHeaderDecoder.class},
                buffer,
                offset,
                new MessageHeaderDecoder());
        List<String> values = new ArrayList<>();
        readBlock(decoder, message, values);
        return values;
    }

    private void writeBlock(Object encoder, Message block, Random random, List<String> values) {
        for (Field field : block.fields()) {
            values.add(field.name() + "=" + writeField(encoder, field, random));
        }
        for (Message group : block.groups()) {
            int count = random.nextInt(MAX_ELEMENTS);
            values.add(group.name() + " x " + count);
            Object elements = call(encoder, group.name() + "Count", new Class<?>[] {int.class}, count);
            for (int i = 0; i < count; i++) {
                call(elements, "next", new Class<?>[0]);
                writeBlock(elements, group, random, values);
            }
        }
        for (Field data : block.data()) {
            byte[] bytes = new byte[random.nextInt(MAX_DATA_LENGTH)];
            random.nextBytes(bytes);
            values.add(data.name() + "=" + Arrays.toString(bytes));
            Class<?>[] types = {byte[].class, int.class, int.class};
            call(encoder, "put" + capital(data.name()), types, bytes, 0, bytes.length);
        }
    }

    private void readBlock(Object decoder, Message block, List<String> values) {
        for (Field field : block.fields()) {
            Object value = call(decoder, field.name(), new Class<?>[0]);
            values.add(field.name() + "="
                    + (schema.composites().containsKey(field.type()) ? members(field, value) : value));
        }
        for (Message group : block.groups()) {
            Object elements = call(decoder, group.name(), new Class<?>[0]);
            int count = (int) call(elements, "count", new Class<?>[0]);
            values.add(group.name() + " x " + count);
            for (int i = 0; i < count; i++) {
                call(elements, "next", new Class<?>[0]);
                readBlock(elements, group, values);
            }
        }
        for (Field data : block.data()) {
            byte[] bytes = new byte[(int) call(decoder, data.name() + "Length", new Class<?>[0])];
            Class<?>[] types = {byte[].class, int.class, int.class};
            call(decoder, "get" + capital(data.name()), types, bytes, 0, bytes.length);
            values.add(data.name() + "=" + Arrays.toString(bytes));
        }
    }

    private String members(Field field, Object composite) {
        StringBuilder text = new StringBuilder();
        for (Field member : schema.composites().get(field.type()).members()) {
            text.append(call(composite, member.name(), new Class<?>[0])).append(' ');
        }
        return text.toString();
    }

    private String writeField(Object encoder, Field field, Random random) {
        if (schema.composites().containsKey(field.type())) {
            Object composite = call(encoder, field.name(), new Class<?>[0]);
            StringBuilder text = new StringBuilder();
            for (Field member : schema.composites().get(field.type()).members()) {
                text.append(writeField(composite, member, random)).append(' ');
            }
            return text.toString();
        }
        Object value = value(field.type(), random);
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : primitive(value);
        call(encoder, field.name(), new Class<?>[] {type}, value);
        return value.toString();
    }

    private Object value(String type, Random random) {
        if (schema.enums().containsKey(type)) {
            Object[] constants = type(type).getEnumConstants();
            // The generated ones for null and unknown stand after those of the schema.
            return constants[random.nextInt(schema.enums().get(type).values().size())];
        }
        return switch (type) {
            case "int32" -> random.nextInt();
            case "uint32" -> random.nextLong(UINT32_NULL);
            case "int64", "uint64" -> random.nextLong();
            case "float" -> Float.intBitsToFloat(random.nextInt() & 0x7F7F_FFFF);
            default -> throw new IllegalArgumentException("no arbitrary value is known for type " + type);
        };
    }

    private static Class<?> primitive(Object value) {
        return switch (value) {
            case Integer i -> int.class;
            case Long l -> long.class;
            case Float f -> float.class;
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static Object instance(String name) {
        try {
            return type(name).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Object target, String name, Class<?>[] types, Object... arguments) {
        try {
            Method method = target.getClass().getMethod(name, types);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
