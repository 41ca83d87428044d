package io.grape.simulation.linearizability.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.LongArrayList;

/**
 * Takes down calls and answers as rows of numbers; allocates only when its array grows. Objects are made by
 * {@link #history}.
 *
 * <p>One thread at a time. Threads that record each have a recorder of their own, and {@link #merge} joins them.
 */
public final class HistoryRecorder {
    private static final int CLIENT = 0;
    private static final int KEY_MOST = 1;
    private static final int KEY_LEAST = 2;
    private static final int CALL = 3;
    private static final int CALL_FIRST = 4;
    private static final int CALL_SECOND = 5;
    private static final int INVOKED_AT = 6;
    private static final int OUTCOME = 7;
    private static final int OUTCOME_FIRST = 8;
    private static final int OUTCOME_SECOND = 9;
    private static final int OUTCOME_THIRD = 10;
    private static final int RETURNED_AT = 11;
    private static final int ROW_LENGTH = 12;

    private static final int UPSERT = 0;
    private static final int DELETE = 1;
    private static final int READ = 2;
    private static final int READ_AT = 3;

    private static final int UNKNOWN = 0;
    private static final int FAILED = 1;
    private static final int WRITTEN = 2;
    private static final int MISMATCH = 3;
    private static final int FOUND = 4;
    private static final int MISSING = 5;

    private static final Outcome OPEN = new Outcome.Unknown();

    private final LongArrayList rows;

    /**
     * @param expectedOperations rows to make room for at once
     */
    public HistoryRecorder(int expectedOperations) {
        rows = new LongArrayList(Math.multiplyExact(Math.max(1, expectedOperations), ROW_LENGTH), Long.MIN_VALUE);
    }

    /** Returns the number of calls recorded. */
    public int size() {
        return rows.size() / ROW_LENGTH;
    }

    /** Records the call of an upsert. Returns the operation's id. */
    public int upsert(long client, long keyMost, long keyLeast, long value, long expectedVersion, long at) {
        return invoke(client, keyMost, keyLeast, UPSERT, value, expectedVersion, at);
    }

    /** Records the call of a delete. Returns the operation's id. */
    public int delete(long client, long keyMost, long keyLeast, long expectedVersion, long at) {
        return invoke(client, keyMost, keyLeast, DELETE, expectedVersion, 0, at);
    }

    /** Records the call of a linearizable read. Returns the operation's id. */
    public int read(long client, long keyMost, long keyLeast, long at) {
        return invoke(client, keyMost, keyLeast, READ, 0, 0, at);
    }

    /** Records the call of a read that may be stale. Returns the operation's id. */
    public int readAt(long client, long keyMost, long keyLeast, long minPosition, long at) {
        return invoke(client, keyMost, keyLeast, READ_AT, minPosition, 0, at);
    }

    private int invoke(long client, long keyMost, long keyLeast, int call, long first, long second, long at) {
        int id = size();
        rows.addLong(client);
        rows.addLong(keyMost);
        rows.addLong(keyLeast);
        rows.addLong(call);
        rows.addLong(first);
        rows.addLong(second);
        rows.addLong(at);
        rows.addLong(UNKNOWN);
        rows.addLong(0);
        rows.addLong(0);
        rows.addLong(0);
        rows.addLong(Operation.NEVER);
        return id;
    }

    /** Records that a write was applied; see {@link Outcome.Written}. */
    public void written(int id, long version, long changed, long at) {
        end(id, WRITTEN, version, changed, 0, at);
    }

    /** Records that a write was refused for the point's version; see {@link Outcome.Mismatch}. */
    public void mismatch(int id, long currentVersion, long at) {
        end(id, MISMATCH, currentVersion, 0, 0, at);
    }

    /** Records that an operation certainly has no effect. */
    public void failed(int id, long at) {
        end(id, FAILED, 0, 0, 0, at);
    }

    /** Records that a read found the point; see {@link Outcome.Found}. */
    public void found(int id, long version, long value, long position, long at) {
        end(id, FOUND, version, value, position, at);
    }

    /** Records that a read did not find the point; see {@link Outcome.Missing}. */
    public void missing(int id, long position, long at) {
        end(id, MISSING, position, 0, 0, at);
    }

    private void end(int id, int outcome, long first, long second, long third, long at) {
        int row = id * ROW_LENGTH;
        if (rows.getLong(row + OUTCOME) != UNKNOWN) {
            throw new IllegalStateException("operation " + id + " was answered before");
        }
        rows.setLong(row + OUTCOME, outcome);
        rows.setLong(row + OUTCOME_FIRST, first);
        rows.setLong(row + OUTCOME_SECOND, second);
        rows.setLong(row + OUTCOME_THIRD, third);
        rows.setLong(row + RETURNED_AT, at);
    }

    /** Forgets everything and keeps the memory. */
    public void clear() {
        rows.clear();
    }

    /** Returns what was recorded so far; calls without an answer have an unknown outcome. */
    public History history(History.Positions positions) {
        List<Operation> operations = new ArrayList<>(size());
        addTo(operations);
        return new History(positions, operations);
    }

    /** Joins what several threads recorded; their clocks must be one. Ids are given anew, recorder after recorder. */
    public static History merge(History.Positions positions, HistoryRecorder... recorders) {
        List<Operation> operations = new ArrayList<>();
        Arrays.stream(recorders).forEach(recorder -> recorder.addTo(operations));
        return new History(positions, operations);
    }

    private void addTo(List<Operation> operations) {
        for (int row = 0; row < rows.size(); row += ROW_LENGTH) {
            operations.add(new Operation(
                    operations.size(),
                    rows.getLong(row + CLIENT),
                    new PointKey(rows.getLong(row + KEY_MOST), rows.getLong(row + KEY_LEAST)),
                    call(row),
                    rows.getLong(row + INVOKED_AT),
                    outcome(row),
                    rows.getLong(row + RETURNED_AT)));
        }
    }

    private Call call(int row) {
        long first = rows.getLong(row + CALL_FIRST);
        return switch ((int) rows.getLong(row + CALL)) {
            case UPSERT -> new Call.Upsert(first, rows.getLong(row + CALL_SECOND));
            case DELETE -> new Call.Delete(first);
            case READ -> new Call.Read();
            default -> new Call.ReadAt(first);
        };
    }

    private Outcome outcome(int row) {
        long first = rows.getLong(row + OUTCOME_FIRST);
        long second = rows.getLong(row + OUTCOME_SECOND);
        return switch ((int) rows.getLong(row + OUTCOME)) {
            case UNKNOWN -> OPEN;
            case FAILED -> new Outcome.Failed();
            case WRITTEN -> new Outcome.Written(first, second);
            case MISMATCH -> new Outcome.Mismatch(first);
            case FOUND -> new Outcome.Found(first, second, rows.getLong(row + OUTCOME_THIRD));
            default -> new Outcome.Missing(first);
        };
    }
}
