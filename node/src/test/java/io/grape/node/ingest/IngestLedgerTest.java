package io.grape.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestLedgerTest {
    private static final GrapeException FULL = new GrapeException(ErrorCode.STORAGE_FULL, "full");

    @TempDir
    private Path directory;

    private static IngestLedger.Boundary rows(long count) {
        return new IngestLedger.Boundary(count, count, 0, 0);
    }

    private static IngestLedger fiveBatches() {
        IngestLedger ledger = new IngestLedger(IngestCheckpoint.begin("f", 7));
        for (int i = 1; i <= 5; i++) {
            assertThat(ledger.open(rows(i * 10))).isEqualTo(i - 1);
        }
        return ledger;
    }

    @Test
    void theCheckpointCoversOnlyWhatHasNoGapBeforeIt() {
        IngestLedger ledger = fiveBatches();
        ledger.committed(1, 10, false);
        ledger.committed(3, 10, false);
        assertThat(ledger.checkpoint().batches()).isZero();
        ledger.committed(0, 10, true);
        assertThat(ledger.checkpoint().batches()).isEqualTo(2);
        assertThat(ledger.checkpoint().rows()).isEqualTo(20);
        assertThat(ledger.committedPoints()).isEqualTo(30);
        assertThat(ledger.duplicates()).isOne();
    }

    @Test
    void aBatchWithUnknownOutcomeKeepsItsIdentity() {
        IngestLedger ledger = fiveBatches();
        ledger.committed(0, 10, false);
        ledger.failed(1, FULL, false);
        ledger.failed(2, new GrapeException(ErrorCode.TIMED_OUT, "late"), true);
        ledger.committed(3, 10, false);
        ledger.committed(4, 10, false);
        IngestCheckpoint last = ledger.lastCheckpoint(99);
        assertThat(last.clientId()).isEqualTo(7);
        assertThat(last.sequenceOf(last.batches())).isEqualTo(2);
        assertThat(ledger.failure()).isSameAs(FULL);
    }

    @Test
    void whenEveryOutcomeIsKnownTheNextRunSkipsWhatIsCommittedUnderANewIdentity() {
        IngestLedger ledger = fiveBatches();
        ledger.committed(0, 10, false);
        ledger.failed(1, FULL, false);
        ledger.committed(2, 10, false);
        ledger.failed(3, FULL, false);
        ledger.committed(4, 10, false);
        IngestCheckpoint last = ledger.lastCheckpoint(99);
        assertThat(last.clientId()).isEqualTo(99);
        assertThat(last.batches()).isOne();
        assertThat(last.skipped()).containsExactly(2L, 4L);
        assertThat(last.sequenceOf(1)).isEqualTo(1);
        assertThat(last.sequenceOf(3)).isEqualTo(2);
        assertThat(last.sequenceOf(5)).isEqualTo(3);

        IngestLedger next = new IngestLedger(last);
        assertThat(next.isNextSkipped()).isFalse();
        next.committed(next.open(rows(20)), 10, false);
        assertThat(next.checkpoint().batches()).isEqualTo(2);
        assertThat(next.isNextSkipped()).isTrue();
        next.open(rows(30));
        assertThat(next.checkpoint().batches()).isEqualTo(3);
        assertThat(next.lastCheckpoint(100).skipped()).containsExactly(4L);
    }

    @Test
    void aCheckpointIsReadBackAsItWasWritten() throws IOException {
        Path file = directory.resolve("state");
        IngestCheckpoint checkpoint = new IngestCheckpoint("abc", -5, 3, List.of(6L, 9L), 5, 50, 48, 2, 321);
        checkpoint.save(file);
        assertThat(IngestCheckpoint.load(file)).isEqualTo(checkpoint);
        for (String damaged : List.of("", "{", "{}", "[1]", "{\"fingerprint\":\"a\",\"clientId\":\"x\"}", "null")) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> IngestCheckpoint.load(file))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
        }
    }
}
