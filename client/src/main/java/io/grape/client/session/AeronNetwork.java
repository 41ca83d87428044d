package io.grape.client.session;

import io.grape.transport.Channels;
import io.grape.transport.MessageAdapter;
import io.grape.transport.MessageHandler;
import io.grape.transport.PeerPublisher;
import io.grape.transport.SendOutcome;
import io.grape.transport.StreamId;
import io.grape.transport.driver.DriverHandle;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/** The network over Aeron UDP, with one subscription on a port that the platform chose for all nodes' answers. */
public final class AeronNetwork implements ClientNetwork {
    /** Carries requests of 256 KiB, an eighth of it. */
    static final int REQUEST_TERM_LENGTH = 2 * 1024 * 1024;

    private static final int MAX_REPLY_LENGTH = 16 * 1024 * 1024;

    private final DriverHandle driver;
    private final MessageAdapter replies;
    private final NanoClock clock;
    private @Nullable String responseChannel;

    private AeronNetwork(DriverHandle driver, MessageAdapter replies, NanoClock clock) {
        this.driver = driver;
        this.replies = replies;
        this.clock = clock;
    }

    /**
     * Opens the socket on which nodes answer.
     *
     * @param driver       closed with this network
     * @param responseHost name or address of this machine as the nodes see it
     * @param clock        monotonic
     * @return the network
     */
    public static AeronNetwork open(DriverHandle driver, String responseHost, NanoClock clock) {
        String channel = Channels.listen(responseHost + ":0");
        MessageAdapter replies =
                new MessageAdapter(driver.aeron().addSubscription(channel, StreamId.EGRESS), MAX_REPLY_LENGTH);
        return new AeronNetwork(driver, replies, clock);
    }

    @Override
    public NodeLink open(String endpoint) {
        String channel = Channels.send(endpoint, REQUEST_TERM_LENGTH);
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
    public @Nullable String responseChannel() {
        if (responseChannel == null) {
            responseChannel = replies.resolvedChannel();
        }
        return responseChannel;
    }

    @Override
    public int responseStreamId() {
        return StreamId.EGRESS;
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        return replies.poll(handler, limit);
    }

    @Override
    public boolean isFailed() {
        return driver.aeron().isClosed();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(replies, driver);
    }
}
