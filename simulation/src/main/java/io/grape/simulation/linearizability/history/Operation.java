package io.grape.simulation.linearizability.history;

/**
 * One operation of a client on one point.
 *
 * @param id         place in the order of calls as recorded: 0, 1, 2 ...
 * @param client     who called
 * @param key        the point
 * @param call       what was asked
 * @param invokedAt  time of the call
 * @param outcome    how it ended
 * @param returnedAt time of the answer; {@link #NEVER} while the outcome is unknown
 */
public record Operation(
        int id, long client, PointKey key, Call call, long invokedAt, Outcome outcome, long returnedAt) {
    /** Return time of an operation that has no answer. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Refuses an answer that does not fit the call, and an answer from before the call. */
    public Operation {
        if (outcome instanceof Outcome.Unknown) {
            returnedAt = NEVER;
        }
        if (returnedAt < invokedAt) {
            throw new IllegalArgumentException(
                    "operation " + id + " was answered at " + returnedAt + ", before its call at " + invokedAt);
        }
        if (!fits(call, outcome)) {
            throw new IllegalArgumentException("operation " + id + ": " + call + " cannot end as " + outcome);
        }
    }

    private static boolean fits(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unknown _, Outcome.Failed _ -> true;
            case Outcome.Written _ -> call instanceof Call.Write;
            case Outcome.Mismatch _ -> call instanceof Call.Write write && write.isConditional();
            case Outcome.Found _, Outcome.Missing _ -> !(call instanceof Call.Write);
        };
    }

    /** Tells whether an answer came, so that the operation took its effect before {@link #returnedAt}. */
    public boolean isAnswered() {
        return !(outcome instanceof Outcome.Unknown);
    }
}
