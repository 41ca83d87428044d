package io.grape.simulation.node;

import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionRegistry;
import io.grape.transport.ClientEgress;
import io.grape.transport.MessageHandler;
import io.grape.transport.NodeStreams;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Stands in a node's way in and re-creates the defects that begin there. */
final class Saboteur implements NodeStreams {
    private static final int BODY = MessageHeaderDecoder.ENCODED_LENGTH;

    private final NodeStreams streams;
    private final Defect defect;
    private final SessionRegistry registry;
    private final HostedGroups groups;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    Saboteur(NodeStreams streams, Defect defect, SessionRegistry registry, HostedGroups groups) {
        this.streams = streams;
        this.defect = defect;
        this.registry = registry;
        this.groups = groups;
    }

    @Override
    public int pollRaft(MessageHandler handler, int limit) {
        return streams.pollRaft(handler, limit);
    }

    @Override
    public int pollIngress(MessageHandler handler, int limit) {
        return streams.pollIngress(
                (buffer, offset, length, stream) -> {
                    UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
                    copy.putBytes(0, buffer, offset, length);
                    spoil(copy);
                    boolean isTaken = handler.onMessage(copy, 0, length, stream);
                    answerTooSoon(copy);
                    return isTaken;
                },
                limit);
    }

    private void spoil(UnsafeBuffer message) {
        int template = header.wrap(message, 0).templateId();
        if (defect != Defect.STALE_READS) {
            return;
        }
        byte local = (byte) Consistency.LOCAL.value();
        if (template == GetDecoder.TEMPLATE_ID) {
            message.putByte(BODY + GetDecoder.consistencyEncodingOffset(), local);
        } else if (template == SearchDecoder.TEMPLATE_ID) {
            message.putByte(BODY + SearchDecoder.consistencyEncodingOffset(), local);
        }
    }

    private void answerTooSoon(DirectBuffer message) {
        boolean isWrite = header.wrap(message, 0).templateId() == UpsertDecoder.TEMPLATE_ID;
        if (defect != Defect.REPLY_BEFORE_COMMIT || !isWrite) {
            return;
        }
        int groupId = message.getInt(BODY + UpsertDecoder.groupIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        HostedGroup group = groups.get(groupId);
        if (group != null && group.status().isLeader()) {
            long sessionId = message.getLong(BODY, ByteOrder.LITTLE_ENDIAN);
            long correlationId = message.getLong(BODY + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
            new ReplyPublisher(registry, groupId)
                    .written(sessionId, correlationId, group.status().lastIndex() + 1, 1, false);
        }
    }

    @Override
    public int doSendWork() {
        return streams.doSendWork();
    }

    @Override
    public ClientEgress openEgress(String channel, int streamId) {
        return streams.openEgress(channel, streamId);
    }
}
