package io.grape.simulation.node;

import io.grape.simulation.world.VirtualNetwork;
import io.grape.transport.ClientEgress;
import io.grape.transport.MessageHandler;
import io.grape.transport.NodeStreams;
import io.grape.transport.SendOutcome;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One process's streams on the virtual network: two queues in, and a way out. */
public final class SimStreams implements NodeStreams {
    /** Raft messages between nodes. */
    public static final int RAFT = 1;

    /** Requests of clients. */
    public static final int INGRESS = 2;

    /** Replies to clients. */
    public static final int EGRESS = 3;

    private static final String CHANNEL_PREFIX = "sim:";

    private final VirtualNetwork network;
    private final int nodeId;
    private final ArrayDeque<byte[]> raft = new ArrayDeque<>();
    private final ArrayDeque<byte[]> ingress = new ArrayDeque<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    SimStreams(VirtualNetwork network, int nodeId) {
        this.network = network;
        this.nodeId = nodeId;
    }

    /** Returns the response channel of the client at an address. */
    public static String channelOf(int address) {
        return CHANNEL_PREFIX + address;
    }

    void arrived(int channel, byte[] bytes) {
        (channel == RAFT ? raft : ingress).add(bytes);
    }

    boolean sendToPeer(int peer, DirectBuffer buffer, int offset, int length) {
        network.send(nodeId, peer, RAFT, buffer, offset, length);
        return true;
    }

    @Override
    public int pollRaft(MessageHandler handler, int limit) {
        return poll(raft, handler, limit);
    }

    @Override
    public int pollIngress(MessageHandler handler, int limit) {
        return poll(ingress, handler, limit);
    }

    private int poll(ArrayDeque<byte[]> queue, MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit && !queue.isEmpty()) {
            byte[] bytes = queue.getFirst();
            view.wrap(bytes);
            if (!handler.onMessage(view, 0, bytes.length, 0)) {
                break;
            }
            queue.removeFirst();
            count++;
        }
        return count;
    }

    @Override
    public int doSendWork() {
        return 0;
    }

    @Override
    public ClientEgress openEgress(String channel, int streamId) {
        return new Egress(Integer.parseInt(channel.substring(CHANNEL_PREFIX.length())));
    }

    /** The way to one client, on the stream that was current when it was opened. */
    private final class Egress implements ClientEgress {
        private final int client;
        private final int stream;
        private boolean closed;

        private Egress(int client) {
            this.client = client;
            this.stream = network.stream(nodeId, client);
        }

        @Override
        public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
            if (closed) {
                return SendOutcome.CLOSED;
            }
            if (!isConnected()) {
                return SendOutcome.NOT_CONNECTED;
            }
            network.send(nodeId, client, EGRESS, buffer, offset, length);
            return SendOutcome.SENT;
        }

        @Override
        public boolean isConnected() {
            return !network.isCut(nodeId, client) && network.stream(nodeId, client) == stream;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
