package io.grape.node.demo;

import io.grape.client.SearchHit;
import io.grape.node.demo.ExactNeighbours.Neighbour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the cluster's neighbours with {@link ExactNeighbours}, rank by rank.
 *
 * <p>A rank agrees if the ids are equal, or if the two cosines in float64 differ by at most {@value #TIE}: a float32
 * kernel cannot tell those apart. Such ties are counted and reported. Not thread-safe.
 */
public final class NeighbourCheck {
    /** Cosines nearer than this are a tie; a float32 sum of 100 products is good to about 1e-6. */
    static final double TIE = 2e-6;

    private final ExactNeighbours exact;
    private final WordVectors words;
    private final List<String> differences = new ArrayList<>();
    private int queries;
    private int ties;

    /** @param words what was loaded */
    public NeighbourCheck(WordVectors words) {
        this.words = words;
        this.exact = new ExactNeighbours(words);
    }

    /** Compares the answer to the search for the {@code k} nearest to a word. */
    public void compare(int id, int k, List<SearchHit> hits) {
        queries++;
        List<Neighbour> expected = exact.nearest(id, k);
        if (hits.size() != expected.size()) {
            differences.add(words.word(id) + ": " + hits.size() + " neighbours instead of " + expected.size());
            return;
        }
        for (int rank = 0; rank < expected.size(); rank++) {
            compareRank(id, rank, expected.get(rank), hits.get(rank));
        }
        if (hits.stream().mapToLong(SearchHit::id).distinct().count() != hits.size()) {
            differences.add(words.word(id) + ": a neighbour came twice");
        }
    }

    private void compareRank(int id, int rank, Neighbour expected, SearchHit hit) {
        boolean known = hit.idMost() == 0 && hit.id() >= 0 && hit.id() < words.count();
        double cosine = known ? exact.cosine(id, (int) hit.id()) : Double.NaN;
        boolean scoreAgrees = Math.abs(cosine - hit.score()) <= TIE;
        if (scoreAgrees && hit.id() == expected.id()) {
            return;
        }
        if (scoreAgrees && Math.abs(cosine - expected.cosine()) <= TIE) {
            ties++;
            return;
        }
        differences.add(String.format(
                Locale.ROOT,
                "%s, rank %d: id %d with %.7f instead of id %d (%s) with %.7f",
                words.word(id),
                rank + 1,
                hit.id(),
                hit.score(),
                expected.id(),
                words.word(expected.id()),
                expected.cosine()));
    }

    /** Returns how many points two answers have in common. */
    public static int common(List<SearchHit> one, List<SearchHit> other) {
        Set<Long> ids = one.stream().map(SearchHit::id).collect(Collectors.toSet());
        return (int) other.stream().filter(hit -> ids.contains(hit.id())).count();
    }

    /** Returns how many queries were compared. */
    public int queries() {
        return queries;
    }

    /** Returns the ranks at which two words stood in the other order because float32 cannot tell them apart. */
    public int ties() {
        return ties;
    }

    /** Returns what differs, one sentence each. */
    public List<String> differences() {
        return List.copyOf(differences);
    }
}
