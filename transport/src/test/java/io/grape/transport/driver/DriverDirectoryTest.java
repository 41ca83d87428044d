package io.grape.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
        assertThat(DriverDirectory.nodeName("a/b", 3, "[::1]:9000", 42)).isEqualTo("grape-node-a_b-3-___1__9000-42");
        assertThat(DriverDirectory.clientName("me", 255, 42)).isEqualTo("grape-client-me-ff-42");
    }

    @Test
    void whatDeadProcessesLeftIsRemovedAndNothingElse() throws IOException {
        long deadProcess = endedProcess();
        long alive = ProcessHandle.current().pid();
        Path dead = Files.createDirectory(shared.resolve(DriverDirectory.clientName("me", 1, deadProcess)));
        Files.writeString(dead.resolve("file"), "left over");
        Path deadNode = Files.createDirectory(shared.resolve(DriverDirectory.nodeName("me", 1, "a:1", deadProcess)));
        Path living = Files.createDirectory(shared.resolve(DriverDirectory.clientName("me", 2, alive)));
        Path foreign = Files.createDirectory(shared.resolve(DriverDirectory.clientName("you", 3, deadProcess)));
        Path unnamed = Files.createDirectory(shared.resolve("grape-client-me-x-y"));
        assertThat(DriverDirectory.removeLeftOvers(shared, "me")).isEqualTo(2);
        assertThat(dead).doesNotExist();
        assertThat(deadNode).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
        assertThat(unnamed).exists();
    }

    @Test
    void whatLiesAtANodesOwnEndpointIsRemovedWhoeverLeftIt() throws IOException {
        long alive = ProcessHandle.current().pid();
        Path own = Files.createDirectory(shared.resolve(DriverDirectory.nodeName("me", 1, "a:1", alive)));
        Path other = Files.createDirectory(shared.resolve(DriverDirectory.nodeName("me", 1, "a:10", alive)));
        assertThat(DriverDirectory.removeOwn(shared, "me", 1, "a:1")).isEqualTo(1);
        assertThat(own).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void processThatOnlyHasTheNumberAgainIsNotTheHost() throws IOException {
        long own = ProcessHandle.current().pid();
        Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
        assertThat(DriverDirectory.isHost(own, began.plusSeconds(1))).isTrue();
        assertThat(DriverDirectory.isHost(own, began.minusSeconds(1))).isFalse();
        assertThat(DriverDirectory.isHost(endedProcess(), began)).isFalse();
        assertThat(DriverDirectory.isHost(-1, began)).isFalse();
    }

    private static long endedProcess() throws IOException {
        Process process = new ProcessBuilder("true").start();
        process.onExit().join();
        return process.pid();
    }
}
