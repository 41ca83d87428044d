package io.grape.shards.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuotasProperty {
    @Property(tries = 2000, seed = "1")
    void quotasAddUpRespectCapsAndAreSharesRoundedDownOrUp(@ForAll long seed) {
        Random random = new Random(seed);
        int takers = 1 + random.nextInt(20);
        double[] weights = random.doubles(takers, 0.1, 4).toArray();
        int[] caps = random.ints(takers, 0, 200).toArray();
        int total = random.nextInt(Arrays.stream(caps).sum() + 1);
        int[] held = random.ints(takers, 0, 100).toArray();
        int[] quotas = Quotas.divide(total, weights, caps, held);
        double[] shares = Quotas.shares(total, weights, caps);
        assertThat(Arrays.stream(quotas).sum()).isEqualTo(total);
        for (int i = 0; i < takers; i++) {
            assertThat(quotas[i]).isBetween(0, caps[i]);
            assertThat((double) quotas[i]).isBetween(shares[i] - 1, shares[i] + 1);
        }
    }

    @Test
    void amongEqualsTheOneThatHoldsMoreGetsTheUnitMore() {
        double[] weights = {1, 1, 1};
        int[] caps = {10, 10, 10};
        assertThat(Quotas.divide(10, weights, caps, new int[] {3, 4, 3})).containsExactly(3, 4, 3);
        assertThat(Quotas.divide(11, weights, caps, new int[] {3, 4, 4})).containsExactly(3, 4, 4);
        assertThat(Quotas.divide(10, weights, caps, new int[] {0, 0, 0})).containsExactly(4, 3, 3);
    }

    @Test
    void whatDoesNotFitUnderACapGoesToTheOthersByWeight() {
        int[] caps = {10, 100, 100};
        assertThat(Quotas.divide(70, new double[] {5, 1, 2}, caps, new int[3])).containsExactly(10, 20, 40);
    }
}
