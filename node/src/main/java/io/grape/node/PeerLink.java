package io.grape.node;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.PeerSender;
import io.grape.transport.MessageHandler;
import io.grape.transport.NodeTransport;
import io.grape.transport.Peer;
import io.grape.transport.SendOutcome;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;

/**
 * The way to and from the other members: chunks of snapshots take the bulk stream, so that they never stand before a
 * heartbeat. Thread: the pipeline's, for both directions.
 */
final class PeerLink implements PeerSender, Agent {
    /** Two chunks of 256 KiB a turn, in fragments: no more is polled while entries wait. */
    private static final int BULK_LIMIT = 256;

    private final NodeTransport transport;
    private final InboundRing inbound;
    private final Supplier<List<Peer>> peers;
    private List<Peer> known = List.of();
    private final MessageHandler onBulk = this::onBulk;

    PeerLink(NodeTransport transport, InboundRing inbound, Supplier<List<Peer>> peers) {
        this.peers = peers;

        this.transport = transport;
        this.inbound = inbound;
    }

    @Override
    @HotPath
    public boolean send(int nodeId, DirectBuffer message, int offset, int length) {
        int template =
                message.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                        & 0xFFFF;
        SendOutcome outcome = template == InstallSnapshotDecoder.TEMPLATE_ID
                ? transport.sendBulkToPeer(nodeId, message, offset, length)
                : transport.sendToPeer(nodeId, message, offset, length);
        return outcome == SendOutcome.SENT;
    }

    @Override
    @HotPath
    public int doWork() {
        List<Peer> wanted = peers.get();
        if (!wanted.equals(known)) {
            follow(wanted);
        }
        return transport.pollBulk(onBulk, BULK_LIMIT);
    }

    /** Nodes that joined are sent to. One that left is still told so, as long as this process lives. */
    private void follow(List<Peer> wanted) {
        for (Peer peer : wanted) {
            if (!known.contains(peer)) {
                transport.addPeer(peer);
            }
        }
        known = wanted;
    }

    @HotPath
    private boolean onBulk(DirectBuffer message, int offset, int length, int aeronSessionId) {
        if (FrameCheck.check(message, offset, length) != ErrorCode.OK || length > inbound.maxLength()) {
            return true;
        }
        return inbound.offerRaft(message, offset, length);
    }

    @Override
    public String roleName() {
        return "bulk";
    }
}
