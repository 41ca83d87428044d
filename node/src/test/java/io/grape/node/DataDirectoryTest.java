package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void theDiskIsDrawnOnceAndIsAnotherOneInAnotherDirectory() {
        long disk;
        try (DataDirectory data = DataDirectory.open(directory.resolve("a"), 1)) {
            disk = data.diskId();
            assertThat(disk).isPositive();
            assertThat(data.shape()).isEqualTo(new DataDirectory.Shape(1024, 1));
        }
        try (DataDirectory again = DataDirectory.open(directory.resolve("a"), 1);
                DataDirectory other = DataDirectory.open(directory.resolve("b"), 1)) {
            assertThat(again.diskId()).isEqualTo(disk);
            assertThat(other.diskId()).isNotEqualTo(disk);
        }
    }

    @Test
    void refusesAnOlderFormatWithAdviceAndChangesNothing() throws Exception {
        String old = "format=2\nnode=1\ndisk=5\nincarnation=9\n";
        Files.writeString(directory.resolve("node.identity"), old);
        assertRefused(1, ErrorCode.DATA_FORMAT_UNSUPPORTED, "kept everything in one group");
        assertThat(directory.resolve("node.identity")).hasContent(old);
    }

    @Test
    void refusesAClusterOfAnotherShape() {
        DataDirectory.open(directory, 1, new DataDirectory.Shape(1024, 3)).close();
        assertThatThrownBy(() -> DataDirectory.open(directory, 1, new DataDirectory.Shape(1024, 4)))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("1024 shards and 3 groups, not of 1024 and 4");
        DataDirectory.open(directory, 1, new DataDirectory.Shape(1024, 3)).close();
    }

    @Test
    void countsTheLivesOfANode() {
        for (int life = 1; life <= 3; life++) {
            try (DataDirectory data = DataDirectory.open(directory, 4)) {
                assertThat(data.incarnation()).isEqualTo(life);
            }
        }
    }

    @Test
    void refusesADirectoryOfAnotherNodeAndLeavesItUnlocked() {
        DataDirectory.open(directory, 1).close();
        assertRefused(2, ErrorCode.DATA_OWNED_BY_OTHER_NODE, "belongs to node 1");
        DataDirectory.open(directory, 1).close();
    }

    @Test
    void refusesADirectoryInUse() {
        try (DataDirectory held = DataDirectory.open(directory, 1)) {
            assertThat(held.incarnation()).isOne();
            assertRefused(1, ErrorCode.DATA_LOCKED, "another process uses");
        }
    }

    @Test
    void refusesANewerFormat() throws Exception {
        Files.writeString(directory.resolve("node.identity"), "format=4\nnode=1\nincarnation=9\n");
        assertRefused(1, ErrorCode.DATA_FORMAT_UNSUPPORTED, "by format 4, this version reads up to 3");
    }

    @Test
    void refusesADamagedIdentityAndDoesNotOverwriteIt() throws Exception {
        String damaged = "format=3\nnode=1\nincarnation=x7\n";
        Files.writeString(directory.resolve("node.identity"), damaged);
        assertRefused(1, ErrorCode.DATA_CORRUPT, "incarnation");
        assertThat(directory.resolve("node.identity")).hasContent(damaged);
    }

    @Test
    void namesThePathThatCannotBeUsed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below"), 1))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(ErrorCode.IO_FAILURE))
                .hasMessageContaining("below");
    }

    private void assertRefused(int nodeId, ErrorCode code, String text) {
        assertThatThrownBy(() -> DataDirectory.open(directory, nodeId))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
