package io.grape.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class IdMapBenchmarkTest {
    @Test
    void allMapsFindTheSameRowsInTheSpaceThatTheDecisionNames() throws IOException {
        IdMapBenchmark maps = new IdMapBenchmark();
        maps.entries = 65_536;
        maps.fill();
        try {
            for (int i = 0; i < 1_000; i++) {
                assertThat(maps.chronicleMapMiss()).isFalse();
                assertThat(maps.flatTableMiss()).isEqualTo(-1);
                long row = maps.flatTable();
                assertThat(row).isBetween(0L, 65_535L);
            }
            assertThat(maps.chronicleMap()).isBetween(0L, 65_535L);
            assertThat(maps.agronaMap()).isBetween(0L, 65_535L);
            assertThat(maps.chronicleBytesAnEntry()).isBetween(40.0, 56.0);
            assertThat(maps.flatBytesAnEntry()).isEqualTo(64.0);
            assertThat(maps.agronaBytesAnEntry()).isBetween(32.0, 64.0);
        } finally {
            maps.remove();
        }
    }
}
