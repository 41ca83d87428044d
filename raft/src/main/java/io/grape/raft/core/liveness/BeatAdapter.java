package io.grape.raft.core.liveness;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BeatState;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.NodeHeartbeatDecoder;
import io.grape.codecs.sbe.NodeHeartbeatReplyDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads frames of heartbeats and answers, whatever comes: every length is compared with what is there before it is
 * followed, and nothing throws.
 *
 * <p>A sender of a newer version may have longer blocks and elements; what this version knows stands at their beginning.
 * A state that has no meaning here is read as AWAKE, which only keeps a group from resting. Thread: the pipeline.
 */
public final class BeatAdapter {
    /** The frame cannot be used. */
    public static final int MALFORMED = -1;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER = NodeHeartbeatDecoder.GroupsDecoder.sbeHeaderSize();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private boolean answers;
    private int sourceNodeId;
    private long incarnation;
    private long diskId;
    private int elementLength;
    private int at;
    private int left;

    /** Creates a reader of any number of frames. */
    public BeatAdapter() {}

    /** Tells whether a template is one of the frames that this class reads. */
    @HotPath
    public static boolean reads(int templateId) {
        return templateId == NodeHeartbeatDecoder.TEMPLATE_ID || templateId == NodeHeartbeatReplyDecoder.TEMPLATE_ID;
    }

    /** Checks a frame and goes before its first group; returns the template id or {@link #MALFORMED}. */
    @HotPath
    public int wrap(DirectBuffer buffer, int offset, int length) {
        left = 0;
        if (offset < 0 || length < HEADER || length > buffer.capacity() - offset) {
            return MALFORMED;
        }
        header.wrap(buffer, offset);
        int template = header.templateId();
        int block = header.blockLength();
        boolean beats = template == NodeHeartbeatDecoder.TEMPLATE_ID;
        answers = template == NodeHeartbeatReplyDecoder.TEMPLATE_ID;
        int known = beats ? NodeHeartbeatDecoder.BLOCK_LENGTH : NodeHeartbeatReplyDecoder.BLOCK_LENGTH;
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                || (!beats && !answers)
                || block < known
                || (long) HEADER + block + GROUP_HEADER > length) {
            return MALFORMED;
        }
        int body = offset + HEADER;
        int groups = body + block;
        elementLength = buffer.getShort(groups, ORDER) & 0xFFFF;
        int count = buffer.getShort(groups + Short.BYTES, ORDER) & 0xFFFF;
        int element = beats
                ? NodeHeartbeatDecoder.GroupsDecoder.sbeBlockLength()
                : NodeHeartbeatReplyDecoder.GroupsDecoder.sbeBlockLength();
        long end = (long) groups - offset + GROUP_HEADER + (long) elementLength * count;
        if (elementLength < element || end > length) {
            return MALFORMED;
        }
        sourceNodeId = buffer.getInt(body, ORDER);
        incarnation = buffer.getLong(body + NodeHeartbeatDecoder.incarnationEncodingOffset(), ORDER);
        diskId = buffer.getLong(body + NodeHeartbeatDecoder.diskIdEncodingOffset(), ORDER);
        if (sourceNodeId < 0) {
            return MALFORMED;
        }
        frame.wrap(buffer, groups + GROUP_HEADER, elementLength * count);
        at = -elementLength;
        left = count;
        return template;
    }

    /** Goes to the next group; false after the last one. */
    @HotPath
    public boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        at += elementLength;
        return true;
    }

    /** Returns whether the frame holds answers. */
    public boolean isAnswer() {
        return answers;
    }

    /** Returns the node that sent the frame; not negative. */
    public int sourceNodeId() {
        return sourceNodeId;
    }

    /** Returns the life of the sender's process. */
    public long incarnation() {
        return incarnation;
    }

    /** Returns the disk of the sender, or 0. */
    public long diskId() {
        return diskId;
    }

    /** Returns the current group. */
    @HotPath
    public int groupId() {
        return frame.getInt(at, ORDER);
    }

    /** Returns the sender's term in the current group. */
    @HotPath
    public long term() {
        return frame.getLong(at + NodeHeartbeatDecoder.GroupsDecoder.termEncodingOffset(), ORDER);
    }

    /** Returns the index that may be committed; of a heartbeat only. */
    @HotPath
    public long index() {
        return frame.getLong(at + NodeHeartbeatDecoder.GroupsDecoder.indexEncodingOffset(), ORDER);
    }

    /** Returns the term of the entry there; of a heartbeat only. */
    @HotPath
    public long indexTerm() {
        return frame.getLong(at + NodeHeartbeatDecoder.GroupsDecoder.indexTermEncodingOffset(), ORDER);
    }

    /** Returns the request. */
    @HotPath
    public long requestId() {
        int offset = answers
                ? NodeHeartbeatReplyDecoder.GroupsDecoder.requestIdEncodingOffset()
                : NodeHeartbeatDecoder.GroupsDecoder.requestIdEncodingOffset();
        return frame.getLong(at + offset, ORDER);
    }

    /** Returns the confirmation round of reads. */
    @HotPath
    public long readId() {
        int offset = answers
                ? NodeHeartbeatReplyDecoder.GroupsDecoder.readIdEncodingOffset()
                : NodeHeartbeatDecoder.GroupsDecoder.readIdEncodingOffset();
        return frame.getLong(at + offset, ORDER);
    }

    /** Returns the SBE value of {@code BeatState}; AWAKE if it has no meaning here. */
    @HotPath
    public short state() {
        int offset = answers
                ? NodeHeartbeatReplyDecoder.GroupsDecoder.stateEncodingOffset()
                : NodeHeartbeatDecoder.GroupsDecoder.stateEncodingOffset();
        short raw = (short) (frame.getByte(at + offset) & 0xFF);
        return raw <= BeatState.WOKEN.value() ? raw : BeatState.AWAKE.value();
    }
}
