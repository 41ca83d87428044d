package io.grape.simulation.linearizability.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link HistoryWriter} wrote. A line that cannot be read is refused with its number and its text. */
public final class HistoryReader {
    private final Map<Integer, Operation> operations = new LinkedHashMap<>();
    private String[] words = new String[0];
    private int at;

    private HistoryReader() {}

    /**
     * Reads a history.
     *
     * @throws IllegalArgumentException for text that is no history
     */
    public static History read(Reader text) throws IOException {
        return new HistoryReader().readAll(new BufferedReader(text));
    }

    private History readAll(BufferedReader text) throws IOException {
        String first = text.readLine();
        if (first == null || !first.startsWith(HistoryWriter.MAGIC)) {
            throw new IllegalArgumentException("line 1 is not \"" + HistoryWriter.MAGIC + "...\" but " + first);
        }
        History.Positions positions = switch (first.substring(HistoryWriter.MAGIC.length())) {
            case "exact" -> History.Positions.EXACT;
            case "at-least" -> History.Positions.AT_LEAST;
            default -> throw new IllegalArgumentException("line 1 names no meaning of positions: " + first);
        };
        int number = 1;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            number++;
            readLine(line, number);
        }
        List<Operation> byId = new ArrayList<>(operations.values());
        byId.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return new History(positions, byId);
    }

    private void readLine(String line, int number) {
        try {
            words = line.split(" ", -1);
            at = 0;
            long time = number();
            switch (word()) {
                case "call" -> readCall(time);
                case "end" -> readEnd(time);
                default -> throw new IllegalArgumentException("neither call nor end");
            }
            if (at != words.length) {
                throw new IllegalArgumentException("words after the end");
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("line " + number + " (" + line + "): " + e.getMessage(), e);
        }
    }

    private void readCall(long time) {
        int id = Math.toIntExact(number());
        expect("client");
        long client = number();
        expect("point");
        PointKey key = key(word());
        Call call = switch (word()) {
            case "upsert" -> new Call.Upsert(number(), condition());
            case "delete" -> new Call.Delete(condition());
            case "read" -> new Call.Read();
            case "read-at" -> new Call.ReadAt(number());
            default -> throw new IllegalArgumentException("no such call");
        };
        Operation operation = new Operation(id, client, key, call, time, new Outcome.Unknown(), Operation.NEVER);
        if (operations.put(id, operation) != null) {
            throw new IllegalArgumentException("operation " + id + " was called before");
        }
    }

    private void readEnd(long time) {
        int id = Math.toIntExact(number());
        Outcome outcome = outcome();
        @Nullable Operation called = operations.get(id);
        if (called == null || called.isAnswered()) {
            throw new IllegalArgumentException("operation " + id + " is not open");
        }
        operations.put(
                id, new Operation(id, called.client(), called.key(), called.call(), called.invokedAt(), outcome, time));
    }

    private Outcome outcome() {
        return switch (word()) {
            case "failed" -> new Outcome.Failed();
            case "written" -> {
                long version = said();
                expect("changed");
                yield new Outcome.Written(version, said());
            }
            case "mismatch" -> new Outcome.Mismatch(current());
            case "found" -> {
                long version = said();
                expect("value");
                long value = said();
                expect("position");
                yield new Outcome.Found(version, value, said());
            }
            case "missing" -> {
                expect("position");
                yield new Outcome.Missing(said());
            }
            default -> throw new IllegalArgumentException("no such end");
        };
    }

    private static PointKey key(String word) {
        int colon = word.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a point is written most:least");
        }
        return new PointKey(
                Long.parseUnsignedLong(word.substring(0, colon), 16),
                Long.parseUnsignedLong(word.substring(colon + 1), 16));
    }

    private long condition() {
        expect("if");
        String word = word();
        return switch (word) {
            case "any" -> Call.ANY_VERSION;
            case "absent" -> Call.ABSENT_VERSION;
            default -> Long.parseLong(word);
        };
    }

    private long current() {
        String word = word();
        return word.equals("absent") ? Call.ABSENT_VERSION : parseSaid(word);
    }

    private long said() {
        return parseSaid(word());
    }

    private static long parseSaid(String word) {
        return word.equals(HistoryWriter.NOT_SAID) ? Outcome.NOT_SAID : Long.parseLong(word);
    }

    private long number() {
        return Long.parseLong(word());
    }

    private void expect(String name) {
        String word = word();
        if (!word.equals(name)) {
            throw new IllegalArgumentException("\"" + name + "\" expected in place of \"" + word + "\"");
        }
    }

    private String word() {
        if (at == words.length) {
            throw new IllegalArgumentException("the line ends too soon");
        }
        return words[at++];
    }
}
