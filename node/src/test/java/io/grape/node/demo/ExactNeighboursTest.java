package io.grape.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.SearchHit;
import io.grape.node.demo.ExactNeighbours.Neighbour;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExactNeighboursTest {
    private static final int K = 10;

    private static WordVectors words;
    private static ExactNeighbours exact;
    private static int king;

    @BeforeAll
    static void loadWords() throws IOException {
        words = Repository.words(5000);
        exact = new ExactNeighbours(words);
        king = words.id("king").orElseThrow();
    }

    @Test
    void aWordIsItsOwnNearestAndCosinesDescend() {
        List<Neighbour> nearest = exact.nearest(king, K);

        assertThat(nearest).hasSize(K);
        assertThat(nearest.getFirst().id()).isEqualTo(king);
        assertThat(nearest.getFirst().cosine()).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(nearest).isSortedAccordingTo((a, b) -> Double.compare(b.cosine(), a.cosine()));
        assertThat(nearest.stream().map(neighbour -> words.word(neighbour.id())))
                .contains("queen", "prince");
    }

    @Test
    void noWordOutsideTheListIsNearer() {
        List<Neighbour> nearest = exact.nearest(king, K);
        List<Integer> ids = nearest.stream().map(Neighbour::id).toList();
        for (int id = 0; id < words.count(); id++) {
            if (!ids.contains(id)) {
                assertThat(exact.cosine(king, id)).isLessThan(nearest.getLast().cosine());
            }
        }
    }

    @Test
    void theCheckAcceptsTheExactAnswer() {
        NeighbourCheck check = new NeighbourCheck(words);
        check.compare(king, K, hits(exact.nearest(king, K)));

        assertThat(check.differences()).isEmpty();
        assertThat(check.queries()).isEqualTo(1);
        assertThat(check.ties()).isZero();
    }

    @Test
    void theCheckNamesAWrongOrderAWrongScoreAMissingAndADoubleNeighbour() {
        List<SearchHit> swapped = hits(exact.nearest(king, K));
        swapped.add(1, swapped.remove(2));
        assertDifference(swapped, "rank 2");

        List<SearchHit> wrongScore = hits(exact.nearest(king, K));
        wrongScore.set(3, new SearchHit(0, wrongScore.get(3).id(), 0.1f, 1));
        assertDifference(wrongScore, "rank 4");

        assertDifference(hits(exact.nearest(king, K)).subList(0, K - 1), "9 neighbours instead of 10");

        List<SearchHit> twice = hits(exact.nearest(king, K));
        twice.set(2, twice.get(1));
        assertDifference(twice, "a neighbour came twice");

        List<SearchHit> unknown = hits(exact.nearest(king, K));
        unknown.set(5, new SearchHit(0, 5000, 0.5f, 1));
        assertDifference(unknown, "id 5000");
    }

    private static void assertDifference(List<SearchHit> hits, String text) {
        NeighbourCheck check = new NeighbourCheck(words);
        check.compare(king, K, hits);
        assertThat(check.differences())
                .anySatisfy(difference -> assertThat(difference).contains(text).startsWith("king"));
    }

    private static List<SearchHit> hits(List<Neighbour> neighbours) {
        List<SearchHit> hits = new ArrayList<>();
        for (Neighbour neighbour : neighbours) {
            hits.add(new SearchHit(0, neighbour.id(), (float) neighbour.cosine(), 1));
        }
        return hits;
    }
}
