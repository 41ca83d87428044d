package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Finds out which group a Raft message is for, before any decoder is put on it.
 *
 * <p>Every Raft message of one group begins its block with the group's id; a test compares this with the schema.
 */
final class RaftRoute {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private RaftRoute() {}

    /** Tells whether the message is long enough to name a group. */
    @HotPath
    static boolean namesGroup(int length) {
        return length >= HEADER + Integer.BYTES;
    }

    /** Returns the template id of a message that is long enough. */
    @HotPath
    static int templateId(DirectBuffer message, int offset) {
        return message.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                & 0xFFFF;
    }

    /** Returns the group id of a message that is long enough. */
    @HotPath
    static int groupId(DirectBuffer message, int offset) {
        return message.getInt(offset + HEADER, ByteOrder.LITTLE_ENDIAN);
    }
}
