package io.grape.raft.spec;

import java.util.List;

/**
 * A falsified trace: the events {@code from} to {@code to - 1}, counted from 0, are replaced.
 *
 * @param name what was falsified
 * @param by   what stands there instead
 */
public record TraceMutant(String name, int from, int to, List<TraceEvent> by) {
    @Override
    public String toString() {
        return name + " at event " + (from + 1);
    }
}
