package io.grape.raft.spec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A trace and its mutants as a TLA+ module with its configuration.
 *
 * @param name        module name
 * @param nodes       nodes, numbered from 0
 * @param firstVoters how many of them vote at first
 */
public record TraceModule(String name, int nodes, int firstVoters, List<TraceEvent> events, List<TraceMutant> mutants) {
    /** Returns the module's text. */
    public String text() {
        return "---- MODULE " + name + " ----\nEXTENDS GrapeTrace\n"
                + "TheEvents ==\n" + sequence(events) + "\n"
                + "TheMutants ==\n"
                + mutants.stream().map(TraceModule::mutant).collect(Collectors.joining(",\n", "<<\n", "\n>>"))
                + "\n====\n";
    }

    private static String mutant(TraceMutant mutant) {
        // Sequences begin at 1 there.
        return "[from |-> " + (mutant.from() + 1) + ", to |-> " + (mutant.to() + 1) + ", by |-> "
                + sequence(mutant.by()) + "]";
    }

    private static String sequence(List<TraceEvent> sequence) {
        return sequence.stream().map(TraceEvent::toString).collect(Collectors.joining(",\n", "<<\n", "\n>>"));
    }

    /** Returns the text of TLC's configuration. */
    public String configuration() {
        return """
                CONSTANTS
                    Node = %s
                    Nil = Nil
                    FirstVoters = %s
                    Command = {}
                    Target = {}
                    Feature = {"preVote", "transfer", "refuse", "stepDown", "commitHint", "split", "courtesy", "frames"}
                    Bug = {}
                    Events <- TheEvents
                    Mutants <- TheMutants
                INIT TraceInit
                NEXT TraceNext
                INVARIANTS ElectionSafety OneVotePerTerm StateMachineSafety LeaderCompleteness Progress Accepted
                CHECK_DEADLOCK FALSE
                """.formatted(numbers(nodes), numbers(firstVoters));
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(", ", "{", "}"));
    }
}
