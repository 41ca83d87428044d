package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WriteWindowTest {
    @Test
    void windowClosesAtItsLengthAndOpensWithTheOldestOutcome() {
        WriteWindow window = new WriteWindow(1000);
        for (int i = 0; i < WriteWindow.LENGTH; i++) {
            window.assign(new RequestSlot(0));
        }
        assertThat(window.isOpen()).isFalse();
        assertThatThrownBy(() -> window.assign(new RequestSlot(0))).isInstanceOf(IllegalStateException.class);
        window.answered(1001);
        assertThat(window.isOpen()).isFalse();
        window.answered(1000);
        assertThat(window.acknowledgedThrough()).isEqualTo(1001);
        assertThat(window.isOpen()).isTrue();
        assertThat(window.lastSequence()).isEqualTo(1255);
    }

    @Test
    void outcomeOfASequenceOutsideTheWindowIsADefect() {
        WriteWindow window = new WriteWindow(1);
        assertThatThrownBy(() -> window.answered(1)).isInstanceOf(IllegalStateException.class);
        window.assign(new RequestSlot(0));
        window.answered(1);
        assertThatThrownBy(() -> window.answered(1)).isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 200)
    void acknowledgedThroughIsTheLastSequenceBeforeTheOldestUnanswered(@ForAll boolean[] assignOrAnswer) {
        WriteWindow window = new WriteWindow(1);
        Deque<Long> open = new ArrayDeque<>();
        boolean fromFront = false;
        for (boolean assign : assignOrAnswer) {
            if (assign && window.isOpen()) {
                RequestSlot slot = new RequestSlot(0);
                window.assign(slot);
                assertThat(window.at(slot.sequence)).isSameAs(slot);
                open.addLast(slot.sequence);
            } else if (!open.isEmpty()) {
                fromFront = !fromFront;
                window.answered(fromFront ? open.removeFirst() : open.removeLast());
            }
            long expected = open.isEmpty() ? window.next() - 1 : open.getFirst() - 1;
            assertThat(window.acknowledgedThrough()).isEqualTo(expected);
        }
    }
}
