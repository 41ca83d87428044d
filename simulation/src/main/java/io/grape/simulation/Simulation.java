package io.grape.simulation;

import io.grape.simulation.check.Violation;
import io.grape.simulation.fault.FaultScript;
import io.grape.simulation.fault.ScriptGenerator;
import io.grape.simulation.fault.ScriptMinimizer;
import io.grape.simulation.linearizability.CheckReport;
import io.grape.simulation.linearizability.LinearizabilityChecker;
import io.grape.simulation.linearizability.history.History;
import io.grape.simulation.workload.SimClient;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Runs seeds: some time with faults, then everything is healed and the cluster must make progress, then all points are read and
 * what clients saw is checked. Keeps nothing between runs.
 */
public final class Simulation {
    private static final long MS = 1_000_000;

    /** Virtual time in which a healed cluster must elect a leader, catch up and answer. */
    private static final long PROGRESS_NS = 6_000 * MS;

    private static final int MAX_CONFIGURATIONS = 200_000;
    private static final int SCRIPT_STREAM = 1;

    private final SimulationConfig config;

    /**
     * @param config of all runs
     */
    public Simulation(SimulationConfig config) {
        this.config = config;
    }

    /** Draws the faults of a seed. */
    public FaultScript scriptOf(long seed) {
        SplittableRandom random = new SplittableRandom(Long.rotateLeft(seed, 32) + SCRIPT_STREAM);
        return new ScriptGenerator(random, config.nodes(), config.clients(), config.faultsMs()).generate();
    }

    /** Runs a seed with its own faults. */
    public RunResult run(long seed) {
        return run(seed, scriptOf(seed), false);
    }

    /**
     * Runs a seed with given faults.
     *
     * @param isTraced whether the result tells what happened last
     */
    public RunResult run(long seed, FaultScript script, boolean isTraced) {
        SimCluster cluster = new SimCluster(config, seed, script, isTraced);
        Violation violation = null;
        try {
            run(cluster);
        } catch (Violation broken) {
            violation = broken;
        }
        return new RunResult(seed, script, violation, cluster.checker().eventHash(), cluster.counts(), cluster.trace());
    }

    private void run(SimCluster cluster) {
        cluster.startAll();
        cluster.runUntil(config.faultsMs() * MS);
        cluster.heal();
        cluster.clients().forEach(SimClient::quiet);
        await(
                cluster,
                "requests in flight to end",
                () -> cluster.clients().stream().allMatch(c -> c.inFlight() == 0));
        cluster.clients().forEach(client -> client.finish(SimClient.Goal.WRITE));
        await(
                cluster,
                "a write of each client",
                () -> cluster.clients().stream().allMatch(SimClient::isGoalMet));
        await(cluster, "all members to catch up", cluster::isConverged);
        cluster.clients().getFirst().finish(SimClient.Goal.READ);
        await(
                cluster,
                "a read of everything",
                () -> cluster.clients().getFirst().isGoalMet());
        checkHistory(cluster);
    }

    private static void await(SimCluster cluster, String what, BooleanSupplier condition) {
        long deadlineNs = cluster.nowNs() + PROGRESS_NS;
        while (!condition.getAsBoolean()) {
            if (cluster.nowNs() > deadlineNs) {
                throw new Violation(
                        Violation.Rule.LIVENESS,
                        "waited " + PROGRESS_NS / MS + " ms in vain for " + what + " after everything was healed");
            }
            cluster.step();
        }
    }

    private static void checkHistory(SimCluster cluster) {
        CheckReport report = new LinearizabilityChecker(MAX_CONFIGURATIONS)
                .check(cluster.history().history(History.Positions.EXACT));
        // A search that met its limit is a failure too: nothing was shown.
        if (!report.isLinearizable()) {
            throw new Violation(Violation.Rule.LINEARIZABILITY, report.toString());
        }
    }

    /**
     * Leaves out of a failing run's script what the failure does not need, and runs what is left with a trace.
     *
     * @param maxRuns runs that may be spent
     * @return a run that breaks the same rule
     */
    public RunResult minimize(RunResult failed, int maxRuns) {
        Violation violation = failed.violation();
        if (violation == null) {
            throw new IllegalArgumentException("seed " + failed.seed() + " did not fail");
        }
        FaultScript smallest = new ScriptMinimizer(script -> breaks(failed.seed(), script, violation.rule()), maxRuns)
                .minimize(failed.script());
        return run(failed.seed(), smallest, true);
    }

    private boolean breaks(long seed, FaultScript script, Violation.Rule rule) {
        Violation broken = run(seed, script, false).violation();
        return broken != null && broken.rule() == rule;
    }
}
