package io.grape.raft.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.membership.Membership;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    @ParameterizedTest(name = "majority of {0} is {1}")
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "6, 4", "7, 4"})
    void majorityIsMoreThanHalf(int voters, int majority) {
        assertThat(Quorum.majority(voters)).isEqualTo(majority);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "'5', 5",
        "'5 0', 0",
        "'5 4', 4",
        "'1 2 3', 2",
        "'3 3 1', 3",
        "'9 0 0', 0",
        "'1 2 3 4', 2",
        "'4 4 4 1', 4",
        "'1 2 3 4 5', 3",
        "'0 0 7 8 9', 7",
    })
    void reachedIsTheGreatestValueOfAMajority(String values, long reached) {
        long[] array =
                Arrays.stream(values.split(" ")).mapToLong(Long::parseLong).toArray();
        assertThat(Quorum.reached(array, array.length)).isEqualTo(reached);
    }

    @Test
    void nobodyAgreesToEverything() {
        assertThat(Quorum.reached(new long[0], 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reachedAgreesWithCounting() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            long[] values = random.longs(1 + random.nextInt(7), 0, 6).toArray();
            long[] copy = values.clone();
            long best = -1;
            for (long candidate : copy) {
                long holders = Arrays.stream(copy).filter(v -> v >= candidate).count();
                best = holders * 2 > copy.length ? Math.max(best, candidate) : best;
            }
            assertThat(Quorum.reached(values, values.length)).isEqualTo(best);
        }
    }

    @ParameterizedTest(name = "{0} granted, {1} refused of {2}: {3}")
    @CsvSource({
        "0, 0, 0, WON", "0, 0, 1, PENDING", "1, 0, 1, WON", "0, 1, 1, LOST", "1, 0, 2, PENDING", "1, 1, 2, LOST",
        "2, 0, 3, WON", "1, 1, 3, PENDING", "1, 2, 3, LOST", "2, 2, 4, LOST", "3, 0, 4, WON", "2, 1, 4, PENDING",
    })
    void anElectionIsWonLostOrPending(int granted, int refused, int voters, VoteResult result) {
        assertThat(VoteResult.of(granted, refused, voters)).isEqualTo(result);
    }

    @Test
    void aJointElectionNeedsBothHalves() {
        Membership joint = Membership.ofVoters(List.of(1, 2, 3)).towards(Membership.ofVoters(List.of(3, 4, 5)));
        VoteTally tally = new VoteTally();
        tally.begin(joint);
        tally.answer(4, true);
        tally.answer(5, true);
        assertThat(tally.result(joint)).isEqualTo(VoteResult.PENDING);
        tally.answer(1, true);
        tally.answer(1, false);
        tally.answer(9, true);
        assertThat(tally.result(joint)).isEqualTo(VoteResult.PENDING);
        tally.answer(3, true);
        assertThat(tally.result(joint)).isEqualTo(VoteResult.WON);
        tally.begin(joint);
        tally.answer(1, false);
        tally.answer(2, false);
        tally.answer(4, true);
        tally.answer(5, true);
        assertThat(tally.result(joint)).isEqualTo(VoteResult.LOST);
    }
}
