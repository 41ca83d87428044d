package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The calls and answers of one point's operations in the order of time, as a doubly linked list. A linearized operation
 * is lifted out of it in constant time, and returned in constant time as long as this happens in the opposite order.
 *
 * <p>Calls come before answers of the same time, so that the two count as concurrent; reads at a position come
 * before everything, because they may be stale without bound.
 */
final class EventList {
    private final int operations;
    private final int head;
    private final int[] next;
    private final int[] previous;
    /** Place of each operation's answer in the order of time. */
    private final int[] answerRank;

    EventList(List<Operation> history) {
        operations = history.size();
        head = 2 * operations;
        next = new int[head + 1];
        previous = new int[head + 1];
        answerRank = new int[operations];
        List<Integer> events = IntStream.range(0, 2 * operations)
                .filter(event -> isCall(event) || history.get(operation(event)).isAnswered())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(event -> isBeforeAll(event, history) ? 0 : 1)
                        .thenComparingLong(event -> time(event, history))
                        .thenComparingInt(event -> isCall(event) ? 0 : 1)
                        .thenComparingInt(event -> event))
                .toList();
        int last = head;
        for (int rank = 0; rank < events.size(); rank++) {
            int event = events.get(rank);
            next[last] = event;
            previous[event] = last;
            last = event;
            if (!isCall(event)) {
                answerRank[operation(event)] = rank;
            }
        }
        next[last] = head;
        previous[head] = last;
    }

    private boolean isBeforeAll(int event, List<Operation> history) {
        return isCall(event) && history.get(event).call() instanceof Call.ReadAt;
    }

    private long time(int event, List<Operation> history) {
        Operation operation = history.get(operation(event));
        return isCall(event) ? operation.invokedAt() : operation.returnedAt();
    }

    /** Returns the first event, or {@link #end()}. */
    int first() {
        return next[head];
    }

    /** Returns the event after another. */
    int after(int event) {
        return next[event];
    }

    /** Returns what stands after the last event. */
    int end() {
        return head;
    }

    boolean isCall(int event) {
        return event < operations;
    }

    /** Returns the operation that an event belongs to. */
    int operation(int event) {
        return event < operations ? event : event - operations;
    }

    /** Returns the place of an operation's answer among all events. */
    int answerRank(int operation) {
        return answerRank[operation];
    }

    /** Returns the operation whose answer comes first, or -1. */
    int firstAnswered() {
        int event = next[head];
        while (event != head && isCall(event)) {
            event = next[event];
        }
        return event == head ? -1 : operation(event);
    }

    /** Takes an operation's call and answer out. */
    void lift(int operation, boolean answered) {
        unlink(operation);
        if (answered) {
            unlink(operations + operation);
        }
    }

    /** Puts back what was lifted last. */
    void unlift(int operation, boolean answered) {
        if (answered) {
            relink(operations + operation);
        }
        relink(operation);
    }

    private void unlink(int event) {
        next[previous[event]] = next[event];
        previous[next[event]] = previous[event];
    }

    private void relink(int event) {
        next[previous[event]] = event;
        previous[next[event]] = event;
    }
}
