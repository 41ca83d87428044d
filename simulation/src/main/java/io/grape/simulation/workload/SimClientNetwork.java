package io.grape.simulation.workload;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.grape.client.session.ClientNetwork;
import io.grape.client.session.NodeLink;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.simulation.node.NodeSettings;
import io.grape.simulation.node.SimStreams;
import io.grape.simulation.world.VirtualNetwork;
import io.grape.transport.MessageHandler;
import io.grape.transport.SendOutcome;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/** One client's place on the virtual network. */
final class SimClientNetwork implements ClientNetwork {
    private final VirtualNetwork network;
    private final int address;
    private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Long2LongHashMap sequences = new Long2LongHashMap(-1);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    SimClientNetwork(VirtualNetwork network, int address) {
        this.network = network;
        this.address = address;
    }

    /** Remembers which sequence a write has, because the core tells no one. */
    private void noteSequence(DirectBuffer buffer, int offset) {
        switch (header.wrap(buffer, offset).templateId()) {
            case UpsertDecoder.TEMPLATE_ID, DeleteDecoder.TEMPLATE_ID, CreateCollectionDecoder.TEMPLATE_ID -> {
                int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
                long correlationId = buffer.getLong(body + UpsertDecoder.correlationIdEncodingOffset(), LITTLE_ENDIAN);
                long sequence = buffer.getLong(body + UpsertDecoder.sequenceEncodingOffset(), LITTLE_ENDIAN);
                sequences.put(correlationId, sequence);
            }
            default -> {}
        }
    }

    /** Returns the sequence of the write that was sent under a correlation id. */
    long sequenceOf(long correlationId) {
        return sequences.get(correlationId);
    }

    void arrived(byte[] bytes) {
        inbox.add(bytes);
    }

    @Override
    public NodeLink open(String endpoint) {
        int node = NodeSettings.nodeAt(endpoint);
        return new NodeLink() {
            @Override
            public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
                if (network.isCut(address, node)) {
                    return SendOutcome.NOT_CONNECTED;
                }
                noteSequence(buffer, offset);
                network.send(address, node, SimStreams.INGRESS, buffer, offset, length);
                return SendOutcome.SENT;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public String responseChannel(String endpoint) {
        return SimStreams.channelOf(address);
    }

    @Override
    public int responseStreamId() {
        return SimStreams.EGRESS;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit && !inbox.isEmpty()) {
            byte[] bytes = inbox.removeFirst();
            view.wrap(bytes);
            handler.onMessage(view, 0, bytes.length, 1);
            count++;
        }
        return count;
    }

    @Override
    public boolean isFailed() {
        return false;
    }

    @Override
    public void close() {}
}
