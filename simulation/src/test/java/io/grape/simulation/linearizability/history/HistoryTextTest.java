package io.grape.simulation.linearizability.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class HistoryTextTest {
    private static final String TEXT = """
            grape-history 1 at-least
            10 call 0 client 7 point 0:2a upsert 99 if any
            11 call 1 client 8 point ff:ffffffffffffffff delete if absent
            12 call 2 client 8 point 0:2a upsert -5 if 17
            12 end 0 written 5 changed -
            13 end 1 mismatch absent
            14 call 3 client 9 point 0:2a read
            15 end 3 found 5 value 99 position -
            16 call 4 client 9 point 0:2a read-at 4
            17 end 4 missing position 4
            18 call 5 client 9 point 0:2b delete if any
            19 end 5 failed
            """;

    private static History read(String text) throws IOException {
        return HistoryReader.read(new StringReader(text));
    }

    private static HistoryRecorder recorded() {
        HistoryRecorder recorder = new HistoryRecorder(1);
        int write = recorder.upsert(7, 0, 42, 99, Call.ANY_VERSION, 10);
        int delete = recorder.delete(8, 255, -1, Call.ABSENT_VERSION, 11);
        recorder.upsert(8, 0, 42, -5, 17, 12);
        recorder.written(write, 5, Outcome.NOT_SAID, 12);
        recorder.mismatch(delete, Call.ABSENT_VERSION, 13);
        recorder.found(recorder.read(9, 0, 42, 14), 5, 99, Outcome.NOT_SAID, 15);
        recorder.missing(recorder.readAt(9, 0, 42, 4, 16), 4, 17);
        recorder.failed(recorder.delete(9, 0, 43, Call.ANY_VERSION, 18), 19);
        return recorder;
    }

    @Test
    void whatWasRecordedIsWrittenOneLineAnEvent() throws IOException {
        StringBuilder text = new StringBuilder();
        HistoryWriter.write(recorded().history(History.Positions.AT_LEAST), text);
        assertThat(text).hasToString(TEXT);
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        assertThat(read(TEXT)).isEqualTo(recorded().history(History.Positions.AT_LEAST));
    }

    @Test
    void textThatIsNoHistoryIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> read("grape-history 2 exact\n")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> read("grape-history 1 roughly\n")).hasMessageContaining("roughly");
        refuses("1 call 0 client 7 point 0:2a upsert 99 if", "the line ends too soon");
        refuses("1 call 0 client 7 point 0:2a read twice", "words after the end");
        refuses("1 call 0 client 7 point 42 read", "most:least");
        refuses("1 call 0 point 0:2a read", "\"client\" expected in place of \"point\"");
        refuses("1 call 99999999999 client 7 point 0:2a read", "integer overflow");
        refuses("1 end 0 failed", "operation 0 is not open");
        refuses("x call 0", "x");
        refuses("1 begin 0", "neither call nor end");
    }

    private static void refuses(String line, String why) {
        assertThatThrownBy(() -> read("grape-history 1 exact\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 (" + line + "): ")
                .hasMessageContaining(why);
    }

    @Test
    void anAnswerMustFitItsCallAndComeOnceAndAfterIt() {
        HistoryRecorder recorder = new HistoryRecorder(1);
        int read = recorder.read(1, 0, 1, 10);
        recorder.missing(read, 3, 9);
        assertThatThrownBy(() -> recorder.missing(read, 3, 11)).hasMessageContaining("answered before");
        assertThatThrownBy(() -> recorder.history(History.Positions.EXACT)).hasMessageContaining("before its call");
        recorder.clear();
        recorder.found(recorder.upsert(1, 0, 1, 5, Call.ANY_VERSION, 1), 1, 1, 1, 2);
        assertThatThrownBy(() -> recorder.history(History.Positions.EXACT)).hasMessageContaining("cannot end as");
    }

    @Test
    void threadsRecordApartAndAreJoined() {
        History merged = HistoryRecorder.merge(History.Positions.EXACT, recorded(), recorded());
        assertThat(merged.operations()).hasSize(12).extracting(Operation::id).doesNotHaveDuplicates();
        assertThat(merged.operations().get(6).key()).isEqualTo(new PointKey(0, 42));
    }
}
