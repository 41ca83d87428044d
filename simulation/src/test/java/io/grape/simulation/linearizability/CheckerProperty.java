package io.grape.simulation.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.simulation.linearizability.CheckReport.Verdict;
import io.grape.simulation.linearizability.history.History;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CheckerProperty {
    private static final LinearizabilityChecker CHECKER = new LinearizabilityChecker();

    @Property(tries = 500)
    void whatARealRegisterDidIsAccepted(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int clients,
            @ForAll @IntRange(min = 1, max = 40) int values) {
        History history = new RandomHistories(new SplittableRandom(seed), values).run(60, clients);
        assertThat(CHECKER.check(history))
                .satisfies(report ->
                        assertThat(report.verdict()).as(report::toString).isEqualTo(Verdict.LINEARIZABLE));
    }

    @Property(tries = 3_000)
    void theCheckerAndBruteForceAgreeOnMutatedHistories(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int mutations) {
        History history = mutated(seed, mutations);
        CheckReport report = CHECKER.check(history);
        assertThat(report.isLinearizable())
                .as(() -> history.operations() + "\n" + report)
                .isEqualTo(new BruteForce(history).isLinearizable());
    }

    @Property(tries = 1_000)
    void theCheckerAndBruteForceAgreeWhenPositionsAreLowerBounds(@ForAll long seed) {
        History history =
                new History(History.Positions.AT_LEAST, mutated(seed, 2).operations());
        CheckReport report = CHECKER.check(history);
        assertThat(report.isLinearizable())
                .as(() -> history.operations() + "\n" + report)
                .isEqualTo(new BruteForce(history).isLinearizable());
    }

    @Example
    void bothKindsOfHistoriesAreAmongTheMutatedOnes() {
        int good = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            good += new BruteForce(mutated(seed, 2)).isLinearizable() ? 1 : 0;
        }
        assertThat(good).isBetween(200, 800);
    }

    private static History mutated(long seed, int mutations) {
        SplittableRandom random = new SplittableRandom(seed);
        History history = new RandomHistories(random, 1 + random.nextInt(6)).run(2 + random.nextInt(5), 3);
        for (int i = 0; i < mutations && !history.operations().isEmpty(); i++) {
            history = RandomHistories.mutate(history, random);
        }
        return history;
    }
}
