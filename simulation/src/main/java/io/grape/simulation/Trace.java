package io.grape.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;

/** The last things that happened, as lines. Off by default: it costs more than the run. */
final class Trace {
    private static final int LINES = 400;
    private static final long MS = 1_000_000;

    private final boolean isOn;
    private final NanoClock clock;
    private final ArrayDeque<String> lines = new ArrayDeque<>();

    Trace(boolean isOn, NanoClock clock) {
        this.isOn = isOn;
        this.clock = clock;
    }

    boolean isOn() {
        return isOn;
    }

    void add(Supplier<String> line) {
        if (!isOn) {
            return;
        }
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        long nowNs = clock.nanoTime();
        lines.add(String.format("%5d.%03d ms  ", nowNs / MS, nowNs % MS / 1000) + line.get());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
