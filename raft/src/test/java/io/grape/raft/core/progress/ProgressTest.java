package io.grape.raft.core.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static Progress fresh(long lastIndex) {
        Progress progress = new Progress(1, 4, 1000);
        progress.reset(lastIndex, 20, 0);
        return progress;
    }

    @Test
    void aTermBeginsWithAProbeAtTheLeadersEnd() {
        Progress progress = fresh(9);
        assertThat(progress.state()).isEqualTo(ProgressState.PROBE);
        assertThat(progress.match()).isZero();
        assertThat(progress.next()).isEqualTo(10);
    }

    @Test
    void anAcceptedProbeOpensTheWindow() {
        Progress progress = fresh(9);
        long id = progress.sentEntries(12, 30, 5);
        assertThat(progress.probeOutstanding()).isTrue();
        assertThat(progress.next()).as("a probe runs ahead of nothing").isEqualTo(10);
        assertThat(progress.accepted(id, 12)).isTrue();
        assertThat(progress.state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(progress.next()).isEqualTo(13);
        assertThat(progress.accepted(id, 12)).as("a duplicate").isFalse();
    }

    @Test
    void whateverTheOrderOfAnswersMatchStaysBelowNextAndNeverFalls() {
        Random random = new Random(9);
        for (int run = 0; run < 200; run++) {
            Progress progress = fresh(50);
            long lastMatch = 0;
            for (int i = 0; i < 200; i++) {
                long id = Math.max(1, progress.lastRequestId() - random.nextInt(6));
                switch (random.nextInt(4)) {
                    case 0 -> progress.sentEntries(progress.next() + random.nextInt(3), 10, i);
                    case 1 -> progress.sentEmpty(i);
                    case 2 -> progress.accepted(id, Math.max(0, progress.next() - 1 - random.nextInt(5)));
                    default -> {
                        if (progress.conflictStands(id)) {
                            progress.probe(random.nextInt(60));
                        }
                    }
                }
                assertThat(progress.match()).isGreaterThanOrEqualTo(lastMatch).isLessThan(progress.next());
                lastMatch = progress.match();
            }
        }
    }

    @Test
    void theWindowCountsAppendsAndBytes() {
        InflightWindow window = new InflightWindow(3, 100);
        assertThat(window.hasRoomFor(500)).as("one always fits").isTrue();
        window.add(5, 60, 1);
        assertThat(window.hasRoomFor(41)).isFalse();
        assertThat(window.hasRoomFor(40)).isTrue();
        window.add(6, 10, 2);
        window.add(7, 10, 3);
        assertThat(window.hasRoomFor(1)).isFalse();
        window.freeThrough(5);
        assertThat(window.oldestSentNs()).isEqualTo(2);
        window.add(8, 30, 4);
        window.freeThrough(7);
        assertThat(window.count()).isEqualTo(1);
        assertThat(window.bytes()).isEqualTo(30);
        window.freeThrough(100);
        assertThat(window.bytes()).isZero();
        window.clear();
        assertThat(window.count()).isZero();
    }

    @Test
    void roundTripsAreSmoothedAndOldRequestsForgotten() {
        RoundTrip roundTrip = new RoundTrip();
        roundTrip.reset(800);
        long id = roundTrip.sent(1000);
        assertThat(roundTrip.answered(id, 1000)).isEqualTo(1000);
        assertThat(roundTrip.smoothedNs()).isEqualTo(700);
        assertThat(roundTrip.answered(id + 1, 1)).isEqualTo(RoundTrip.UNKNOWN);
        assertThat(roundTrip.answered(0, 1)).isEqualTo(RoundTrip.UNKNOWN);
        for (int i = 0; i < 300; i++) {
            roundTrip.sent(i);
        }
        assertThat(roundTrip.answered(id, 1)).isEqualTo(RoundTrip.UNKNOWN);
    }
}
