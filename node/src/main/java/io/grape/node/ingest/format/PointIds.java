package io.grape.node.ingest.format;

import io.grape.codecs.sbe.ErrorCode;
import java.util.UUID;

/** Reads ids that stand as text: an unsigned 64-bit number, or a UUID. */
final class PointIds {
    private static final int UUID_LENGTH = 36;

    private PointIds() {}

    static void read(String text, InputRow row) {
        String id = text.strip();
        try {
            if (id.length() == UUID_LENGTH) {
                UUID uuid = UUID.fromString(id);
                if (uuid.toString().equalsIgnoreCase(id)) {
                    row.id(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
                    return;
                }
            } else if (!id.startsWith("+")) {
                row.id(0, Long.parseUnsignedLong(id));
                return;
            }
        } catch (IllegalArgumentException neither) {
            // Told below: the row is given back with the reason.
        }
        row.reject(
                ErrorCode.MALFORMED_MESSAGE, "'" + shorten(id) + "' is neither a number from 0 to 2^64-1 nor a UUID");
    }

    /** Returns a text that fits a message. */
    static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
