package io.grape.benchmarks.replication;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a client process is to do with one cluster.
 *
 * @param sizes   bytes of an entry
 * @param rates   entries a second, open loop
 * @param windows entries in flight, closed loop
 * @param seconds of each cell, after a warm-up before the first one
 * @param warmUpSeconds before the first cell
 * @param idle    backoff, yield or busy-spin, for members and client
 */
public record Load(
        List<Integer> sizes,
        List<Integer> rates,
        List<Integer> windows,
        double seconds,
        double warmUpSeconds,
        String idle) {
    /** Copies the lists. */
    public Load {
        sizes = List.copyOf(sizes);
        rates = List.copyOf(rates);
        windows = List.copyOf(windows);
    }

    /** Returns how long all cells take, without connecting. */
    double totalSeconds() {
        return warmUpSeconds + sizes.size() * (rates.size() + windows.size()) * seconds;
    }

    List<String> arguments() {
        return List.of(
                text(sizes),
                text(rates),
                text(windows),
                Double.toString(seconds),
                Double.toString(warmUpSeconds),
                idle);
    }

    static Load of(List<String> arguments) {
        return new Load(
                numbers(arguments.get(0)),
                numbers(arguments.get(1)),
                numbers(arguments.get(2)),
                Double.parseDouble(arguments.get(3)),
                Double.parseDouble(arguments.get(4)),
                arguments.get(5));
    }

    private static String text(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Integer> numbers(String text) {
        String inner = text.substring(1, text.length() - 1);
        return inner.isEmpty()
                ? List.of()
                : Arrays.stream(inner.split(",", -1)).map(Integer::valueOf).toList();
    }
}
