package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.grape.client.ReplyFrames;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import io.grape.transport.MessageHandler;
import io.grape.transport.SendOutcome;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The path of a write through the client's machine and back leaves no garbage once it is warm. */
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;

    /** Answers each write in the next poll, out of buffers that are made once. */
    private static final class EchoNetwork implements ClientNetwork, NodeLink {
        private static final int TEMPLATE = 2;
        private final UnsafeBuffer event = new UnsafeBuffer(new byte[0]);
        private final UnsafeBuffer reply = new UnsafeBuffer(ReplyFrames.write(0, 0, 1, 1, false));
        private boolean hasEvent;
        private boolean hasReply;

        @Override
        public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
            int template = buffer.getShort(offset + TEMPLATE, ByteOrder.LITTLE_ENDIAN);
            if (template == SessionConnectDecoder.TEMPLATE_ID) {
                long correlationId = buffer.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN);
                event.wrap(ReplyFrames.sessionEvent(
                        new ReplyFrames.Event(correlationId, 5, 1, 1, 1),
                        SessionStatus.OPEN,
                        ErrorCode.OK,
                        Map.of(1, "node1:9000"),
                        ""));
                hasEvent = true;
            } else if (template == UpsertEncoder.TEMPLATE_ID) {
                int block = MessageHeaderEncoder.ENCODED_LENGTH;
                reply.putBytes(block, buffer, offset + block, WriteReplyEncoder.groupIdEncodingOffset());
                hasReply = true;
            } else if (template != StatusDecoder.TEMPLATE_ID) {
                assertThat(template).isPositive();
            }
            return SendOutcome.SENT;
        }

        @Override
        public int poll(MessageHandler handler, int limit) {
            if (hasEvent) {
                hasEvent = false;
                handler.onMessage(event, 0, event.capacity(), 1);
            }
            if (hasReply) {
                hasReply = false;
                handler.onMessage(reply, 0, reply.capacity(), 1);
            }
            return 0;
        }

        @Override
        public NodeLink open(String endpoint) {
            return this;
        }

        @Override
        public String responseChannel(String endpoint) {
            return "aeron:udp?endpoint=client:1";
        }

        @Override
        public int responseStreamId() {
            return 2;
        }

        @Override
        public boolean isFailed() {
            return false;
        }

        @Override
        public void close() {}
    }

    /** Counts outcomes. */
    private static final class Counter implements ReplyHandler {
        int replies;

        @Override
        public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
            replies++;
        }

        @Override
        public void onError(ErrorCode code, String text) {
            throw new AssertionError(code + " " + text);
        }
    }

    private long nowNs;

    @Test
    void warmWriteAllocatesNothing() throws InterruptedException {
        EchoNetwork network = new EchoNetwork();
        SessionConfig config = new SessionConfig(List.of("node1:9000"), 9, 1, 1_000_000_000, 4, false, new byte[0]);
        RequestPool pool = new RequestPool(4);
        WriteWindow window = new WriteWindow(1);
        CorrelationIds ids = new CorrelationIds(1);
        ClientView view = new ClientView();
        Sessions sessions = new Sessions(config, network, ids, view, new Leaders());
        Requests requests = new Requests(config, pool, sessions, ids, window);
        ManyToOneConcurrentArrayQueue<RequestSlot> submissions = new ManyToOneConcurrentArrayQueue<>(4);
        ClientAgent agent = new ClientAgent(
                network, () -> nowNs, submissions, sessions, requests, new ReplyAdapter(sessions, requests), view);
        UpsertEncoder upsert = new UpsertEncoder();
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        Counter counter = new Counter();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = 0;
        for (int i = 0; i < WARM_UP + MEASURED; i++) {
            if (i == WARM_UP) {
                allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            }
            RequestSlot slot = pool.acquire(0);
            upsert.wrapAndApplyHeader(slot.buffer(), 0, header).collectionId(1).dimension(1);
            upsert.pointsCount(0);
            upsert.putVectors(network.reply, 0, 0).putPayloads(network.reply, 0, 0);
            slot.begin(upsert.limit(), true, RequestSlot.LEADER, counter, nowNs + 1_000_000_000);
            submissions.offer(slot);
            for (int cycle = 0; cycle < 4; cycle++) {
                nowNs += 10_000;
                agent.doWork();
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
        assertThat(counter.replies).isEqualTo(WARM_UP + MEASURED);
        assertThat(window.lastSequence()).isEqualTo(WARM_UP + MEASURED);
        // The measurement itself, and a compilation that ends meanwhile, may allocate a little; a byte for each does
        // not.
        assertThat(allocated).isLessThan(MEASURED);
    }
}
