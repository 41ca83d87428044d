package io.grape.benchmarks.vectors;

import io.grape.benchmarks.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes results as a page of the documentation: the tables and the pictures of each set. */
public final class VectorsPage {
    private VectorsPage() {}

    /**
     * Writes the page.
     *
     * @return its file
     * @throws IOException if it cannot be written
     */
    public static Path write(Path directory, List<VectorsResult> results) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("vectors.md");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println("# Our index beside its peers");
            out.println();
            out.println(
                    "Written by `grape bench vectors --page`; every figure is of one run. Each contender has a process of its own and one"
                            + " thread; rounds take turns. What is compared, and with which settings: [ADR 19](../adr/0019-peers-of-the-index.md).");
            out.println();
            for (VectorsResult result : results) {
                List<Report> reports = result.reports();
                for (int i = 0; i < reports.size(); i++) {
                    Report report = reports.get(i);
                    report.print(out);
                    for (Path picture : report.writeCharts(directory, "vectors-" + result.name() + "-" + i)) {
                        out.println("![" + result.name() + "](" + picture.getFileName() + ")");
                        out.println();
                    }
                }
            }
        }
        return file;
    }
}
