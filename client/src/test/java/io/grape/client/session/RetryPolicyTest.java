package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.RetryAdvice;
import io.grape.codecs.sbe.ErrorCode;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
    private static final Set<ErrorCode> RETRIED = EnumSet.of(
            ErrorCode.NOT_LEADER,
            ErrorCode.NOT_OWNER,
            ErrorCode.MIGRATING,
            ErrorCode.BACK_PRESSURE,
            ErrorCode.NODE_STOPPING,
            ErrorCode.POSITION_NOT_REACHED,
            ErrorCode.LEADERSHIP_LOST,
            ErrorCode.SESSION_UNKNOWN);

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void exactlyTheseCodesAreTriedAgainByTheClientItself(ErrorCode code) {
        assertThat(RetryPolicy.onError(code, 5) != RetryPolicy.Action.FAIL).isEqualTo(RETRIED.contains(code));
    }

    @Test
    void nodeThatSaysARetryCannotHelpIsBelieved() {
        assertThat(RetryPolicy.onError(ErrorCode.BACK_PRESSURE, -1)).isEqualTo(RetryPolicy.Action.FAIL);
        assertThat(RetryPolicy.onError(ErrorCode.NOT_LEADER, -1)).isEqualTo(RetryPolicy.Action.FOLLOW_LEADER);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void codeThatDependsOnTheRequestAloneIsAdvisedToChangeTheRequest(ErrorCode code) {
        if (RetryPolicy.isDeterministic(code)) {
            assertThat(RetryAdvice.of(code)).isEqualTo(RetryAdvice.CHANGE_REQUEST);
        }
        assertThat(RetryAdvice.of(code).text()).isNotBlank();
        if (RETRIED.contains(code)) {
            assertThat(RetryAdvice.of(code).isRetryable()).isTrue();
        }
    }
}
