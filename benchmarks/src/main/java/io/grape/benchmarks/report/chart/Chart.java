package io.grape.benchmarks.report.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A picture of figures. Immutable. */
public sealed interface Chart permits LineChart, BarChart {
    /** Returns what the picture shows. */
    String title();

    /** Returns the picture as an SVG document. */
    String svg();

    /**
     * Writes the picture, and the directory for it if it is missing.
     *
     * @throws IOException if it cannot be written
     */
    default void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg());
    }
}
