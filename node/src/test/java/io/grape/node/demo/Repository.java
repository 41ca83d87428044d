package io.grape.node.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds files of the repository from wherever the tests run. */
public final class Repository {
    private Repository() {}

    /** Returns the directory that holds {@code mvnw}. */
    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    public static Path wordFile() {
        return root().resolve("data/glove-20k.gvec");
    }

    public static WordVectors words(int limit) throws IOException {
        return WordVectors.load(wordFile(), limit);
    }
}
