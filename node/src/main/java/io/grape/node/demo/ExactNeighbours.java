package io.grape.node.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The nearest words by cosine, computed in float64 over the very float32 vectors that were loaded: the judge of the
 * cluster's answers. Deliberately simple and slow. Any thread.
 */
public final class ExactNeighbours {
    private final WordVectors words;
    private final double[] norms;

    /** A word and its cosine with the query. */
    public record Neighbour(int id, double cosine) {}

    /** @param words what is searched */
    public ExactNeighbours(WordVectors words) {
        this.words = words;
        this.norms = new double[words.count()];
        for (int id = 0; id < norms.length; id++) {
            norms[id] = Math.sqrt(dot(words.vector(id), words.vector(id)));
        }
    }

    /** Returns the cosine of two words. */
    public double cosine(int left, int right) {
        return dot(words.vector(left), words.vector(right)) / (norms[left] * norms[right]);
    }

    /** Returns the k nearest words to a word, itself included, nearest first; equal cosines by ascending id. */
    public List<Neighbour> nearest(int id, int k) {
        Comparator<Neighbour> worstFirst =
                Comparator.comparingDouble(Neighbour::cosine).thenComparing(Neighbour::id, Comparator.reverseOrder());
        PriorityQueue<Neighbour> best = new PriorityQueue<>(worstFirst);
        for (int other = 0; other < words.count(); other++) {
            best.add(new Neighbour(other, cosine(id, other)));
            if (best.size() > k) {
                best.remove();
            }
        }
        List<Neighbour> nearest = new ArrayList<>(best);
        nearest.sort(worstFirst.reversed());
        return nearest;
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }
}
