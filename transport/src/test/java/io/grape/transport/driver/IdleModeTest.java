package io.grape.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

class IdleModeTest {
    @Test
    void everyNameOfTheConfigurationHasItsStrategy() {
        assertThat(IdleMode.of("backoff").newStrategy()).isInstanceOf(BackoffIdleStrategy.class);
        assertThat(IdleMode.of("Yield").newStrategy()).isInstanceOf(YieldingIdleStrategy.class);
        assertThat(IdleMode.of("sleep").newStrategy()).isInstanceOf(SleepingIdleStrategy.class);
        assertThat(IdleMode.of("BUSY-SPIN").newStrategy()).isInstanceOf(BusySpinIdleStrategy.class);
    }

    @Test
    void unknownNameIsRefusedWithTheChoices() {
        assertThatThrownBy(() -> IdleMode.of("snooze"))
                .hasMessage("idleStrategy: 'snooze' is not one of backoff, yield, sleep, busy-spin");
    }
}
