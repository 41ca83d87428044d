package io.grape.node.demo.data;

import java.nio.file.Path;
import java.util.Locale;

/** The sentence with which every conversion ends. */
final class Conversions {
    private Conversions() {}

    static String describe(Path target, VectorFileWriter.Summary summary) {
        return String.format(
                Locale.ROOT,
                "%s: %,d vectors of %d components, %,d bytes; error for each component: largest %.2e, root mean square %.2e",
                target,
                summary.count(),
                summary.dimension(),
                summary.fileLengthBytes(),
                summary.largestError(),
                summary.meanSquareRootError());
    }
}
