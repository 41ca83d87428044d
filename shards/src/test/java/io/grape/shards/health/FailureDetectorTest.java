package io.grape.shards.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {
    private static final long MS = 1_000_000;
    private static final int NODE = 4;
    private static final DetectorConfig CONFIG = DetectorConfig.DEFAULT;

    private final FailureDetector detector = new FailureDetector(CONFIG, 0);
    private long nowNs;

    @Test
    void aNodeThatIsHeardRegularlyIsNeverSuspected() {
        detector.watch(NODE, nowNs);
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            pass(60 + random.nextInt(80));
            assertThat(detector.isSuspected(NODE, nowNs)).isFalse();
            detector.heard(NODE, nowNs);
        }
    }

    @Test
    void aSilentNodeIsSuspectedAboutASecondLaterAndClearedWhenItIsHeard() {
        detector.watch(NODE, nowNs);
        hear(200, 100);
        assertThat(silenceUntilSuspected()).isBetween(500L, 1200L);
        detector.heard(NODE, nowNs);
        assertThat(detector.isSuspected(NODE, nowNs)).isFalse();
    }

    @Test
    void suspicionOnlyGrowsWhileANodeIsSilent() {
        detector.watch(NODE, nowNs);
        hear(50, 100);
        double last = detector.phi(NODE, nowNs);
        for (int i = 0; i < 10_000; i++) {
            pass(50);
            double phi = detector.phi(NODE, nowNs);
            assertThat(phi).isGreaterThanOrEqualTo(last).isNotNaN().isLessThan(Double.POSITIVE_INFINITY);
            last = phi;
        }
        assertThat(last).isGreaterThan(1000);
    }

    @Test
    void anIrregularSenderIsGivenMoreTime() {
        detector.watch(NODE, nowNs);
        hear(200, 100);
        long steady = silenceUntilSuspected();
        detector.watch(NODE, nowNs);
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            hear(1, 20 + random.nextInt(400));
        }
        assertThat(silenceUntilSuspected()).isGreaterThan(steady + 200);
    }

    @Test
    void nobodyIsAccusedAfterAPauseOfThisProcessItself() {
        detector.watch(NODE, nowNs);
        hear(200, 100);
        nowNs += 60_000 * MS;
        assertThat(detector.isSuspected(NODE, nowNs)).isFalse();
        detector.heard(NODE, nowNs);
        hear(5, 100);
        assertThat(detector.isSuspected(NODE, nowNs)).isFalse();
        assertThat(silenceUntilSuspected()).isBetween(500L, 2000L);
    }

    @Test
    void aClockThatStandsStillOrRunsBackSuspectsNobody() {
        detector.watch(NODE, nowNs);
        hear(10, 100);
        detector.tick(nowNs);
        detector.tick(nowNs - 5000 * MS);
        assertThat(detector.isSuspected(NODE, nowNs - 5000 * MS)).isFalse();
    }

    @Test
    void aNodeThatIsNotWatchedIsNotJudged() {
        detector.heard(9, 5);
        assertThat(detector.phi(9, 10_000 * MS)).isZero();
        detector.watch(9, 10_000 * MS);
        detector.forget(9);
        assertThat(detector.isSuspected(9, 90_000 * MS)).isFalse();
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new DetectorConfig(0, 10, 1, 1, 0, 1)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new DetectorConfig(8, 1, 1, 1, 0, 1)).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new DetectorConfig(8, 10, 0, 1, 0, 1)).isInstanceOf(GrapeException.class);
    }

    @Test
    void theWorstShardCounts() {
        assertThat(ShardHealth.OK.worse(ShardHealth.SEALED)).isSameAs(ShardHealth.SEALED);
        assertThat(ShardHealth.CORRUPT.worse(ShardHealth.OK)).isSameAs(ShardHealth.CORRUPT);
        assertThat(ClusterHealth.of(List.of())).isSameAs(ClusterHealth.GREEN);
        assertThat(ClusterHealth.of(List.of(ShardHealth.OK, ShardHealth.MIGRATING)))
                .isSameAs(ClusterHealth.GREEN);
        assertThat(ClusterHealth.of(List.of(ShardHealth.DEGRADED, ShardHealth.OK)))
                .isSameAs(ClusterHealth.YELLOW);
        assertThat(ClusterHealth.of(List.of(ShardHealth.UNAVAILABLE, ShardHealth.DEGRADED)))
                .isSameAs(ClusterHealth.RED);
    }

    private long silenceUntilSuspected() {
        long beganNs = nowNs;
        while (!detector.isSuspected(NODE, nowNs)) {
            pass(10);
        }
        return (nowNs - beganNs) / MS;
    }

    private void hear(int times, long everyMs) {
        for (int i = 0; i < times; i++) {
            pass(everyMs);
            detector.heard(NODE, nowNs);
        }
    }

    private void pass(long ms) {
        nowNs += ms * MS;
        detector.tick(nowNs);
    }
}
