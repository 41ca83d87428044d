package io.grape.simulation.fault;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All that goes wrong in a run, in the order of time. As text, a line for each fault: milliseconds, name, numbers.
 *
 * @param faults by time
 */
public record FaultScript(List<TimedFault> faults) {
    /** Nothing goes wrong. */
    public static final FaultScript EMPTY = new FaultScript(List.of());

    /** Sorts and copies. */
    public FaultScript {
        faults = faults.stream()
                .sorted(Comparator.comparingInt(TimedFault::atMs))
                .toList();
    }

    /** Returns the number of faults. */
    public int size() {
        return faults.size();
    }

    @Override
    public String toString() {
        return faults.stream().map(FaultScript::line).collect(Collectors.joining("\n"));
    }

    private static String line(TimedFault timed) {
        StringBuilder line = new StringBuilder()
                .append(timed.atMs())
                .append(' ')
                .append(name(timed.fault().getClass()));
        try {
            for (RecordComponent component : timed.fault().getClass().getRecordComponents()) {
                line.append(' ').append(component.getAccessor().invoke(timed.fault()));
            }
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
        return line.toString();
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }

    /**
     * Reads what {@link #toString} wrote; empty lines are skipped.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static FaultScript parse(String text) {
        List<TimedFault> faults = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.isBlank()) {
                faults.add(parseLine(line.strip()));
            }
        }
        return new FaultScript(faults);
    }

    private static TimedFault parseLine(String line) {
        String[] words = line.split(" +", -1);
        try {
            int atMs = Integer.parseInt(words[0]);
            for (Class<?> type : Fault.class.getPermittedSubclasses()) {
                if (name(type).equals(words[1])) {
                    return new TimedFault(atMs, make(type, words));
                }
            }
        } catch (ReflectiveOperationException | RuntimeException unreadable) {
            throw new IllegalArgumentException("not a line of a fault script: " + line, unreadable);
        }
        throw new IllegalArgumentException("no such fault: " + line);
    }

    private static Fault make(Class<?> type, String[] words) throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        if (words.length != types.length + 2) {
            throw new IllegalArgumentException(name(type) + " takes " + types.length + " numbers");
        }
        Object[] values = Arrays.stream(words).skip(2).map(Integer::parseInt).toArray();
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return (Fault) constructor.newInstance(values);
    }
}
