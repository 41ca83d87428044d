package io.grape.simulation.linearizability;

import static io.grape.simulation.linearizability.history.Call.ABSENT_VERSION;
import static io.grape.simulation.linearizability.history.Outcome.NOT_SAID;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.simulation.linearizability.CheckReport.Verdict;
import io.grape.simulation.linearizability.history.History;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories whose verdict is known beforehand. Times are in brackets in the comments where they matter. */
class LabelledHistoriesTest {
    private static PointHistory history() {
        return new PointHistory();
    }

    static Stream<Arguments> goodWritesAndUnknownOutcomes() {
        return Stream.of(
                Arguments.of("nothing happened", history().exact()),
                Arguments.of(
                        "a read of a point that nobody wrote",
                        history().readNothing(0, 1).exact()),
                Arguments.of(
                        "a write and a read after it",
                        history().write(0, 1, 7, 5).read(2, 3, 7, 5).exact()),
                Arguments.of(
                        "a read at the same time as a write shows the write",
                        history().write(0, 10, 7, 5).read(1, 2, 7, 5).exact()),
                Arguments.of(
                        "a read at the same time as a write does not show it",
                        history().write(0, 10, 7, 5).readNothing(1, 2).exact()),
                Arguments.of(
                        "a call at the time of an answer is concurrent with it",
                        history().write(0, 5, 7, 5).readNothing(5, 6).exact()),
                Arguments.of(
                        "two writes at a time in the order of their versions, not of their calls",
                        history()
                                .write(0, 10, 1, 6)
                                .write(1, 9, 2, 5)
                                .read(11, 12, 1, 6)
                                .exact()),
                Arguments.of(
                        "an unknown outcome takes effect late",
                        history()
                                .openWrite(0, 1)
                                .write(1, 2, 2, 5)
                                .read(3, 4, 2, 5)
                                .read(5, 6, 1, 9)
                                .exact()),
                Arguments.of(
                        "an unknown outcome never takes effect",
                        history()
                                .openWrite(0, 1)
                                .write(1, 2, 2, 5)
                                .read(3, 4, 2, 5)
                                .read(50, 60, 2, 5)
                                .exact()),
                Arguments.of(
                        "an unknown delete takes effect between two reads",
                        history()
                                .write(0, 1, 2, 5)
                                .openDelete(2)
                                .read(3, 4, 2, 5)
                                .readNothing(5, 6)
                                .exact()),
                Arguments.of(
                        "a write that failed for sure leaves no trace",
                        history().failedWrite(0, 1, 7).readNothing(2, 3).exact()),
                Arguments.of(
                        "a chain of compare-and-sets",
                        history()
                                .swap(0, 1, ABSENT_VERSION, 1, 5)
                                .swap(2, 3, 5, 2, 8)
                                .deleteIf(4, 5, 8, 9)
                                .swap(6, 7, ABSENT_VERSION, 3, 12)
                                .exact()));
    }

