package io.grape.benchmarks.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What is read off a curve between and beyond its beams. */
class CurveTest {
    private final Curve curve = new Curve("any", new int[] {10, 40, 160});

    @Test
    void aFigureBetweenTwoBeamsLiesOnTheLineOfTheLogarithms() {
        add(0, 0.8, 1_000);
        add(1, 0.9, 4_000);
        assertThat(curve.at(0.85).perSecond()).isCloseTo(500_000, within(1e-3));
        assertThat(curve.at(0.85).beam()).isEqualTo(20);
        assertThat(curve.at(0.9).perCpuSecond()).isCloseTo(125_000, within(1e-3));
    }

    @Test
    void theNarrowestBeamAnswersForLessThanItFindsAndNothingForMore() {
        add(0, 0.8, 1_000);
        assertThat(curve.at(0.5).beam()).isEqualTo(10);
        assertThat(curve.at(0.81).perSecond()).isNaN();
        assertThat(curve.points()).hasSize(1);
    }

    @Test
    void theMedianRoundCounts() {
        add(0, 0.8, 1_000);
        add(0, 0.8, 1_000_000);
        add(0, 0.8, 2_000);
        assertThat(curve.points().getFirst().perSecond()).isCloseTo(500_000, within(1e-3));
    }

    /** A round of two queries. */
    private void add(int place, double recall, long queryNs) {
        DriverProcess.Spent spent = new DriverProcess.Spent(2 * queryNs, 2 * 2 * queryNs);
        curve.add(place, new DriverProcess.Pass(spent, new int[0], new long[] {queryNs, queryNs}), recall);
    }
}
