package io.grape.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverHandleTest {
    @TempDir
    private Path folder;

    @Test
    void embeddedDriverLeavesNothingBehindAndOthersMayUseItMeanwhile() {
        Path directory = folder.resolve("driver");
        DriverConfig config = DriverConfig.embedded().withDirectory(directory).withIdleMode(IdleMode.SLEEP);
        try (DriverHandle own = DriverHandle.forNode(config, 1, "localhost:1")) {
            assertThat(own.isEmbedded()).isTrue();
            assertThat(own.directory()).isEqualTo(directory);
            try (DriverHandle guest = DriverHandle.forClient(DriverConfig.external(directory), 1)) {
                assertThat(guest.isEmbedded()).isFalse();
                assertThat(guest.aeron().isClosed()).isFalse();
            }
            assertThat(own.aeron().isClosed()).isFalse();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void namedDirectoryIsNotEmptiedOfForeignThings() throws IOException {
        Path file = Files.writeString(folder.resolve("letter"), "precious");
        DriverConfig config = DriverConfig.embedded().withDirectory(folder);
        assertThatThrownBy(() -> DriverHandle.forNode(config, 1, "localhost:1"))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining(folder.toString());
        assertThat(file).hasContent("precious");
    }

    @Test
    void directoryOfALivingDriverIsNotTakenOver() {
        DriverConfig config = DriverConfig.embedded().withDirectory(folder.resolve("driver"));
        try (DriverHandle first = DriverHandle.forNode(config, 1, "localhost:1")) {
            assertThatThrownBy(() -> DriverHandle.forNode(config, 2, "localhost:2"))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(first.aeron().isClosed()).isFalse();
        }
        try (DriverHandle again = DriverHandle.forNode(config, 1, "localhost:1")) {
            assertThat(again.directory()).exists();
        }
    }

    @Test
    void directoryThatCannotBeMadeIsAFaultThatNamesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        DriverConfig config = DriverConfig.embedded().withDirectory(file.resolve("driver"));
        assertThatThrownBy(() -> DriverHandle.forNode(config, 1, "localhost:1"))
                .isInstanceOfSatisfying(FaultException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
                    assertThat(e.severity()).isEqualTo(FaultException.Severity.FAIL_NODE);
                })
                .hasMessageContaining(file.toString());
    }

    @Test
    void absentExternalDriverIsAFaultThatSaysWhatToDo() {
        assertThatThrownBy(() -> DriverHandle.forClient(DriverConfig.external(folder.resolve("none")), 1))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("No media driver answers in " + folder.resolve("none"))
                .hasMessageContaining("Start it");
    }

    @Test
    void socketBuffersAreBoundedByThePlatform() throws IOException {
        Path limit = folder.resolve("rmem_max");
        assertThat(DriverHandle.socketBufferLength(limit, 5000)).isEqualTo(5000);
        Files.writeString(limit, "4096\n");
        assertThat(DriverHandle.socketBufferLength(limit, 5000)).isEqualTo(4096);
        assertThat(DriverHandle.socketBufferLength(limit, 4096)).isEqualTo(4096);
        Files.writeString(limit, "many");
        assertThat(DriverHandle.socketBufferLength(limit, 5000)).isEqualTo(5000);
    }
}
