package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendOutcomeTest {
    @Test
    void everyResultOfAnOfferHasItsOutcome() {
        assertThat(SendOutcome.of(0)).isEqualTo(SendOutcome.SENT);
        assertThat(SendOutcome.of(4096)).isEqualTo(SendOutcome.SENT);
        assertThat(SendOutcome.of(Publication.BACK_PRESSURED)).isEqualTo(SendOutcome.BACK_PRESSURED);
        assertThat(SendOutcome.of(Publication.NOT_CONNECTED)).isEqualTo(SendOutcome.NOT_CONNECTED);
        assertThat(SendOutcome.of(Publication.ADMIN_ACTION)).isEqualTo(SendOutcome.ADMIN_ACTION);
        assertThat(SendOutcome.of(Publication.CLOSED)).isEqualTo(SendOutcome.CLOSED);
        assertThat(SendOutcome.of(Publication.MAX_POSITION_EXCEEDED)).isEqualTo(SendOutcome.MAX_POSITION_EXCEEDED);
    }

    @Test
    void onlyBackPressureAndAdminActionPassByThemselves() {
        assertThat(SendOutcome.values())
                .filteredOn(SendOutcome::isTransient)
                .containsExactly(SendOutcome.BACK_PRESSURED, SendOutcome.ADMIN_ACTION);
    }

    @Test
    void countersTellOutcomesApart() {
        OutcomeCounters counters = new OutcomeCounters();
        counters.count(SendOutcome.TOO_LONG);
        counters.count(SendOutcome.SENT);
        counters.count(SendOutcome.SENT);
        assertThat(counters.get(SendOutcome.SENT)).isEqualTo(2);
        assertThat(counters.get(SendOutcome.TOO_LONG)).isEqualTo(1);
        assertThat(counters.get(SendOutcome.CLOSED)).isZero();
        assertThat(Arrays.stream(SendOutcome.values()).mapToInt(SendOutcome::slot))
                .containsExactlyElementsOf(
                        IntStream.range(0, SendOutcome.COUNT).boxed().toList());
    }
}
