package io.grape.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WakeableIdleTest {
    private static final long FOR_EVER_NS = TimeUnit.HOURS.toNanos(1);

    @Test
    void aParkedThreadSeesWhatWasMadeForItBeforeTheWake() throws InterruptedException {
        WakeableIdle consumer = new WakeableIdle(IdleMode.BACKOFF, FOR_EVER_NS);
        WakeableIdle producer = new WakeableIdle(IdleMode.BACKOFF, FOR_EVER_NS);
        producer.wakes(consumer);
        AtomicInteger made = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Thread thread = new Thread(() -> {
            while (taken.get() < 1_000) {
                int work = made.get() - taken.get();
                taken.addAndGet(work);
                consumer.idle(work);
            }
        });
        thread.start();

        for (int i = 0; i < 1_000; i++) {
            made.incrementAndGet();
            producer.idle(1);
            while (taken.get() <= i) {
                Thread.onSpinWait();
            }
        }

        thread.join();
        assertThat(taken).hasValue(1_000);
    }

    @Test
    void nobodyIsAskedForAThreadThatDoesNotIdle() {
        WakeableIdle busy = new WakeableIdle(IdleMode.BACKOFF, WakeableIdle.WOKEN_NS);
        WakeableIdle producer = new WakeableIdle(IdleMode.BACKOFF, WakeableIdle.WOKEN_NS);
        AtomicBoolean asked = new AtomicBoolean();
        producer.wakes(busy, () -> {
            asked.set(true);
            return true;
        });

        producer.idle(1);
        assertThat(asked).isFalse();

        busy.idle(0);
        producer.idle(1);
        assertThat(asked).isTrue();

        busy.idle(1);
        asked.set(false);
        producer.idle(1);
        assertThat(asked).isFalse();
    }

    @Test
    void aModeThatNeverParksIsNeverWoken() {
        WakeableIdle spinning = new WakeableIdle(IdleMode.YIELD, FOR_EVER_NS);
        WakeableIdle producer = new WakeableIdle(IdleMode.YIELD, FOR_EVER_NS);
        AtomicBoolean asked = new AtomicBoolean();
        producer.wakes(spinning, () -> asked.getAndSet(true));

        spinning.idle(0);
        producer.idle(1);
        spinning.reset();
        spinning.wake();

        assertThat(asked).isFalse();
        assertThat(spinning.alias()).isEqualTo("wakeable");
    }
}