    static Stream<Arguments> goodConditionsAndPositions() {
        return Stream.of(
                Arguments.of(
                        "of two compare-and-sets on one version one is refused",
                        history()
                                .write(0, 1, 1, 5)
                                .swap(2, 9, 5, 2, 7)
                                .refusedSwap(3, 8, 5, 3, 7)
                                .read(10, 11, 2, 7)
                                .exact()),
                Arguments.of(
                        "a compare-and-set of unknown outcome is why another one is refused",
                        history()
                                .write(0, 1, 1, 5)
                                .openSwap(2, 5, 2)
                                .refusedSwap(3, 4, 5, 3, NOT_SAID)
                                .exact()),
                Arguments.of(
                        "a delete that found nothing after a delete that found something",
                        history()
                                .write(0, 1, 1, 5)
                                .delete(2, 3, 6, 1)
                                .delete(4, 5, 7, 0)
                                .exact()),
                Arguments.of(
                        "a search shows the past",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 8)
                                .search(4, 5, 0, 7, 5)
                                .exact()),
                Arguments.of(
                        "searches of old and new positions in any order",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 8)
                                .search(4, 5, 8, 9, 8)
                                .searchNothing(6, 7, 0, 4)
                                .search(8, 9, 5, 5, 5)
                                .exact()),
                Arguments.of(
                        "a search that raced with the apply thread shows more than its position",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 6, 2, 8)
                                .search(3, 7, 5, 7, 8)
                                .atLeast()),
                Arguments.of(
                        "a search that raced with a delete",
                        history()
                                .write(0, 1, 1, 5)
                                .delete(2, 6, 8, 1)
                                .searchNothing(3, 7, 5, 7)
                                .atLeast()));
    }

    static Stream<Arguments> goodOpenReadsAndTwoPoints() {
        return Stream.of(
                Arguments.of(
                        "a read without an answer",
                        history().openRead(0).write(1, 2, 1, 5).exact()),
                Arguments.of(
                        "a write of unknown outcome is read without a version, then with one",
                        history()
                                .openWrite(0, 1)
                                .read(1, 2, 1, NOT_SAID)
                                .read(3, 4, 1, 6)
                                .write(5, 6, 2, 7)
                                .exact()),
                Arguments.of(
                        "two points do not depend on each other",
                        history()
                                .point(1)
                                .write(0, 1, 1, 5)
                                .point(2)
                                .readNothing(2, 3)
                                .write(4, 5, 9, 6)
                                .point(1)
                                .read(6, 7, 1, 5)
                                .exact()));
    }

    static Stream<Arguments> badReadsAndConditions() {
        return Stream.of(
                Arguments.of(
                        "stale read",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 6)
                                .read(4, 5, 1, 5)
                                .exact()),
                Arguments.of(
                        "lost update",
                        history().write(0, 1, 1, 5).readNothing(2, 3).exact()),
                Arguments.of(
                        "read of a value that nobody wrote",
                        history().write(0, 1, 1, 5).read(2, 3, 9, 6).exact()),
                Arguments.of(
                        "read of a version that no write has",
                        history().write(0, 1, 1, 5).read(2, 3, 1, 6).exact()),
                Arguments.of(
                        "an unacknowledged write was read and then vanished",
                        history()
                                .write(0, 1, 1, 5)
                                .openWrite(2, 2)
                                .read(3, 4, 2, 6)
                                .read(5, 6, 1, 5)
                                .exact()),
                Arguments.of(
                        "both compare-and-sets on one version succeed",
                        history()
                                .write(0, 1, 1, 5)
                                .swap(2, 9, 5, 2, 6)
                                .swap(2, 9, 5, 3, 7)
                                .exact()),
                Arguments.of(
                        "both inserts of an absent point succeed",
                        history()
                                .swap(0, 9, ABSENT_VERSION, 1, 5)
                                .swap(0, 9, ABSENT_VERSION, 2, 6)
                                .exact()),
                Arguments.of(
                        "a compare-and-set is refused for the version that it expects",
                        history()
                                .write(0, 1, 1, 5)
                                .refusedSwap(2, 3, 5, 2, NOT_SAID)
                                .exact()),
                Arguments.of(
                        "a refusal names a version that the point did not have",
                        history().write(0, 1, 1, 5).refusedSwap(2, 3, 4, 2, 6).exact()),
                Arguments.of(
                        "a failed write is read",
                        history().failedWrite(0, 1, 7).read(2, 3, 7, 5).exact()));
    }

    static Stream<Arguments> badOrdersAndRepeats() {
        return Stream.of(
                Arguments.of(
                        "reads go back in time",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 20, 2, 6)
                                .read(3, 4, 2, 6)
                                .read(5, 6, 1, 5)
                                .exact()),
                Arguments.of(
                        "a deleted point returns",
                        history()
                                .write(0, 1, 1, 5)
                                .delete(2, 3, 6, 1)
                                .read(4, 5, 1, 5)
                                .exact()),
                Arguments.of(
                        "a write is applied twice",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 6)
                                .read(4, 5, 1, 7)
                                .exact()),
                Arguments.of(
                        "a write of unknown outcome is applied twice",
                        history()
                                .openWrite(0, 1)
                                .read(1, 2, 1, 5)
                                .write(3, 4, 2, 6)
                                .read(5, 6, 1, 7)
                                .exact()),
                Arguments.of(
                        "a delete of unknown outcome is applied twice",
                        history()
                                .write(0, 1, 1, 5)
                                .openDelete(2)
                                .readNothing(3, 4)
                                .write(5, 6, 2, 8)
                                .readNothing(7, 8)
                                .exact()),
                Arguments.of(
                        "a delete says that it removed nothing",
                        history().write(0, 1, 1, 5).delete(2, 3, 6, 0).exact()),
                Arguments.of(
                        "a delete says that it removed what was not there",
                        history().delete(0, 1, 5, 1).exact()),
                Arguments.of(
                        "versions against the order of time",
                        history().write(0, 1, 1, 6).write(2, 3, 2, 5).exact()),
                Arguments.of(
                        "two writes have one version",
                        history().write(0, 9, 1, 5).write(0, 9, 2, 5).exact()),
                Arguments.of(
                        "a read sees the future",
                        history().read(0, 1, 1, 5).write(2, 3, 1, 5).exact()));
    }

    static Stream<Arguments> badPositions() {
        return Stream.of(
                Arguments.of(
                        "two reads disagree about the order of two writes",
                        history()
                                .write(0, 20, 1, NOT_SAID)
                                .write(0, 20, 2, NOT_SAID)
                                .read(1, 2, 1, NOT_SAID)
                                .read(3, 4, 2, NOT_SAID)
                                .read(5, 6, 1, NOT_SAID)
                                .exact()),
                Arguments.of(
                        "a search misses a write below its position",
                        history().write(0, 1, 1, 5).searchNothing(2, 3, 0, 6).exact()),
                Arguments.of(
                        "a search misses a write below its position, which is a lower bound",
                        history().write(0, 1, 1, 5).searchNothing(2, 3, 0, 6).atLeast()),
                Arguments.of(
                        "a search shows a version that was overwritten below its position",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 6)
                                .search(4, 5, 0, 6, 5)
                                .atLeast()),
                Arguments.of(
                        "a search shows more than its exact position",
                        history()
                                .write(0, 1, 1, 5)
                                .write(2, 3, 2, 8)
                                .search(4, 5, 0, 7, 8)
                                .exact()),
                Arguments.of(
                        "a search shows a point that was deleted below its position",
                        history()
                                .write(0, 1, 1, 5)
                                .delete(2, 3, 6, 1)
                                .search(4, 5, 0, 7, 5)
                                .exact()),
                Arguments.of(
                        "a search answers from below the position that it was asked for",
                        history().write(0, 1, 1, 5).searchNothing(2, 3, 5, 4).exact()),
                Arguments.of(
                        "a search shows a write that was called after its answer",
                        history().search(0, 1, 0, 5, 5).write(2, 3, 1, 5).exact()),
                Arguments.of(
                        "a write gets an index below a position that was seen before its call",
                        history()
                                .write(0, 1, 1, 5)
                                .read(2, 3, 1, 5, 9)
                                .write(4, 5, 2, 8)
                                .exact()),
                Arguments.of(
                        "one of two points is wrong",
                        history()
                                .point(1)
                                .write(0, 1, 1, 5)
                                .point(2)
                                .write(2, 3, 1, 6)
                                .readNothing(4, 5)
                                .exact()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"goodWritesAndUnknownOutcomes", "goodConditionsAndPositions", "goodOpenReadsAndTwoPoints"})
    void aGoodHistoryIsAccepted(String label, History history) {
        CheckReport report = new LinearizabilityChecker().check(history);
        assertThat(report.violations()).as(label).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"badReadsAndConditions", "badOrdersAndRepeats", "badPositions"})
    void aBadHistoryIsRefusedAndExplained(String label, History history) {
        CheckReport report = new LinearizabilityChecker().check(history);
        assertThat(report.verdict()).as(label).isEqualTo(Verdict.NOT_LINEARIZABLE);
        assertThat(report.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.explanation())
                        .contains("no order of these operations explains", "longest order: ", "\n  > operation "));
    }

    @Test
    void theExplanationHoldsTheOperationsThatMatterAndNoOthers() {
        History history = history()
                .write(0, 1, 1, 5)
                .read(2, 3, 1, 5)
                .write(4, 5, 2, 6)
                .read(6, 7, 2, 6)
                .write(8, 9, 3, 7)
                .read(10, 11, 2, 6)
                .write(12, 13, 4, 8)
                .read(14, 15, 4, 8)
                .exact();
        CheckReport report = new LinearizabilityChecker().check(history);
        assertThat(report.violations().getFirst().explanation()).isEqualTo("""
                point 0:1 is not linearizable: no order of these operations explains the answer to operation 5
                    operation 2, client 2 [4..5] upsert 2 if any -> written 6 changed 1
                    operation 4, client 4 [8..9] upsert 3 if any -> written 7 changed 1
                  > operation 5, client 5 [10..11] read -> found 6 value 2 position -
                  longest order: 2, 4; the point is then value 3 of version 7""");
        assertThat(report.toString()).startsWith("NOT_LINEARIZABLE: 8 operations on 1 points, ");
    }

    @Test
    void aSearchThatMeetsItsLimitSaysNothingOfThePoint() {
        PointHistory history = history();
        for (int i = 0; i < 12; i++) {
            history.write(0, 100, i, NOT_SAID);
        }
        History impossible = history.read(101, 102, 99, NOT_SAID).exact();
        assertThat(new LinearizabilityChecker(1_000).check(impossible))
                .satisfies(report -> assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED))
                .satisfies(report -> assertThat(report.isLinearizable()).isFalse())
                .satisfies(report -> assertThat(report.undecidedKeys()).hasSize(1));
        assertThat(new LinearizabilityChecker().check(impossible).verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
    }
}
