package io.grape.client.session;

import io.aeron.Aeron;
import io.grape.transport.Channels;
import io.grape.transport.MessageAdapter;
import io.grape.transport.MessageHandler;
import io.grape.transport.PeerPublisher;
import io.grape.transport.SendOutcome;
import io.grape.transport.StreamId;
import io.grape.transport.driver.DriverHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The network over Aeron: UDP with one subscription on a port that the platform chose for all nodes' answers, and shared
 * memory for the node that uses the same media driver.
 *
 * <p>Over shared memory all clients of a driver have one channel, so each has a response stream of its own.
 */
public final class AeronNetwork implements ClientNetwork {
    /** Carries requests of 256 KiB, an eighth of it. */
    static final int REQUEST_TERM_LENGTH = 2 * 1024 * 1024;

    private static final long CLOSE_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MAX_REPLY_LENGTH = 16 * 1024 * 1024;

    private final DriverHandle driver;
    private final MessageAdapter replies;
    private final @Nullable MessageAdapter ipcReplies;
    private final int responseStreamId;
    private final NanoClock clock;
    private @Nullable String responseChannel;
    private boolean isClosed;

    private AeronNetwork(
            DriverHandle driver,
            MessageAdapter replies,
            @Nullable MessageAdapter ipcReplies,
            int responseStreamId,
            NanoClock clock) {
        this.driver = driver;
        this.replies = replies;
        this.ipcReplies = ipcReplies;
        this.responseStreamId = responseStreamId;
        this.clock = clock;
    }

    /**
     * Opens the socket on which nodes answer.
     *
     * @param driver       closed with this network
     * @param responseHost name or address of this machine as the nodes see it
     * @param withIpc      listen on shared memory too
     * @param responseStreamId  stream on which nodes answer; with IPC one that no other client of the driver has
     * @param clock        monotonic
     * @return the network
     */
    public static AeronNetwork open(
            DriverHandle driver, String responseHost, boolean withIpc, int responseStreamId, NanoClock clock) {
        Aeron aeron = driver.aeron();
        String channel = Channels.listen(responseHost + ":0");
        MessageAdapter replies = new MessageAdapter(aeron.addSubscription(channel, responseStreamId), MAX_REPLY_LENGTH);
        MessageAdapter ipcReplies = withIpc
                ? new MessageAdapter(aeron.addSubscription(Channels.IPC, responseStreamId), MAX_REPLY_LENGTH)
                : null;
        return new AeronNetwork(driver, replies, ipcReplies, responseStreamId, clock);
    }

    @Override
    public NodeLink open(String endpoint) {
        String channel = endpoint.equals(IPC_ENDPOINT)
                ? Channels.IPC + "?term-length=" + REQUEST_TERM_LENGTH
                : Channels.send(endpoint, REQUEST_TERM_LENGTH);
        PeerPublisher publisher = new PeerPublisher(driver.aeron(), attempt -> channel, StreamId.INGRESS, clock);
        return new NodeLink() {
            @Override
            public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
                return publisher.offer(buffer, offset, length);
            }

            @Override
            public void close() {
                publisher.close();
            }
        };
    }

    @Override
    public @Nullable String responseChannel(String endpoint) {
        if (endpoint.equals(IPC_ENDPOINT)) {
            return Channels.IPC;
        }
        if (responseChannel == null) {
            responseChannel = replies.resolvedChannel();
        }
        return responseChannel;
    }

    @Override
    public int responseStreamId() {
        return responseStreamId;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int work = replies.poll(handler, limit);
        return ipcReplies == null ? work : work + ipcReplies.poll(handler, limit);
    }

    @Override
    public boolean isFailed() {
        return driver.aeron().isClosed();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            if (driver.isEmbedded()) {
                // The driver goes with us: give it a moment to send the last messages, which close the sessions.
                LockSupport.parkNanos(CLOSE_LINGER_NS);
            }
            CloseHelper.closeAll(replies, ipcReplies, driver);
        }
    }
}
