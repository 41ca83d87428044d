package io.grape.raft.core;

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

    private record Hard(HardState state) implements Operation {}

    /** Told of each staged change. */
    interface Listener {
        void appended(long index, Entry entry, long previousTerm);

        void truncated(long index);
    }

    private final List<Operation> staged = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> durableEntries = new ArrayList<>();
    private HardState hardState = HardState.NEW;
    private HardState durableHardState = HardState.NEW;
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
            switch (staged.get(i)) {
                case Append(long index, Entry entry) -> durableEntries.add((int) index - 1, entry);
                case Truncate(long index) ->
                    durableEntries
                            .subList((int) index - 1, durableEntries.size())
                            .clear();
                case Hard(HardState state) -> durableHardState = state;
            }
        }
        staged.subList(0, count).clear();
    }

    /** Loses all but the first {@code survivors} staged operations. */
    void crash(int survivors) {
        force(survivors);
        staged.clear();
        entries.clear();
        entries.addAll(durableEntries);
        hardState = durableHardState;
    }

    HardState recovered() {
        return hardState;
    }

    long durableTermAt(long index) {
        return index <= durableEntries.size()
                ? durableEntries.get((int) index - 1).term()
                : NULL_TERM;
    }

    Entry entry(long index) {
        return entries.get((int) index - 1);
    }

    @Override
    public long firstIndex() {
        return 1;
    }

    @Override
    public long lastIndex() {
        return entries.size();
    }

    @Override
    public long termAt(long index) {
        if (index == 0) {
            return 0;
        }
        return index > 0 && index <= entries.size() ? entry(index).term() : NULL_TERM;
    }

    @Override
    public short entryTypeAt(long index) {
        return entry(index).type();
    }

    @Override
    public int payloadLengthAt(long index) {
        return entry(index).payload().length;
    }

    @Override
    public int copyPayload(long index, MutableDirectBuffer target, int targetOffset) {
        byte[] payload = entry(index).payload();
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
        entries.add(entry);
        staged.add(new Append(index, entry));
    }

    @Override
    public void truncateFrom(long index) {
        listener.truncated(index);
        entries.subList((int) index - 1, entries.size()).clear();
        staged.add(new Truncate(index));
    }

    @Override
    public void hardState(long term, int votedFor, long commitIndex) {
        hardState = new HardState(term, votedFor, commitIndex);
        staged.add(new Hard(hardState));
    }
}
