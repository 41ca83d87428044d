package io.grape.raft.core.liveness;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.NodeHeartbeatDecoder;
import io.grape.codecs.sbe.NodeHeartbeatEncoder;
import io.grape.codecs.sbe.NodeHeartbeatReplyDecoder;
import io.grape.codecs.sbe.NodeHeartbeatReplyEncoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the heartbeats and answers of a turn as frames: one a peer, or as many as their bounded length asks for.
 *
 * <p>Thread: the pipeline. Allocates nothing after construction. Lengths come from the schema; elements are written by the
 * generated offsets, since the encoder of a group wants its count before the first element.
 */
public final class BeatPublisher {
    /** Groups in one frame: about 16 KiB, a dozen datagrams, so that the loss of one does not cost a large frame. */
    public static final int MAX_GROUPS_PER_FRAME = 320;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int BEATS = MessageHeaderEncoder.ENCODED_LENGTH
            + NodeHeartbeatEncoder.BLOCK_LENGTH
            + NodeHeartbeatEncoder.GroupsEncoder.sbeHeaderSize();
    private static final int ANSWERS = MessageHeaderEncoder.ENCODED_LENGTH
            + NodeHeartbeatReplyEncoder.BLOCK_LENGTH
            + NodeHeartbeatReplyEncoder.GroupsEncoder.sbeHeaderSize();
    private static final int BEAT = NodeHeartbeatEncoder.GroupsEncoder.sbeBlockLength();
    private static final int ANSWER = NodeHeartbeatReplyEncoder.GroupsEncoder.sbeBlockLength();

    private final int nodeId;
    private final long incarnation;
    private final long diskId;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NodeHeartbeatEncoder heartbeat = new NodeHeartbeatEncoder();
    private final NodeHeartbeatReplyEncoder reply = new NodeHeartbeatReplyEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BEATS + BEAT * MAX_GROUPS_PER_FRAME]);
    private int inFrame;

    /**
     * @param nodeId      this node
     * @param incarnation of this node's process
     * @param diskId      of this node's data directory, or 0
     */
    public BeatPublisher(int nodeId, long incarnation, long diskId) {
        this.nodeId = nodeId;
        this.incarnation = incarnation;
        this.diskId = diskId;
    }

    /**
     * Writes the heartbeats to one peer.
     *
     * @param evenEmpty whether a frame is sent although no group has a heartbeat: it says that this node lives
     * @return frames sent
     */
    @HotPath
    public int heartbeats(BeatList list, int toNodeId, boolean evenEmpty, FrameSink sink) {
        int frames = 0;
        inFrame = 0;
        for (int i = 0; i < list.count(); i++) {
            if (list.nodeId(i) == toNodeId) {
                putBeat(list, i);
                if (inFrame == MAX_GROUPS_PER_FRAME) {
                    frames += endHeartbeat(toNodeId, sink);
                }
            }
        }
        boolean wanted = inFrame > 0 || (evenEmpty && frames == 0);
        return wanted ? frames + endHeartbeat(toNodeId, sink) : frames;
    }

    /** As {@link #heartbeats}, for answers. */
    @HotPath
    public int answers(BeatList list, int toNodeId, boolean evenEmpty, FrameSink sink) {
        int frames = 0;
        inFrame = 0;
        for (int i = 0; i < list.count(); i++) {
            if (list.nodeId(i) == toNodeId) {
                putAnswer(list, i);
                if (inFrame == MAX_GROUPS_PER_FRAME) {
                    frames += endAnswer(toNodeId, sink);
                }
            }
        }
        boolean wanted = inFrame > 0 || (evenEmpty && frames == 0);
        return wanted ? frames + endAnswer(toNodeId, sink) : frames;
    }

    @HotPath
    private void putBeat(BeatList list, int i) {
        int at = BEATS + BEAT * inFrame++;
        buffer.putInt(at + NodeHeartbeatDecoder.GroupsDecoder.groupIdEncodingOffset(), list.groupId(i), ORDER);
        buffer.putLong(at + NodeHeartbeatDecoder.GroupsDecoder.termEncodingOffset(), list.term(i), ORDER);
        buffer.putLong(at + NodeHeartbeatDecoder.GroupsDecoder.indexEncodingOffset(), list.index(i), ORDER);
        buffer.putLong(at + NodeHeartbeatDecoder.GroupsDecoder.indexTermEncodingOffset(), list.indexTerm(i), ORDER);
        buffer.putLong(at + NodeHeartbeatDecoder.GroupsDecoder.requestIdEncodingOffset(), list.requestId(i), ORDER);
        buffer.putLong(at + NodeHeartbeatDecoder.GroupsDecoder.readIdEncodingOffset(), list.readId(i), ORDER);
        buffer.putByte(at + NodeHeartbeatDecoder.GroupsDecoder.stateEncodingOffset(), (byte) list.state(i));
    }

    @HotPath
    private void putAnswer(BeatList list, int i) {
        int at = ANSWERS + ANSWER * inFrame++;
        buffer.putInt(at + NodeHeartbeatReplyDecoder.GroupsDecoder.groupIdEncodingOffset(), list.groupId(i), ORDER);
        buffer.putLong(at + NodeHeartbeatReplyDecoder.GroupsDecoder.termEncodingOffset(), list.term(i), ORDER);
        buffer.putLong(
                at + NodeHeartbeatReplyDecoder.GroupsDecoder.requestIdEncodingOffset(), list.requestId(i), ORDER);
        buffer.putLong(at + NodeHeartbeatReplyDecoder.GroupsDecoder.readIdEncodingOffset(), list.readId(i), ORDER);
        buffer.putByte(at + NodeHeartbeatReplyDecoder.GroupsDecoder.stateEncodingOffset(), (byte) list.state(i));
    }

    @HotPath
    private int endHeartbeat(int toNodeId, FrameSink sink) {
        heartbeat
                .wrapAndApplyHeader(buffer, 0, header)
                .sourceNodeId(nodeId)
                .incarnation(incarnation)
                .diskId(diskId)
                .groupsCount(inFrame);
        sink.send(toNodeId, buffer, 0, BEATS + BEAT * inFrame);
        inFrame = 0;
        return 1;
    }

    @HotPath
    private int endAnswer(int toNodeId, FrameSink sink) {
        reply.wrapAndApplyHeader(buffer, 0, header)
                .sourceNodeId(nodeId)
                .incarnation(incarnation)
                .diskId(diskId)
                .groupsCount(inFrame);
        sink.send(toNodeId, buffer, 0, ANSWERS + ANSWER * inFrame);
        inFrame = 0;
        return 1;
    }
}
