package io.grape.node.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How an opaque payload is shown to people. */
final class Payloads {
    private Payloads() {}

    /** Returns the payload as text if it is UTF-8 without control characters, else as hexadecimal. */
    static String text(byte @Nullable [] payload) {
        if (payload == null) {
            return "";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
            return text.chars().anyMatch(Character::isISOControl) ? hex(payload) : text;
        } catch (CharacterCodingException notText) {
            return hex(payload);
        }
    }

    private static String hex(byte[] payload) {
        return "0x" + HexFormat.of().formatHex(payload);
    }
}
