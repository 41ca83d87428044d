package io.grape.raft.core.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.sbe.BeatState;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.NodeHeartbeatDecoder;
import io.grape.codecs.sbe.NodeHeartbeatReplyDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BeatFramesTest {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private record Frame(int to, byte[] bytes) {}

    private final List<Frame> sent = new ArrayList<>();
    private final BeatPublisher publisher = new BeatPublisher(3, 77, 5);
    private final BeatAdapter adapter = new BeatAdapter();
    private final FrameSink sink = (to, frame, offset, length) -> {
        byte[] bytes = new byte[length];
        frame.getBytes(offset, bytes);
        sent.add(new Frame(to, bytes));
    };

    private static BeatList list(int count) {
        BeatList list = new BeatList();
        for (int i = 0; i < count; i++) {
            list.add(i % 2, 1000 + i, 5 + i, 10 + i, 4 + i, 100 + i, 200 + i, (short) (i % 3));
        }
        return list;
    }

    private static String text(BeatAdapter beat) {
        String middle = beat.isAnswer() ? "" : beat.index() + "@" + beat.indexTerm() + " ";
        return beat.groupId() + " term " + beat.term() + " " + middle + beat.requestId() + "/" + beat.readId() + " "
                + beat.state();
    }

    private List<String> read(byte[] bytes) {
        List<String> texts = new ArrayList<>();
        if (adapter.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != BeatAdapter.MALFORMED) {
            while (adapter.next()) {
                texts.add(text(adapter));
            }
        }
        return texts;
    }

    @Test
    void oneFrameCarriesTheHeartbeatsOfAllGroupsToAPeerAndNoOther() {
        assertThat(publisher.heartbeats(list(5), 1, false, sink)).isEqualTo(1);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().to()).isEqualTo(1);
        assertThat(read(sent.getFirst().bytes()))
                .containsExactly("1001 term 6 11@5 101/201 1", "1003 term 8 13@7 103/203 0");
        assertThat(adapter.sourceNodeId()).isEqualTo(3);
        assertThat(adapter.incarnation()).isEqualTo(77);
        assertThat(adapter.diskId()).isEqualTo(5);
        assertThat(adapter.isAnswer()).isFalse();
    }

    @Test
    void anAnswerEchoesRequestAndRound() {
        assertThat(publisher.answers(list(5), 0, false, sink)).isEqualTo(1);
        assertThat(read(sent.getFirst().bytes()))
                .containsExactly("1000 term 5 100/200 0", "1002 term 7 102/202 2", "1004 term 9 104/204 1");
        assertThat(adapter.isAnswer()).isTrue();
    }

    @Test
    void framesAreBoundedAndLoseNoGroup() {
        BeatList list = list(2 * 1024);
        int frames = publisher.heartbeats(list, 1, false, sink);
        assertThat(frames)
                .isEqualTo((1024 + BeatPublisher.MAX_GROUPS_PER_FRAME - 1) / BeatPublisher.MAX_GROUPS_PER_FRAME);
        List<String> all = new ArrayList<>();
        for (Frame frame : sent) {
            assertThat(frame.bytes().length).isLessThan(16 * 1024);
            all.addAll(read(frame.bytes()));
        }
        assertThat(all).hasSize(1024).doesNotHaveDuplicates();
        sent.clear();
        assertThat(publisher.answers(list(2 * BeatPublisher.MAX_GROUPS_PER_FRAME), 0, true, sink))
                .as("a full frame is followed by no empty one")
                .isEqualTo(1);
    }

    @Test
    void anEmptyFrameSaysThatTheNodeLives() {
        assertThat(publisher.heartbeats(list(0), 1, false, sink)).isZero();
        assertThat(publisher.heartbeats(list(1), 1, true, sink)).isEqualTo(1);
        assertThat(read(sent.getFirst().bytes())).isEmpty();
        assertThat(adapter.sourceNodeId()).isEqualTo(3);
    }

    @Test
    void everyFrameThatIsSentPassesTheFrameCheck() {
        publisher.heartbeats(list(9), 1, false, sink);
        publisher.answers(list(9), 1, false, sink);
        publisher.heartbeats(list(0), 1, true, sink);
        publisher.answers(list(0), 1, true, sink);
        assertThat(sent)
                .hasSize(4)
                .allSatisfy(
                        frame -> assertThat(FrameCheck.check(new UnsafeBuffer(frame.bytes()), 0, frame.bytes().length))
                                .isEqualTo(ErrorCode.OK));
    }

    @Test
    void aFrameOfANewerVersionIsReadUpToWhatIsKnown() {
        publisher.heartbeats(list(4), 1, false, sink);
        byte[] old = sent.getFirst().bytes();
        int block = NodeHeartbeatDecoder.BLOCK_LENGTH;
        int element = NodeHeartbeatDecoder.GroupsDecoder.sbeBlockLength();
        UnsafeBuffer source = new UnsafeBuffer(old);
        // Three more bytes in the block, five more in each element, a state without a meaning here.
        UnsafeBuffer newer = new UnsafeBuffer(new byte[old.length + 3 + 2 * 5 + 7]);
        newer.putBytes(0, source, 0, HEADER + block);
        newer.putShort(0, (short) (block + 3), ORDER);
        newer.putShort(6, (short) 9, ORDER);
        int groups = HEADER + block + 3;
        newer.putShort(groups, (short) (element + 5), ORDER);
        newer.putShort(groups + 2, (short) 2, ORDER);
        for (int i = 0; i < 2; i++) {
            newer.putBytes(groups + 4 + i * (element + 5), source, HEADER + block + 4 + i * element, element);
        }
        newer.putByte(groups + 4 + NodeHeartbeatDecoder.GroupsDecoder.stateEncodingOffset(), (byte) 9);
        byte[] bytes = newer.byteArray();
        assertThat(FrameCheck.check(newer, 0, bytes.length)).isEqualTo(ErrorCode.OK);
        assertThat(read(bytes))
                .containsExactly("1001 term 6 11@5 101/201 " + BeatState.AWAKE.value(), "1003 term 8 13@7 103/203 0");
    }

    /** What the check accepts is read to the end; what it refuses is never read beyond its length. */
    @Test
    void whateverBytesComeNothingIsThrownOrReadBeyondThem() {
        Random random = new Random(4711);
        publisher.heartbeats(list(8), 1, false, sink);
        publisher.answers(list(8), 1, false, sink);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = sent.get(i % 2).bytes().clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(3) == 0 ? random.nextInt(bytes.length) : random.nextInt(HEADER + 16);
                bytes[at] = (byte) random.nextInt();
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            byte[] exact = java.util.Arrays.copyOf(bytes, length);
            UnsafeBuffer buffer = new UnsafeBuffer(exact);
            boolean checked = FrameCheck.check(buffer, 0, length) == ErrorCode.OK;
            int template = adapter.wrap(buffer, 0, length);
            int read = 0;
            while (adapter.next()) {
                text(adapter);
                read++;
            }
            boolean isFrame = length >= HEADER && BeatAdapter.reads(buffer.getShort(2, ORDER) & 0xFFFF);
            if (checked && isFrame && buffer.getInt(HEADER, ORDER) >= 0) {
                accepted++;
                int block = buffer.getShort(0, ORDER) & 0xFFFF;
                assertThat(template).isEqualTo(buffer.getShort(2, ORDER) & 0xFFFF);
                assertThat(read).isEqualTo(buffer.getShort(HEADER + block + 2, ORDER) & 0xFFFF);
            } else if (template == BeatAdapter.MALFORMED) {
                assertThat(read).isZero();
            }
        }
        assertThat(accepted).isGreaterThan(10_000);
        assertThat(NodeHeartbeatReplyDecoder.BLOCK_LENGTH).isEqualTo(NodeHeartbeatDecoder.BLOCK_LENGTH);
    }
}
