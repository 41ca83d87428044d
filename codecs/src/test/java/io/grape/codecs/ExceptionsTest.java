package io.grape.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
    @Test
    void aRefusalCarriesItsCodeAndText() {
        GrapeException refusal = new GrapeException(ErrorCode.INVALID_K, "k = 0; ask for at least one point");
        assertThat(refusal.code()).isSameAs(ErrorCode.INVALID_K);
        assertThat(refusal).hasMessage("k = 0; ask for at least one point").hasNoCause();
    }

    @Test
    void aRefusalMayCarryWhatThePlatformSaid() {
        IOException cause = new IOException("No space left on device");
        GrapeException refusal = new GrapeException(ErrorCode.STORAGE_FULL, "free some space", cause);
        assertThat(refusal.code()).isSameAs(ErrorCode.STORAGE_FULL);
        assertThat(refusal).hasCause(cause);
    }

    @Test
    void aFaultSaysHowMuchMustStop() {
        FaultException fault = new FaultException(
                FaultException.Severity.FAIL_GROUP, ErrorCode.DATA_CORRUPT, "segment 3, offset 4096", null);
        assertThat(fault.severity()).isSameAs(FaultException.Severity.FAIL_GROUP);
        assertThat(fault.code()).isSameAs(ErrorCode.DATA_CORRUPT);
    }
}
