package io.grape.raft.core;

import io.grape.raft.core.lives.LifeTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A log in memory with an explicit durable watermark: a crash keeps the staged operations up to it, and perhaps some more,
 * since an unforced write may reach the disk too. Operations become durable in the order in which they were staged, as in
 * a journal.
 */
final class MemoryLog implements RaftLog {
    record Entry(long term, short type, byte[] payload) {}

    private sealed interface Operation {}

    private record Append(long index, Entry entry) implements Operation {}

    private record Truncate(long index) implements Operation {}

    private record Compact(long index, long term) implements Operation {}

    private record Hard(HardState state) implements Operation {}

    private record Life(int nodeId, long diskId, long incarnation, int state) implements Operation {}

    private record Repaired() implements Operation {}

    /** Told of each staged change. */
    interface Listener {
        void appended(long index, Entry entry, long previousTerm);

        void truncated(long index);
    }

    /** What the operations so far amount to. */
    private static final class Image {
        private final List<Entry> entries = new ArrayList<>();
        private long markIndex;
        private long markTerm;
        private HardState hardState = HardState.NEW;
        private final LifeTable lives = new LifeTable();
        private boolean underRepair;
        private long repairThrough;

        long lastIndex() {
            return markIndex + entries.size();
        }

        boolean holds(long index) {
            return index > markIndex && index <= lastIndex();
        }

        Entry entry(long index) {
            return entries.get((int) (index - markIndex) - 1);
        }

        long termAt(long index) {
            if (index == markIndex) {
                return markTerm;
            }
            return holds(index) ? entry(index).term() : NULL_TERM;
        }

        void apply(Operation operation) {
            switch (operation) {
                case Append(long index, Entry entry) -> entries.add(entry);
                case Truncate(long index) ->
                    entries.subList((int) (index - markIndex) - 1, entries.size())
                            .clear();
                case Compact(long index, long term) -> compact(index, term);
                case Hard(HardState state) -> hardState = state;
                case Life life -> lives.put(life.nodeId(), life.diskId(), life.incarnation(), life.state());
                case Repaired() -> underRepair = false;
            }
        }

        private void compact(long index, long term) {
            if (index <= markIndex) {
                return;
            }
            if (termAt(index) == term) {
                entries.subList(0, (int) (index - markIndex)).clear();
            } else {
                entries.clear();
            }
            markIndex = index;
            markTerm = term;
        }

        void copyFrom(Image other) {
            entries.clear();
            entries.addAll(other.entries);
            markIndex = other.markIndex;
            markTerm = other.markTerm;
            hardState = other.hardState;
            lives.set(other.lives);
            underRepair = other.underRepair;
            repairThrough = other.repairThrough;
        }
    }

    private final List<Operation> staged = new ArrayList<>();
    private final Image current = new Image();
    private final Image durable = new Image();
    private Listener listener = new Listener() {
        @Override
        public void appended(long index, Entry entry, long previousTerm) {}

        @Override
        public void truncated(long index) {}
    };

    void listener(Listener newListener) {
        listener = newListener;
    }

    /** How many operations are staged beyond the durable ones. */
    int stagedCount() {
        return staged.size();
    }

    /** Makes the first {@code count} staged operations durable. */
    void force(int count) {
        for (int i = 0; i < count; i++) {
            durable.apply(staged.get(i));
        }
        staged.subList(0, count).clear();
    }

    /** Loses all but the first {@code survivors} staged operations. */
    void crash(int survivors) {
        force(survivors);
        staged.clear();
        current.copyFrom(durable);
    }

    /** Loses everything, durable or not. */
    void wipe() {
        staged.clear();
        durable.copyFrom(new Image());
        current.copyFrom(durable);
    }

    /** The disk as it is now, to be put back later. */
    MemoryLog copyOfDisk() {
        MemoryLog copy = new MemoryLog();
        copy.durable.copyFrom(durable);
        copy.current.copyFrom(durable);
        return copy;
    }

    /** Becomes an old copy of the disk. */
    void restore(MemoryLog copy) {
        staged.clear();
        durable.copyFrom(copy.durable);
        current.copyFrom(durable);
    }

    /** Loses durable entries from {@code from} on to damage, and knows it, as a journal opened for repair does. */
    void damage(long from) {
        staged.clear();
        durable.repairThrough = durable.lastIndex();
        durable.underRepair = true;
        durable.apply(new Truncate(from));
        HardState hard = durable.hardState;
        durable.hardState = new HardState(hard.term(), hard.votedFor(), Math.min(hard.commitIndex(), from - 1));
        current.copyFrom(durable);
    }

    HardState recovered() {
        return current.hardState;
    }

    /** The term of a durable entry, or of one that a durable snapshot covers if it is the last of it. */
    long durableTermAt(long index) {
        return durable.termAt(index);
    }

    long durableMarkIndex() {
        return durable.markIndex;
    }

    private void stage(Operation operation) {
        current.apply(operation);
        staged.add(operation);
    }

    @Override
    public long firstIndex() {
        return current.markIndex + 1;
    }

    @Override
    public long lastIndex() {
        return current.lastIndex();
    }

    @Override
    public long termAt(long index) {
        return current.termAt(index);
    }

    @Override
    public short entryTypeAt(long index) {
        return current.entry(index).type();
    }

    @Override
    public int payloadLengthAt(long index) {
        return current.entry(index).payload().length;
    }

    @Override
    public int copyPayload(long index, MutableDirectBuffer target, int targetOffset) {
        byte[] payload = current.entry(index).payload();
        target.putBytes(targetOffset, payload);
        return payload.length;
    }

    @Override
    public void append(long index, long term, short entryType, DirectBuffer payload, int offset, int length) {
        if (index != lastIndex() + 1 || term < termAt(lastIndex())) {
            throw new IllegalStateException("append of " + index + "@" + term + " after " + lastIndex());
        }
        byte[] copy = new byte[length];
        payload.getBytes(offset, copy);
        Entry entry = new Entry(term, entryType, copy);
        listener.appended(index, entry, termAt(index - 1));
        stage(new Append(index, entry));
    }

    @Override
    public void truncateFrom(long index) {
        listener.truncated(index);
        stage(new Truncate(index));
    }

    @Override
    public void compactTo(long index, long term) {
        stage(new Compact(index, term));
    }

    @Override
    public void life(int nodeId, long diskId, long incarnation, int state) {
        stage(new Life(nodeId, diskId, incarnation, state));
    }

    @Override
    public LifeTable lives() {
        return current.lives;
    }

    @Override
    public boolean livesAreDurable() {
        return staged.stream().noneMatch(Life.class::isInstance);
    }

    @Override
    public boolean isUnderRepair() {
        return current.underRepair;
    }

    @Override
    public long repairThrough() {
        return current.repairThrough;
    }

    @Override
    public void repaired() {
        if (current.hardState.commitIndex() < current.repairThrough) {
            throw new IllegalStateException("not repaired: " + current.hardState + " of " + current.repairThrough);
        }
        stage(new Repaired());
    }

    @Override
    public void hardState(long term, int votedFor, long commitIndex) {
        stage(new Hard(new HardState(term, votedFor, commitIndex)));
    }
}
