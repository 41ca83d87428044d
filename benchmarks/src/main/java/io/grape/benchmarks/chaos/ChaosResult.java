package io.grape.benchmarks.chaos;

import java.io.PrintWriter;
import java.util.List;

/**
 * What a run came to.
 *
 * @param seed       of the schedule
 * @param nodes      processes
 * @param did        what was done, in order
 * @param operations that clients took down, and of these answered
 * @param answered   operations that were answered
 * @param ledger     points written once and acknowledged, each read back from each replica
 * @param verdict    of the checker of histories
 * @param violations what must not be; empty if all held
 */
public record ChaosResult(
        long seed,
        int nodes,
        List<String> did,
        int operations,
        long answered,
        int ledger,
        String verdict,
        List<String> violations) {
    /** Copies the lists. */
    public ChaosResult {
        did = List.copyOf(did);
        violations = List.copyOf(violations);
    }

    /** Prints it for people. */
    public void print(PrintWriter out) {
        out.println("seed " + seed + ", " + nodes + " nodes, " + did.size() + " faults");
        out.println("  " + operations + " operations on contended points, " + answered + " of all were answered");
        out.println("  " + ledger + " points written once and acknowledged"
                + (violations.isEmpty() ? ", read back from every replica" : ""));
        out.println("  history: " + verdict.lines().findFirst().orElse(""));
        violations.forEach(violation -> out.println("  VIOLATION " + violation));
        out.println(
                violations.isEmpty()
                        ? "  held"
                        : "  BROKEN; again with: ./grape chaos --seed " + seed + " --nodes " + nodes);
        out.flush();
    }
}
