package io.grape.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.benchmarks.replication.LoadLoop.Cell;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

class LoadLoopTest {
    private final LoadLoop loop = new LoadLoop(new YieldingIdleStrategy());

    /** Answers at the next poll; refuses each third offer once, and each entry whose number {@code refused} divides. */
    private final class Echo implements LogClient {
        private final Deque<Long> waiting = new ArrayDeque<>();
        private final long refused;
        private int offers;
        private int mostInFlight;

        Echo(long refused) {
            this.refused = refused;
        }

        @Override
        public void entryBytes(int bytes) {}

        @Override
        public boolean offer(long correlation) {
            if (++offers % 3 == 0) {
                return false;
            }
            waiting.add(correlation);
            mostInFlight = Math.max(mostInFlight, waiting.size());
            return true;
        }

        @Override
        public int poll() {
            Long correlation = waiting.poll();
            if (correlation == null) {
                return 0;
            }
            if (refused > 0 && correlation % refused == 0) {
                loop.failed(correlation, "no");
            } else {
                loop.committed(correlation);
            }
            return 1;
        }

        @Override
        public void close() {}
    }

    @Test
    void atARateEveryIntendedEntryIsSentAndCounted() {
        Cell cell = loop.atRate(new Echo(0), 100_000, 0.01);

        assertThat(cell.latencyNs().getTotalCount()).isEqualTo(1_000);
        assertThat(cell.failed()).isZero();
    }

    @Test
    void aWindowIsNeverExceeded() {
        Echo echo = new Echo(0);

        Cell cell = loop.withWindow(echo, 8, 0.01);

        assertThat(echo.mostInFlight).isLessThanOrEqualTo(8);
        assertThat(cell.latencyNs().getTotalCount()).isPositive();
    }

    @Test
    void aRefusedEntryHasNoLatencyAndIsReported() {
        Cell cell = loop.atRate(new Echo(10), 100_000, 0.01);

        assertThat(cell.failed()).isEqualTo(100);
        assertThat(cell.failure()).isEqualTo("no");
        assertThat(cell.latencyNs().getTotalCount()).isEqualTo(900);
    }

    @Test
    void aCellComesThroughAsTheClientPrintedIt() {
        Cell cell = loop.atRate(new Echo(10), 100_000, 0.01);
        CellLine line = new CellLine(512, 1000, false, cell.perSecond(), cell.failed(), cell.latencyNs());

        assertThat(CellLine.parse(line.print())).contains(line);
        assertThat(CellLine.parse("a line of a log")).isEmpty();
    }

    @Test
    void aLoadComesThroughItsArguments() {
        Load load = new Load(List.of(64, 512), List.of(), List.of(1), 0.5, 2, "yield");

        assertThat(Load.of(load.arguments())).isEqualTo(load);
        assertThat(load.totalSeconds()).isEqualTo(3);
    }
}
