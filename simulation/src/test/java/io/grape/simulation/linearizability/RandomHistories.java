package io.grape.simulation.linearizability;

import static io.grape.simulation.linearizability.history.Outcome.NOT_SAID;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History;
import io.grape.simulation.linearizability.history.HistoryRecorder;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A real linearizable register under interleaved clients, whose answers are partly lost; and small lies about it. */
final class RandomHistories {
    private final RandomGenerator random;
    private final HistoryRecorder recorder = new HistoryRecorder(64);
    private final List<Busy> busy = new ArrayList<>();
    private final int values;

    /** The register's state from each index on. */
    private final List<long[]> past = new ArrayList<>();

    private long index;
    private long version = Call.ABSENT_VERSION;
    private long value;
    private long now;

    /** A call under way: when its effect has been decided, {@code answer} records what the client is told. */
    private static final class Busy {
        private final int id;
        private final Call call;
        private Runnable answer;

        Busy(int id, Call call) {
            this.id = id;
            this.call = call;
        }
    }

    /**
     * @param values different values that are written; few of them make histories that are harder to tell apart
     */
    RandomHistories(RandomGenerator random, int values) {
        this.random = random;
        this.values = values;
    }

    History run(int operations, int clients) {
        past.add(new long[] {0, version, value});
        while (recorder.size() < operations || !busy.isEmpty()) {
            now++;
            boolean mayCall = recorder.size() < operations && busy.size() < clients;
            if (mayCall && (busy.isEmpty() || random.nextInt(3) == 0)) {
                busy.add(call());
            } else {
                step(busy.get(random.nextInt(busy.size())));
            }
        }
        return recorder.history(History.Positions.EXACT);
    }

    private Busy call() {
        long client = random.nextInt(4);
        Call call = switch (random.nextInt(8)) {
            case 0, 1 -> new Call.Upsert(random.nextInt(values), Call.ANY_VERSION);
            case 2 -> new Call.Upsert(random.nextInt(values), expected());
            case 3 -> new Call.Delete(Call.ANY_VERSION);
            case 4 -> new Call.Delete(expected());
            case 5 -> new Call.ReadAt(random.nextLong(index + 1));
            default -> new Call.Read();
        };
        int id = switch (call) {
            case Call.Upsert upsert -> recorder.upsert(client, 0, 1, upsert.value(), upsert.expectedVersion(), now);
            case Call.Delete delete -> recorder.delete(client, 0, 1, delete.expectedVersion(), now);
            case Call.Read _ -> recorder.read(client, 0, 1, now);
            case Call.ReadAt read -> recorder.readAt(client, 0, 1, read.minPosition(), now);
        };
        return new Busy(id, call);
    }

    private long expected() {
        return random.nextInt(4) == 0 ? random.nextLong(index + 2) + 1 : version;
    }

    private void step(Busy operation) {
        if (operation.answer != null) {
            if (random.nextInt(5) != 0) {
                operation.answer.run();
            }
            busy.remove(operation);
        } else if (random.nextInt(12) == 0) {
            // The request is lost before it has an effect; the client may or may not know.
            if (random.nextBoolean()) {
                recorder.failed(operation.id, now);
            }
            busy.remove(operation);
        } else {
            takeEffect(operation);
        }
    }

    private void takeEffect(Busy operation) {
        int id = operation.id;
        boolean silent = random.nextInt(4) == 0;
        switch (operation.call) {
            case Call.Read _ -> {
                long position = silent ? NOT_SAID : index;
                operation.answer = show(id, new long[] {0, version, value}, position, silent);
            }
            case Call.ReadAt read -> {
                long position = random.nextLong(read.minPosition(), index + 1);
                long[] then = past.stream()
                        .filter(state -> state[0] <= position)
                        .toList()
                        .getLast();
                operation.answer = show(id, then, position, false);
            }
            case Call.Write write -> operation.answer = write(id, write, silent);
        }
    }

    private Runnable show(int id, long[] state, long position, boolean silent) {
        if (state[1] == Call.ABSENT_VERSION) {
            return () -> recorder.missing(id, position, now);
        }
        return () -> recorder.found(id, silent ? NOT_SAID : state[1], state[2], position, now);
    }

    private Runnable write(int id, Call.Write write, boolean silent) {
        index += 1 + random.nextInt(2);
        long before = version;
        if (write.isConditional() && write.expectedVersion() != version) {
            return () -> recorder.mismatch(id, silent ? NOT_SAID : before, now);
        }
        if (write instanceof Call.Upsert upsert) {
            version = index;
            value = upsert.value();
        } else {
            version = Call.ABSENT_VERSION;
        }
        past.add(new long[] {index, version, value});
        long applied = index;
        long changed = write instanceof Call.Upsert || before != Call.ABSENT_VERSION ? 1 : 0;
        return () -> recorder.written(id, silent ? NOT_SAID : applied, silent ? NOT_SAID : changed, now);
    }

    /** Changes one thing about one operation. */
    static History mutate(History history, RandomGenerator random) {
        List<Operation> operations = new ArrayList<>(history.operations());
        int at = random.nextInt(operations.size());
        Operation old = operations.get(at);
        long delta = random.nextBoolean() ? 1 : -1;
        switch (random.nextInt(8)) {
            case 0 -> operations.remove(at);
            case 1 -> {
                long later = old.invokedAt() + random.nextInt(4);
                operations.set(at, with(old, later, old.outcome(), Math.max(later, old.returnedAt())));
            }
            case 2 -> {
                long sooner = Math.max(old.invokedAt(), old.returnedAt() - random.nextInt(6));
                operations.set(at, with(old, old.invokedAt(), old.outcome(), sooner));
            }
            default -> operations.set(at, with(old, old.invokedAt(), lie(old, delta, random), old.returnedAt()));
        }
        return new History(history.positions(), operations);
    }

    private static Operation with(Operation old, long invokedAt, Outcome outcome, long returnedAt) {
        return new Operation(old.id(), old.client(), old.key(), old.call(), invokedAt, outcome, returnedAt);
    }

    private static Outcome lie(Operation operation, long delta, RandomGenerator random) {
        int which = random.nextInt(3);
        return switch (operation.outcome()) {
            case Outcome.Found found ->
                switch (which) {
                    case 0 -> new Outcome.Missing(found.position());
                    case 1 -> new Outcome.Found(found.version(), found.value() + delta, found.position());
                    default -> new Outcome.Found(moved(found.version(), delta), found.value(), found.position());
                };
            case Outcome.Missing missing -> new Outcome.Missing(moved(missing.position(), delta));
            case Outcome.Written written -> {
                boolean refuse = which == 0 && ((Call.Write) operation.call()).isConditional();
                yield refuse
                        ? new Outcome.Mismatch(NOT_SAID)
                        : new Outcome.Written(
                                moved(written.version(), delta),
                                operation.call() instanceof Call.Delete && written.changed() >= 0
                                        ? 1 - written.changed()
                                        : written.changed());
            }
            case Outcome.Mismatch mismatch ->
                which == 0
                        ? new Outcome.Written(NOT_SAID, NOT_SAID)
                        : new Outcome.Mismatch(moved(mismatch.currentVersion(), delta));
            case Outcome.Failed failed -> failed;
            case Outcome.Unknown unknown -> unknown;
        };
    }

    /** Moves a number, never to one that means something else. */
    private static long moved(long number, long delta) {
        return number == NOT_SAID || number == Call.ABSENT_VERSION ? number : Math.max(1, number + delta);
    }
}
