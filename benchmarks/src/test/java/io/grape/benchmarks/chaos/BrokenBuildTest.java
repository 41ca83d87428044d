package io.grape.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrokenBuildTest {
    @ParameterizedTest
    @EnumSource(BrokenBuild.class)
    void everyDefectStillFindsWhatItBreaks(BrokenBuild build) throws IOException {
        assertThat(build.checkedChanges()).isPositive();
        assertThat(BrokenBuild.of(build.commandName())).isEqualTo(build);
    }

    @Test
    void anUnknownDefectIsRefused() {
        assertThatThrownBy(() -> BrokenBuild.of("none")).hasMessageContaining("no-force-before-ack");
    }
}
