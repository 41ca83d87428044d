package io.grape.transport;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.transport.driver.DriverHandle;
import io.grape.transport.driver.IdleMode;
import io.grape.transport.driver.WakeableIdle;
import io.grape.transport.fault.LinkFaults;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of a node's Aeron: one driver, one endpoint, four streams.
 *
 * <p>Threads: the inbound agent alone polls; one sending thread alone sends to peers, changes peers and calls
 * {@link #doSendWork}; any thread opens egress and offers to it; any thread closes, once the others have stopped.
 */
public final class NodeTransport implements NodeStreams, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTransport.class);

    private final TransportConfig config;
    private final DriverHandle driver;
    private final Aeron aeron;
    private final NanoClock clock;
    private final List<MessageAdapter> ingress;
    private final MessageAdapter raft;
    private final MessageAdapter bulk;
    private final Int2ObjectHashMap<PeerPublisher> raftPublishers = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<PeerPublisher> bulkPublishers = new Int2ObjectHashMap<>();
    private final OutcomeCounters egressCounters = new OutcomeCounters();
    private final LinkFaults faults;
    private final @Nullable DelayLine delayLine;

    private NodeTransport(
            TransportConfig config,
            DriverHandle driver,
            NanoClock clock,
            List<MessageAdapter> ingress,
            MessageAdapter raft,
            MessageAdapter bulk) {
        this.config = config;
        this.driver = driver;
        this.clock = clock;
        this.aeron = driver.aeron();
        this.ingress = List.copyOf(ingress);
        this.raft = raft;
        this.bulk = bulk;
        this.faults = config.faults();
        this.delayLine = faults.equals(LinkFaults.NONE) ? null : new DelayLine(this::offerToPeer);
    }

    /**
     * Opens the sockets and streams of a node.
     *
     * @param config where it listens and whom it sends to
     * @return a transport to close
     * @throws GrapeException PORT_IN_USE naming the endpoint, INVALID_CONFIGURATION for an unknown host
     * @throws FaultException IO_FAILURE if the driver cannot be had
     */
    public static NodeTransport open(TransportConfig config) {
        return open(config, System::nanoTime);
    }

    /**
     * Opens the sockets and streams of a node, with a clock.
     *
     * @param config where it listens and whom it sends to
     * @param clock  monotonic; times reopening and injected delays
     * @return a transport to close
     */
    public static NodeTransport open(TransportConfig config, NanoClock clock) {
        Set<String> endpoints =
                new LinkedHashSet<>(List.of(config.endpoint(), config.raftEndpoint(), config.bulkEndpoint()));
        if (!config.driver().external()) {
            // An external driver may hold the port already for a process of ours that is going away.
            endpoints.forEach(NodeTransport::probe);
        }
        DriverHandle driver = DriverHandle.forNode(config.driver(), config.nodeId(), config.endpoint());
        try {
            return subscribeAll(config, driver, clock);
        } catch (RuntimeException failed) {
            CloseHelper.quietClose(driver);
            throw failed;
        }
    }

    private static NodeTransport subscribeAll(TransportConfig config, DriverHandle driver, NanoClock clock) {
        Aeron aeron = driver.aeron();
        int maxRequest = config.maxMessageLength();
        int maxPeerMessage = config.peerTermLength() / 8;
        List<MessageAdapter> ingress = new ArrayList<>();
        ingress.add(subscribe(aeron, Channels.listen(config.endpoint()), StreamId.INGRESS, maxRequest));
        if (config.ipcIngress()) {
            ingress.add(subscribe(aeron, Channels.IPC, StreamId.INGRESS, maxRequest));
        }
        MessageAdapter raft = subscribe(aeron, Channels.listen(config.raftEndpoint()), StreamId.RAFT, maxPeerMessage);
        MessageAdapter bulk = subscribe(aeron, Channels.listen(config.bulkEndpoint()), StreamId.BULK, maxPeerMessage);
        NodeTransport transport = new NodeTransport(config, driver, clock, ingress, raft, bulk);
        config.peers().forEach(transport::addPeer);
        return transport;
    }

    /** Says who is in the way before a driver is started, rather than by a driver's stack trace. */
    private static void probe(String endpoint) {
        InetSocketAddress address = Channels.resolve(endpoint);
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setReuseAddress(false);
            socket.bind(address);
        } catch (BindException taken) {
            throw portInUse(endpoint, taken);
        } catch (IOException failed) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "Cannot open a UDP socket at " + endpoint + ": " + failed.getMessage(),
                    failed);
        }
    }

    private static GrapeException portInUse(String endpoint, Throwable cause) {
        return new GrapeException(
                ErrorCode.PORT_IN_USE,
                "UDP " + endpoint + " cannot be listened on (" + cause.getMessage()
                        + "). Stop the process that holds it (ss -lunp shows which), or choose an address of this "
                        + "machine and a free port.",
                cause);
    }

    private static MessageAdapter subscribe(Aeron aeron, String channel, int streamId, int maxMessageLength) {
        try {
            Subscription subscription = aeron.addSubscription(channel, streamId);
            return new MessageAdapter(subscription, maxMessageLength);
        } catch (AeronException refused) {
            String text = String.valueOf(refused.getMessage());
            if (text.contains("in use") || text.contains("BindException") || text.contains("assign requested")) {
                throw portInUse(channel.substring(channel.indexOf('=') + 1), refused);
            }
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "Stream " + streamId + " of " + channel + " could not be opened: " + text,
                    refused);
        }
    }

    /**
     * Hands on what clients have sent.
     *
     * @param handler takes whole messages
     * @param limit   most fragments
     * @return fragments polled
     */
    @Override
    @HotPath
    public int pollIngress(MessageHandler handler, int limit) {
        int work = 0;
        for (int i = 0; i < ingress.size(); i++) {
            work += ingress.get(i).poll(handler, limit);
        }
        return work;
    }

    /**
     * Hands on Raft messages of peers.
     *
     * @param handler takes whole messages
     * @param limit   most fragments
     * @return fragments polled
     */
    @Override
    @HotPath
    public int pollRaft(MessageHandler handler, int limit) {
        return raft.poll(handler, limit);
    }

    /**
     * Hands on bulk data of peers.
     *
     * @param handler takes whole messages
     * @param limit   most fragments
     * @return fragments polled
     */
    @HotPath
    public int pollBulk(MessageHandler handler, int limit) {
        return bulk.poll(handler, limit);
    }

    /**
     * Sets who hears, on the polling thread, that a client's stream is gone. Set before the first poll.
     *
     * @param listener takes the Aeron session id that the client's messages came with
     */
    public void onClientDeparture(IntConsumer listener) {
        ingress.forEach(adapter -> adapter.onDeparture(listener));
    }

    /**
     * Offers one Raft message to a peer.
     *
     * @param peerNodeId to whom
     * @param buffer     holds the message
     * @param offset     of its first byte
     * @param length     of the message in bytes
     * @return what became of it; CLOSED if the peer is not known
     */
    @HotPath
    public SendOutcome sendToPeer(int peerNodeId, DirectBuffer buffer, int offset, int length) {
        if (delayLine != null) {
            return delayLine.send(faults, peerNodeId, buffer, offset, length, clock.nanoTime());
        }
        return offerToPeer(peerNodeId, buffer, offset, length);
    }

    @HotPath
    private SendOutcome offerToPeer(int peerNodeId, DirectBuffer buffer, int offset, int length) {
        PeerPublisher publisher = raftPublishers.get(peerNodeId);
        return publisher == null ? SendOutcome.CLOSED : publisher.offer(buffer, offset, length);
    }

    /**
     * Offers one bulk message to a peer.
     *
     * @param peerNodeId to whom
     * @param buffer     holds the message
     * @param offset     of its first byte
     * @param length     of the message in bytes
     * @return what became of it; CLOSED if the peer is not known
     */
    public SendOutcome sendBulkToPeer(int peerNodeId, DirectBuffer buffer, int offset, int length) {
        PeerPublisher publisher = bulkPublishers.get(peerNodeId);
        return publisher == null ? SendOutcome.CLOSED : publisher.offer(buffer, offset, length);
    }

    /**
     * Sends what injected delays have held back until now; does nothing unless faults are injected.
     *
     * @return messages sent
     */
    @Override
    public int doSendWork() {
        return delayLine == null ? 0 : delayLine.release(clock.nanoTime());
    }

    /**
     * Begins to send to a peer, or to its new address.
     *
     * @param peer the peer
     */
    public void addPeer(Peer peer) {
        removePeer(peer.nodeId());
        String raftChannel = Channels.send(peer.raftEndpoint(), config.peerTermLength());
        String bulkChannel = Channels.send(peer.bulkEndpoint(), config.peerTermLength());
        raftPublishers.put(peer.nodeId(), new PeerPublisher(aeron, attempt -> raftChannel, StreamId.RAFT, clock));
        bulkPublishers.put(peer.nodeId(), new PeerPublisher(aeron, attempt -> bulkChannel, StreamId.BULK, clock));
    }

    /**
     * Stops sending to a peer.
     *
     * @param peerNodeId node
     */
    public void removePeer(int peerNodeId) {
        CloseHelper.closeAll(raftPublishers.remove(peerNodeId), bulkPublishers.remove(peerNodeId));
    }

    /**
     * Opens the way back to a client; returns at once.
     *
     * @param channel  as the client asked; checked here, because strangers may send it
     * @param streamId as the client asked
     * @return offers are NOT_CONNECTED until the driver has made it
     * @throws GrapeException MALFORMED_MESSAGE if channel or stream are not acceptable
     */
    @Override
    public EgressPublisher openEgress(String channel, int streamId) {
        String checked = Channels.response(channel, config.egressTermLength(), config.ipcIngress());
        if (streamId <= 0) {
            throw new GrapeException(
                    ErrorCode.MALFORMED_MESSAGE, "The response stream must be above 0, not " + streamId + ".");
        }
        return new EgressPublisher(aeron, aeron.asyncAddPublication(checked, streamId), egressCounters);
    }

    /**
     * Returns the offers of Raft messages to a peer by outcome.
     *
     * @param peerNodeId node
     * @return counters, or null if the peer is not known
     */
    public @Nullable OutcomeCounters peerCounters(int peerNodeId) {
        PeerPublisher publisher = raftPublishers.get(peerNodeId);
        return publisher == null ? null : publisher.counters();
    }

    /** Returns the offers to all clients by outcome; any thread. */
    public OutcomeCounters egressCounters() {
        return egressCounters;
    }

    /** Returns how many requests were dropped because they were above the limit; any thread. */
    public long oversizedRequests() {
        long sum = 0;
        for (MessageAdapter adapter : ingress) {
            sum += adapter.oversizedMessages();
        }
        return sum;
    }

    /** Returns how the thread that polls is to wait: woken by an embedded driver, and waking it. */
    public WakeableIdle pollerIdle(IdleMode mode) {
        return driver.pollerIdle(mode);
    }

    /** Returns how the driver's thread waits, for threads other than the polling one that send. */
    public WakeableIdle driverIdle() {
        return driver.idle();
    }

    /** Returns where the driver's files lie. */
    public Path aeronDirectory() {
        return driver.directory();
    }

    /** Returns whether the driver is lost, after which nothing can be sent or received; any thread. */
    public boolean isFailed() {
        return aeron.isClosed();
    }

    /** Closes streams, sockets and an embedded driver. Idempotent. */
    @Override
    public void close() {
        LOG.debug("closing transport nodeId={} endpoint={}", config.nodeId(), config.endpoint());
        List<AutoCloseable> all = new ArrayList<>();
        all.addAll(raftPublishers.values());
        all.addAll(bulkPublishers.values());
        all.addAll(ingress);
        all.add(raft);
        all.add(bulk);
        all.add(driver);
        CloseHelper.closeAll(all);
    }
}
