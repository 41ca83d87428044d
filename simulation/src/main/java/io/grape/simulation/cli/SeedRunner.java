package io.grape.simulation.cli;

import io.grape.simulation.RunCounts;
import io.grape.simulation.RunResult;
import io.grape.simulation.Simulation;
import io.grape.simulation.SimulationConfig;
import io.grape.simulation.check.Violation;
import io.grape.simulation.fault.FaultScript;
import io.grape.simulation.node.Defect;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Runs seeds one after the other until one fails, and says how far it is. */
final class SeedRunner {
    private static final long PROGRESS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int MINIMIZING_RUNS = 200;
    private static final int TRACE_LINES = 80;

    private final SimulationConfig config;
    private final Simulation simulation;
    private final PrintWriter out;
    private final LongSupplier nanoClock;

    /**
     * @param out       for people
     * @param nanoClock of this machine, for the speed
     */
    SeedRunner(SimulationConfig config, PrintWriter out, LongSupplier nanoClock) {
        this.config = config;
        this.simulation = new Simulation(config);
        this.out = out;
        this.nanoClock = nanoClock;
    }

    /** Returns whether every rule held in all of them. */
    boolean run(long from, int seeds) {
        long startNs = nanoClock.getAsLong();
        long toldNs = startNs;
        RunCounts total = RunCounts.ZERO;
        for (int done = 1; done <= seeds; done++) {
            RunResult result = simulation.run(from + done - 1);
            total = total.plus(result.counts());
            long nowNs = nanoClock.getAsLong();
            if (!result.isGood()) {
                progress(done, seeds, total, nowNs - startNs);
                tellFailure(result);
                return false;
            }
            if (nowNs - toldNs >= PROGRESS_INTERVAL_NS || done == seeds) {
                toldNs = nowNs;
                progress(done, seeds, total, nowNs - startNs);
            }
        }
        out.printf(
                Locale.ROOT,
                "every rule held: %,d log entries, %,d acknowledged writes, %,d answers, %,d elections, %,d starts of a node, "
                        + "%,d snapshots installed%n",
                total.committed(),
                total.acknowledged(),
                total.operations(),
                total.elections(),
                total.starts(),
                total.installedSnapshots());
        out.flush();
        return true;
    }

    private void progress(int done, int seeds, RunCounts total, long elapsedNs) {
        double simulatedHours = total.simulatedNs() / 3.6e12;
        double minutes = Math.max(1, elapsedNs) / 6e10;
        out.printf(
                Locale.ROOT,
                "seeds %d of %d, %.2f simulated hours, %.2f a minute, %,d steps%n",
                done,
                seeds,
                simulatedHours,
                simulatedHours / minutes,
                total.steps());
        out.flush();
    }

    private void tellFailure(RunResult failed) {
        Violation violation = failed.violation();
        if (violation == null) {
            return;
        }
        out.println("seed " + failed.seed() + " broke a rule: " + violation.getMessage());
        out.println("looking for the faults that it takes ...");
        out.flush();
        RunResult smallest = simulation.minimize(failed, MINIMIZING_RUNS);
        out.println(smallest.script().size() + " of " + failed.script().size() + " faults are enough:");
        tell(smallest);
        out.println("again: ./grape simulate --seed " + failed.seed() + options());
        out.println("with the faults above in a file: add --script FILE");
        out.flush();
    }

    private String options() {
        String text = " --nodes " + config.nodes() + " --groups " + config.groups() + " --clients " + config.clients()
                + " --fault-ms " + config.faultsMs();
        return config.defect() == Defect.NONE ? text : text + " --defect " + config.defect();
    }

    /** Prints one run: its faults, what happened last, and how it ended. */
    void tell(RunResult result) {
        FaultScript script = result.script();
        out.println(script.size() == 0 ? "no faults" : script);
        List<String> trace = result.trace();
        out.println("the last of what happened:");
        trace.subList(Math.max(0, trace.size() - TRACE_LINES), trace.size()).forEach(out::println);
        Violation violation = result.violation();
        out.println(violation == null ? "every rule held" : violation.getMessage());
        out.println("seed " + result.seed() + ", hash of all events " + Long.toHexString(result.eventHash()) + ", "
                + result.counts().steps() + " steps");
        out.flush();
    }
}
