package io.grape.simulation.linearizability.history;

import java.util.List;

/**
 * What all clients of one collection did and were told. The collection was empty at the start.
 *
 * @param positions  what the positions in answers mean
 * @param operations by id
 */
public record History(Positions positions, List<Operation> operations) {
    /** What the position in an answer means. */
    public enum Positions {
        /** The answer is the state at the position: nothing older, nothing newer. */
        EXACT,
        /** The answer holds all that was written up to the position, and perhaps more: reads that race with the apply thread. */
        AT_LEAST
    }

    /** Copies the list. */
    public History {
        operations = List.copyOf(operations);
    }
}
