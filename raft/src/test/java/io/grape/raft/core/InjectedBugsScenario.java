package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Puts every known bug back, one at a time, and asks who notices: the test of its row, and the seeded schedules. */
class InjectedBugsScenario {
    private static final List<Supplier<PitfallTests>> PITFALL_TESTS = List.of(
            RaftPitfallsTest::new, MembershipPitfallsTest::new, HibernationPitfallsTest::new, LivesPitfallsTest::new);

    private static final int SEEDS = Integer.getInteger("grape.raft.bugSeeds", 4);

    @Test
    void everyInjectedBugIsKilled() {
        List<String> survivors = new ArrayList<>();
        int bySchedules = 0;
        StringBuilder report = new StringBuilder();
        for (InjectedBug bug : InjectedBug.values()) {
            String byTest = killedByTestOfItsRow(bug);
            String bySchedule = killedBySchedule(bug.rules);
            if (byTest.isEmpty() && bySchedule.isEmpty()) {
                survivors.add(bug.name());
            }
            bySchedules += bySchedule.isEmpty() ? 0 : 1;
            report.append(String.format(
                    Locale.ROOT,
                    "  %2d %-42s test: %-5s schedules: %s%n",
                    bug.row,
                    bug,
                    byTest.isEmpty() ? "no" : "yes",
                    bySchedule.isEmpty() ? "no" : bySchedule));
        }
        // Or a world that nobody survives would count as one that finds every bug.
        assertThat(killedBySchedule(RaftRules.PAPER))
                .as("the rules as published, in the same worlds")
                .isEmpty();
        int total = InjectedBug.values().length;
        System.out.printf(
                "%s%d of %d injected bugs killed, %d of them by schedules alone (%d seeds a world)%n",
                report, total - survivors.size(), total, bySchedules, SEEDS);
        assertThat(survivors).isEmpty();
    }

    /** Runs the pitfall tests with the rule broken; those of another row may fail too. */
    private static String killedByTestOfItsRow(InjectedBug bug) {
        String prefix = bug.row == 0 ? "ancestor" : String.format(Locale.ROOT, "pitfall%02d", bug.row);
        for (Supplier<PitfallTests> kind : PITFALL_TESTS) {
            List<Method> methods = Arrays.stream(kind.get().getClass().getDeclaredMethods())
                    .filter(m ->
                            m.isAnnotationPresent(Test.class) && m.getName().startsWith(prefix))
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();
            for (Method method : methods) {
                PitfallTests test = kind.get();
                test.rules = bug.rules;
                try {
                    method.invoke(test);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof VirtualMachineError error) {
                        // A test that a bug can only kill by filling the heap notices nothing, and takes the runner
                        // with it.
                        throw error;
                    }
                    return method.getName();
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return "";
    }

    private static String killedBySchedule(RaftRules rules) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (int voters : new int[] {3, 2}) {
                String death = run(new SimCluster(voters, seed, rules), SimFaults.WILD);
                if (death.isEmpty()) {
                    death = run(new SimCluster(voters, seed, rules), SimFaults.HARSH);
                }
                if (death.isEmpty()) {
                    SimCluster busy = new SimCluster(5, voters, SimCluster.LEASES, seed, rules);
                    death = run(busy, SimFaults.BUSY);
                }
                // Two voters without one of their disks are no quorum, whatever the rules.
                if (death.isEmpty() && voters > 2) {
                    SimCluster disks = SimCluster.ofDisks(voters, voters, seed, rules);
                    death = run(disks, SimFaults.WIPES);
                }
                if (!death.isEmpty()) {
                    return "seed " + seed + ", " + death;
                }
            }
        }
        return "";
    }

    private static String run(SimCluster cluster, SimFaults faults) {
        try {
            cluster.faults(faults);
            cluster.runWithLoad(1_500);
            cluster.heal();
            cluster.makeProgress();
            return "";
        } catch (RuntimeException | AssertionError e) {
            String text = String.valueOf(e.getMessage());
            return text.substring(0, Math.min(text.length(), 70)).replace('\n', ' ');
        }
    }
}
