package io.grape.node.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.TimeAdvanceDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplicatedClockTest {
    private static final int EXPIRY_MS = 16_000;
    private static final long STEP_MS = 1_000;

    private final List<Long> proposed = new ArrayList<>();
    private long term = ReplicatedClock.NOT_LEADING;
    private int clients = 1;
    private boolean full;
    private long nowMs = 5_000;
    private final ReplicatedClock clock = new ReplicatedClock(
            () -> term,
            () -> clients,
            (command, length) -> {
                assertThat(FrameCheck.check(command, 0, length)).isSameAs(ErrorCode.OK);
                TimeAdvanceDecoder advance =
                        new TimeAdvanceDecoder().wrapAndApplyHeader(command, 0, new MessageHeaderDecoder());
                assertThat(advance.expiryMs()).isEqualTo(EXPIRY_MS);
                if (!full) {
                    proposed.add(advance.elapsedMs());
                }
                return !full;
            },
            EXPIRY_MS);

    /** Turns the clock every 10 ms of the given time. */
    private void pass(long ms) {
        for (long until = nowMs + ms; nowMs < until; nowMs += 10) {
            clock.doWork(TimeUnit.MILLISECONDS.toNanos(nowMs));
        }
    }

    @Test
    void aLeaderProposesWhatItsClockCountedSixteenTimesInAnExpiry() {
        term = 3;
        pass(EXPIRY_MS + 10);
        assertThat(proposed).hasSize(16).containsOnly(STEP_MS);
    }

    @Test
    void whoDoesNotLeadAndWhoKnowsNoClientProposesNothing() {
        pass(10 * STEP_MS);
        term = 3;
        clients = 0;
        pass(10 * STEP_MS);
        assertThat(proposed).isEmpty();
        clients = 1;
        pass(STEP_MS);
        assertThat(proposed).isEmpty();
        pass(20);
        assertThat(proposed).containsExactly(STEP_MS);
    }

    @Test
    void aLeaderCountsFromTheBeginningOfItsTerm() {
        term = 3;
        pass(900);
        term = ReplicatedClock.NOT_LEADING;
        pass(900);
        term = 5;
        pass(900);
        term = 6;
        pass(900);
        assertThat(proposed).isEmpty();
        pass(120);
        assertThat(proposed).containsExactly(STEP_MS);
    }

    @Test
    void whatFoundNoRoomIsProposedLaterWithTheTimeSince() {
        term = 3;
        full = true;
        pass(1_500);
        full = false;
        pass(10);
        assertThat(proposed)
                .singleElement()
                .satisfies(elapsed -> assertThat(elapsed).isBetween(1_490L, 1_510L));
    }
}
