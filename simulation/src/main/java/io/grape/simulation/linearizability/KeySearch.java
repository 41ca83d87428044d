package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History.Positions;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one point's operations: depth first, without recursion. Used once.
 *
 * <p>At each configuration the answer that comes next in time says what is needed: its operation must be linearized now,
 * after as many of the other calls before that answer as it takes. So its operation is tried first, then each of the
 * others. A read that leaves the state as it is, is taken without an alternative: whatever could be done instead of it
 * can be done after it.
 */
final class KeySearch {
    /** How a search ended. */
    enum Result {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The limit came first. */
        UNDECIDED
    }

    /** An operation that may come next, with the version that it is given. */
    private record Choice(int operation, long version) {}

    /** A configuration on the way that is being tried: what it was, what is left to try, what was tried last. */
    private static final class Frame {
        private final PointState state;
        private final List<Choice> choices;
        private int tried;
        private int taken = -1;

        Frame(PointState state, List<Choice> choices) {
            this.state = state;
            this.choices = choices;
        }

        void giveUp() {
            tried = choices.size();
        }
    }

    private final List<Operation> operations;
    private final PointModel model;
    private final SearchPlan plan;
    private final EventList events;
    private final int maxConfigurations;

    private final Set<Configuration> entered = new HashSet<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final long[] linearized;
    private PointState state = PointState.EMPTY;
    private int answersLeft;

    private int furthestRank = -1;
    private List<Operation> furthestOrder = List.of();
    private PointState furthestState = PointState.EMPTY;
    private @Nullable Operation furthestAnswer;

    /**
     * @param operations        of one point, without those that constrain nothing ({@link #constrains})
     * @param maxConfigurations when more were entered, the search gives up
     */
    KeySearch(List<Operation> operations, Positions positions, int maxConfigurations) {
        this.operations = operations;
        this.maxConfigurations = maxConfigurations;
        model = new PointModel(positions);
        plan = new SearchPlan(operations, positions);
        events = new EventList(operations);
        linearized = new long[(operations.size() + Long.SIZE - 1) / Long.SIZE];
        for (Operation operation : operations) {
            answersLeft += operation.isAnswered() ? 1 : 0;
        }
    }

    /** Tells whether an operation matters: not if it certainly did nothing, nor if it is a read without an answer. */
    static boolean constrains(Operation operation) {
        boolean unansweredRead = !operation.isAnswered() && !(operation.call() instanceof Call.Write);
        return !(operation.outcome() instanceof Outcome.Failed) && !unansweredRead;
    }

    Result run() {
        frames.push(new Frame(state, choices()));
        while (answersLeft > 0) {
            Frame frame = frames.element();
            if (frame.tried == frame.choices.size()) {
                noteHowFar();
                frames.pop();
                if (frames.isEmpty()) {
                    return Result.NOT_LINEARIZABLE;
                }
                takeBack(frames.element());
            } else {
                tryNext(frame);
                if (entered.size() > maxConfigurations) {
                    return Result.UNDECIDED;
                }
            }
        }
        return Result.LINEARIZABLE;
    }

    private void tryNext(Frame frame) {
        Choice choice = frame.choices.get(frame.tried++);
        int at = choice.operation();
        PointState next = model.step(state, operations.get(at), choice.version());
        if (next == null) {
            return;
        }
        if (next.allowsAllOf(state)) {
            frame.giveUp();
        }
        linearized[at >>> 6] ^= 1L << at;
        if (entered.add(new Configuration(linearized, next))) {
            boolean answered = operations.get(at).isAnswered();
            answersLeft -= answered ? 1 : 0;
            events.lift(at, answered);
            frame.taken = at;
            state = next;
            frames.push(new Frame(state, choices()));
        } else {
            linearized[at >>> 6] ^= 1L << at;
        }
    }

    private void takeBack(Frame frame) {
        int at = frame.taken;
        boolean answered = operations.get(at).isAnswered();
        answersLeft += answered ? 1 : 0;
        events.unlift(at, answered);
        linearized[at >>> 6] ^= 1L << at;
        state = frame.state;
    }

    /** The operation whose answer is next, the other answered ones called before that answer, then the unanswered ones. */
    private List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        int needed = events.firstAnswered();
        if (needed < 0) {
            return choices;
        }
        addChoices(needed, choices);
        for (boolean answered : new boolean[] {true, false}) {
            for (int event = events.first(); events.isCall(event); event = events.after(event)) {
                if (event != needed && operations.get(event).isAnswered() == answered) {
                    addChoices(event, choices);
                }
            }
        }
        return choices;
    }

    private void addChoices(int at, List<Choice> choices) {
        int before = plan.waitsFor(at);
        if (before >= 0 && (linearized[before >>> 6] & 1L << before) == 0) {
            return;
        }
        for (long version : plan.versions(at)) {
            choices.add(new Choice(at, version));
        }
    }

    /** The answer that no configuration got past is the first one that makes the history impossible. */
    private void noteHowFar() {
        int blocked = events.firstAnswered();
        int rank = events.answerRank(blocked);
        if (rank < furthestRank || (rank == furthestRank && frames.size() <= furthestOrder.size() + 1)) {
            return;
        }
        furthestRank = rank;
        furthestAnswer = operations.get(blocked);
        furthestState = state;
        List<Operation> order = new ArrayList<>(frames.size());
        for (Iterator<Frame> oldestFirst = frames.descendingIterator(); oldestFirst.hasNext(); ) {
            Frame frame = oldestFirst.next();
            if (oldestFirst.hasNext()) {
                order.add(operations.get(frame.taken));
            }
        }
        furthestOrder = order;
    }

    /** Returns the number of configurations entered. */
    int configurations() {
        return entered.size();
    }

    /** Returns the operation whose answer no order got past. */
    Operation furthestAnswer() {
        if (furthestAnswer == null) {
            throw new IllegalStateException("the search did not fail");
        }
        return furthestAnswer;
    }

    /** Returns the longest order found up to that answer. */
    List<Operation> furthestOrder() {
        return furthestOrder;
    }

    /** Returns the state that the longest order leaves. */
    PointState furthestState() {
        return furthestState;
    }
}
