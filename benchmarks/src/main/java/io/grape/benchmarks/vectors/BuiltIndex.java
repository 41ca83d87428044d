package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.data.VectorSet;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What building an index took, kept beside it so that searches may be measured later.
 *
 * @param wallSeconds  by the clock, reading the rows and saving the index included
 * @param cpuSeconds   of all threads of the process
 * @param bytes        of the files
 * @param loadAverage  of the machine when it began; NaN if not known
 */
record BuiltIndex(double wallSeconds, double cpuSeconds, double bytes, double loadAverage) {
    private static final String FILE = "build.properties";

    static boolean exists(Contender contender, VectorSet set) {
        return Files.exists(contender.directory(set).resolve(FILE));
    }

    /** Removes an index. */
    static void discard(Contender contender, VectorSet set) throws IOException {
        Path directory = contender.directory(set);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    static BuiltIndex read(Contender contender, VectorSet set) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(contender.directory(set).resolve(FILE))) {
            properties.load(in);
        }
        return new BuiltIndex(
                number(properties, "wallSeconds"),
                number(properties, "cpuSeconds"),
                bytes(contender.directory(set)),
                number(properties, "loadAverage"));
    }

    private static double number(Properties properties, String name) {
        return Double.parseDouble(properties.getProperty(name, "NaN"));
    }

    static void write(Contender contender, VectorSet set, DriverProcess.Spent spent, double loadAverage)
            throws IOException {
        Properties properties = new Properties();
        properties.setProperty("wallSeconds", Double.toString(spent.wallNs() / 1e9));
        properties.setProperty("cpuSeconds", Double.toString(spent.cpuNs() / 1e9));
        properties.setProperty("loadAverage", Double.toString(loadAverage));
        try (Writer out = Files.newBufferedWriter(contender.directory(set).resolve(FILE))) {
            properties.store(out, null);
        }
    }

    private static double bytes(Path directory) throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean ours = name.equals(FILE) || name.equals("results.bin") || name.equals("driver.log");
                sum += ours ? 0 : Files.size(file);
            }
        }
        return sum;
    }
}
