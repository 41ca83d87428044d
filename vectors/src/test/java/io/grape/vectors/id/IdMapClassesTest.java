package io.grape.vectors.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.map.ChronicleMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step of the build that spares a node the compiling of Chronicle Map's classes. */
class IdMapClassesTest {
    @TempDir
    private Path directory;

    @Test
    void theStepIsDoneAgainOnlyForOtherLibraries() throws IOException {
        IdMapClasses.main(directory.toString());
        Path stamp = files().stream()
                .filter(file -> file.startsWith(directory.resolve("META-INF")))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(stamp)).contains("chronicle-map-");

        Files.writeString(stamp, "other libraries");
        IdMapClasses.main(directory.toString());
        assertThat(Files.readString(stamp)).contains("chronicle-map-");
    }

    @Test
    void theBuildHasDoneIt() {
        assertThat(ChronicleMap.class.getClassLoader().getResource("META-INF/grape-id-map-classes"))
                .isNotNull();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }
}
