package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.data.VectorSet;
import io.grape.benchmarks.vectors.data.VectorSets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code grape bench vectors} does, after its options were read. */
public final class VectorsBenchmark {
    private VectorsBenchmark() {}

    /** Which part of the work to do. */
    public enum Phase {
        /** Build every index again, and measure it. */
        BUILD,
        /** Search what is built. */
        SEARCH,
        /** Build what is not built, then search. */
        ALL
    }

    /**
     * What to run.
     *
     * @param set   name of the set
     * @param rows  most rows of it
     * @param peers to be run beside ours
     * @param home  of the program: sources of drivers and the fetched data are found from there
     * @param work  where sets and indexes are kept
     */
    public record Plan(String set, int rows, List<String> peers, Phase phase, Path home, Path work, boolean quick) {}

    /**
     * Runs it.
     *
     * @return the result; none if only the building was asked for
     * @throws IOException if files are missing or a driver fails
     */
    public static Optional<VectorsResult> run(Plan plan, PrintWriter out) throws IOException {
        Files.createDirectories(plan.work());
        VectorSet set = VectorSets.prepare(plan.set(), plan.home().resolve("data/full"), plan.work(), plan.rows());
        List<Contender> contenders = new Drivers(plan.home(), plan.work(), out).find(plan.peers());
        VectorsComparison comparison = new VectorsComparison(set, contenders, out, plan.quick());
        if (plan.phase() != Phase.SEARCH) {
            comparison.build(plan.phase() == Phase.BUILD);
        }
        return plan.phase() == Phase.BUILD ? Optional.empty() : Optional.of(comparison.search());
    }
}
