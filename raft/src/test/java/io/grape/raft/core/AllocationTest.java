package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.grape.raft.core.lives.LifeTable;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A proposal, its replication to two followers, their answers and the commit: no byte is allocated. */
class AllocationTest {
    /** Keeps the terms of the last entries and one payload; allocates nothing. */
    private static final class RingLog implements RaftLog {
        private final LifeTable lives = new LifeTable();
        private static final int SLOTS = 1 << 12;
        private final long[] terms = new long[SLOTS];
        private final int[] lengths = new int[SLOTS];
        private final UnsafeBuffer payloads = new UnsafeBuffer(new byte[SLOTS * 512]);
        private long last;

        @Override
        public long firstIndex() {
            return Math.max(1, last - SLOTS + 1);
        }

        @Override
        public long lastIndex() {
            return last;
        }

        @Override
        public long termAt(long index) {
            return index == 0 ? 0 : index < firstIndex() || index > last ? NULL_TERM : terms[slot(index)];
        }

        private static int slot(long index) {
            return (int) (index & (SLOTS - 1));
        }

        @Override
        public short entryTypeAt(long index) {
            return 1;
        }

        @Override
        public int payloadLengthAt(long index) {
            return lengths[slot(index)];
        }

        @Override
        public int copyPayload(long index, MutableDirectBuffer target, int targetOffset) {
            target.putBytes(targetOffset, payloads, slot(index) * 512, lengths[slot(index)]);
            return lengths[slot(index)];
        }

        @Override
        public void append(long index, long term, short entryType, DirectBuffer payload, int offset, int length) {
            last = index;
            terms[slot(index)] = term;
            lengths[slot(index)] = length;
            payloads.putBytes(slot(index) * 512, payload, offset, length);
        }

        @Override
        public void truncateFrom(long index) {
            last = index - 1;
        }

        @Override
        public void compactTo(long index, long term) {}

        @Override
        public void life(int nodeId, long diskId, long incarnation, int state) {
            lives.put(nodeId, diskId, incarnation, state);
        }

        @Override
        public LifeTable lives() {
            return lives;
        }

        @Override
        public boolean livesAreDurable() {
            return true;
        }

        @Override
        public boolean isUnderRepair() {
            return false;
        }

        @Override
        public long repairThrough() {
            return 0;
        }

        @Override
        public void repaired() {}

        @Override
        public void hardState(long term, int votedFor, long commitIndex) {}
    }

    private final RaftGroup[] groups = new RaftGroup[3];
    private final RaftOutput[] outs = {new RaftOutput(), new RaftOutput(), new RaftOutput()};
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[512]);
    private long nowNs;

    @Test
    void aProposalFromRingToCommitAllocatesNothing() {
        for (int i = 0; i < 3; i++) {
            groups[i] = new RaftGroup(RaftConfig.of(1, i, List.of(0, 1, 2)), new RingLog(), HardState.NEW, 0);
        }
        nowNs = 3_000_000_000L;
        groups[0].tick(nowNs, outs[0]);
        for (int i = 0; i < 6; i++) {
            exchange();
        }
        assertThat(groups[0].role()).isEqualTo(Role.LEADER);
        for (int i = 0; i < 20_000; i++) {
            round();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The runtime itself allocates a little now and then; what the core allocates would show in every window.
        long least = Long.MAX_VALUE;
        for (int window = 0; window < 10 && least > 0; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                round();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for 10,000 proposals and as many reads").isZero();
        assertThat(groups[0].commitIndex()).isGreaterThan(30_000);
        assertThat(groups[1].commitIndex()).isEqualTo(groups[0].commitIndex());
    }

    @Test
    void aSingleVoterAllocatesNothingEither() {
        RaftGroup group = new RaftGroup(RaftConfig.of(1, 0, List.of(0)), new RingLog(), HardState.NEW, 0);
        RaftOutput out = outs[0];
        nowNs = 3_000_000_000L;
        group.tick(nowNs, out);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int window = 0; window < 20 && least > 0; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                nowNs += 100_000;
                group.propose((short) 1, payload, 0, 512, nowNs, out);
                group.tick(nowNs, out);
                group.endOfBatch(nowNs, out);
                group.onDurable(group.state().lastTerm(), group.lastIndex(), nowNs, out);
                out.clear();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
        assertThat(group.commitIndex()).isEqualTo(group.lastIndex()).isGreaterThan(9_000);
    }

    private void round() {
        nowNs += 100_000;
        groups[0].propose((short) 1, payload, 0, 512, nowNs, outs[0]);
        groups[0].readIndex(nowNs, nowNs, outs[0]);
        groups[0].tick(nowNs, outs[0]);
        exchange();
        exchange();
        exchange();
    }

    /** Every replica ends its batch, its disk is instant, and its messages arrive. */
    private void exchange() {
        for (int i = 0; i < 3; i++) {
            RaftGroup group = groups[i];
            group.endOfBatch(nowNs, outs[i]);
            group.onDurable(group.state().lastTerm(), group.lastIndex(), nowNs, outs[i]);
            deliver(outs[i].sendNow());
            deliver(outs[i].sendOnceDurable());
            outs[i].clear();
        }
    }

    private void deliver(MessageList list) {
        for (int i = 0; i < list.count(); i++) {
            int to = list.destinationNodeId(i);
            groups[to].step(list.buffer(), list.offset(i), list.length(i), nowNs, outs[to]);
        }
    }
}
