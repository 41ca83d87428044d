package io.grape.simulation.linearizability.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a history as text, one line an event, in the order of time.
 *
 * <pre>{@code
 * grape-history 1 exact
 * 100 call 0 client 7 point 0:2a upsert 99 if any
 * 120 end 0 written 5 changed 1
 * 130 call 1 client 8 point 0:2a read
 * 140 end 1 found 5 value 99 position 6
 * }</pre>
 *
 * The first number is the time, the number after {@code call} and {@code end} the operation's id; a condition is
 * {@code any}, {@code absent} or a version; {@code -} stands for a number that was not said. The first line names the
 * format's version and the meaning of positions. {@link HistoryReader} reads it back.
 */
public final class HistoryWriter {
    static final String MAGIC = "grape-history 1 ";
    static final String NOT_SAID = "-";

    private record Line(long at, int order, String text) {}

    private HistoryWriter() {}

    /** Writes a history. */
    public static void write(History history, Appendable out) throws IOException {
        List<Line> lines = new ArrayList<>(2 * history.operations().size());
        for (Operation operation : history.operations()) {
            lines.add(new Line(operation.invokedAt(), 0, callLine(operation)));
            if (operation.isAnswered()) {
                lines.add(new Line(operation.returnedAt(), 1, endLine(operation)));
            }
        }
        lines.sort(Comparator.comparingLong(Line::at).thenComparingInt(Line::order));
        out.append(MAGIC).append(history.positions() == History.Positions.EXACT ? "exact" : "at-least");
        out.append('\n');
        for (Line line : lines) {
            out.append(line.text()).append('\n');
        }
    }

    /** Returns the line of an operation's call: for recorders that write as they go. */
    public static String callLine(Operation operation) {
        return operation.invokedAt() + " call " + operation.id() + " client " + operation.client() + " point "
                + operation.key() + " " + describe(operation.call());
    }

    /** Returns the line of an operation's end. */
    public static String endLine(Operation operation) {
        return operation.returnedAt() + " end " + operation.id() + " " + describe(operation.outcome());
    }

    /** Returns a call as it stands in a line. */
    public static String describe(Call call) {
        return switch (call) {
            case Call.Upsert upsert -> "upsert " + upsert.value() + " if " + condition(upsert.expectedVersion());
            case Call.Delete delete -> "delete if " + condition(delete.expectedVersion());
            case Call.Read _ -> "read";
            case Call.ReadAt read -> "read-at " + read.minPosition();
        };
    }

    /** Returns an outcome as it stands in a line. */
    public static String describe(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unknown _ -> "unknown";
            case Outcome.Failed _ -> "failed";
            case Outcome.Written written ->
                "written " + said(written.version()) + " changed " + said(written.changed());
            case Outcome.Mismatch mismatch -> "mismatch " + current(mismatch.currentVersion());
            case Outcome.Found found ->
                "found " + said(found.version()) + " value " + said(found.value()) + " position "
                        + said(found.position());
            case Outcome.Missing missing -> "missing position " + said(missing.position());
        };
    }

    private static String condition(long expectedVersion) {
        if (expectedVersion == Call.ANY_VERSION) {
            return "any";
        }
        return expectedVersion == Call.ABSENT_VERSION ? "absent" : Long.toString(expectedVersion);
    }

    private static String current(long version) {
        return version == Call.ABSENT_VERSION ? "absent" : said(version);
    }

    private static String said(long number) {
        return number == Outcome.NOT_SAID ? NOT_SAID : Long.toString(number);
    }
}
