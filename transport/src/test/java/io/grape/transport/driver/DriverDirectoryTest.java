package io.grape.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverDirectoryTest {
    @TempDir
    private Path shared;

    @TempDir
    private Path temporary;

    @Test
    void sharedMemoryIsUsedWhereItHasTheRoom() {
        assertThat(DriverDirectory.choose(shared, temporary, "n", 1)).isEqualTo(shared.resolve("n"));
    }

    @Test
    void temporaryFolderIsUsedWhereSharedMemoryIsTooSmallOrAbsent() {
        assertThat(DriverDirectory.choose(shared, temporary, "n", Long.MAX_VALUE))
                .isEqualTo(temporary.resolve("n"));
        assertThat(DriverDirectory.choose(shared.resolve("absent"), temporary, "n", 1))
                .isEqualTo(temporary.resolve("n"));
    }

    @Test
    void namesHoldOnlyPlainCharacters() {
        assertThat(DriverDirectory.nodeName("a/b", 3, "[::1]:9000")).isEqualTo("grape-node-a_b-3-___1__9000");
        assertThat(DriverDirectory.clientName("me", 255, 42)).isEqualTo("grape-client-me-ff-42");
    }

    @Test
    void whatDeadClientsLeftIsRemovedAndNothingElse() throws IOException {
        long deadProcess = endedProcess();
        long alive = ProcessHandle.current().pid();
        Path dead = Files.createDirectory(shared.resolve(DriverDirectory.clientName("me", 1, deadProcess)));
        Files.writeString(dead.resolve("file"), "left over");
        Path living = Files.createDirectory(shared.resolve(DriverDirectory.clientName("me", 2, alive)));
        Path foreign = Files.createDirectory(shared.resolve(DriverDirectory.clientName("you", 3, deadProcess)));
        Path unnamed = Files.createDirectory(shared.resolve("grape-client-me-x-y"));
        assertThat(DriverDirectory.removeLeftOvers(shared, "me")).isEqualTo(1);
        assertThat(dead).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
        assertThat(unnamed).exists();
    }

    private static long endedProcess() throws IOException {
        Process process = new ProcessBuilder("true").start();
        process.onExit().join();
        return process.pid();
    }
}
