package io.grape.shards.table;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many units each taker gets: shares by weight, rounded to whole numbers that add up to the total.
 *
 * <p>Every quota is its share rounded down or up (the largest remainder method), so no division into whole units deviates
 * less. Where remainders are equal, as they are between nodes of equal weight, the one that holds more now gets the unit
 * more: rounding then never moves anything. A taker's quota is never above its cap; what it cannot take goes to the others
 * by their weights.
 */
final class Quotas {
    private static final double EPSILON = 1e-9;

    private Quotas() {}

    /**
     * Divides a total.
     *
     * @param total   to divide; at most the sum of the caps
     * @param weights of the takers, above 0
     * @param caps    most that each may take
     * @param held    what each holds now
     * @return the quotas, in the order of the takers
     */
    static int[] divide(int total, double[] weights, int[] caps, int[] held) {
        double[] shares = shares(total, weights, caps);
        int[] quotas = new int[shares.length];
        double[] remainders = new double[shares.length];
        int rest = total;
        for (int i = 0; i < shares.length; i++) {
            quotas[i] = (int) Math.floor(shares[i] + EPSILON);
            remainders[i] = Math.round((shares[i] - quotas[i]) / EPSILON) * EPSILON;
            rest -= quotas[i];
        }
        List<Integer> order = IntStream.range(0, shares.length)
                .filter(i -> quotas[i] < caps[i])
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -remainders[i])
                        .thenComparingInt(i -> quotas[i] - held[i])
                        .thenComparingInt(i -> i))
                .toList();
        for (int i = 0; i < rest; i++) {
            quotas[order.get(i)]++;
        }
        return quotas;
    }

    /** Shares by weight, where what is above a cap is shared among the others: raises the water until nothing overflows. */
    static double[] shares(double total, double[] weights, int[] caps) {
        double[] shares = new double[weights.length];
        boolean[] full = new boolean[weights.length];
        boolean overflowed = true;
        while (overflowed) {
            double left = total;
            double weight = 0;
            for (int i = 0; i < shares.length; i++) {
                left -= full[i] ? caps[i] : 0;
                weight += full[i] ? 0 : weights[i];
            }
            overflowed = false;
            for (int i = 0; i < shares.length; i++) {
                shares[i] = full[i] ? caps[i] : left * weights[i] / weight;
                if (!full[i] && shares[i] > caps[i] + EPSILON) {
                    full[i] = true;
                    overflowed = true;
                }
            }
        }
        return shares;
    }
}
