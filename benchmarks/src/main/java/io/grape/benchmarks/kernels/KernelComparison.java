package io.grape.benchmarks.kernels;

import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs {@link KernelMain} once for each vector width, and the same loops in C, one after another. */
public final class KernelComparison {
    private static final int[] WIDTH_BYTES = {16, 32, 64};
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("read", "plain sequential read, GB/s");
        NAMES.put("dot", "float32 inner products, 384 components, GB/s");
        NAMES.put("l2", "float32 squared distances, 384 components, GB/s");
        NAMES.put("int8", "int8 inner products, 384 components, GB/s");
        NAMES.put("bits-cached", "1-bit FastScan in cache, 384 components, M vectors/s");
        NAMES.put("bits-memory", "1-bit FastScan out of memory, 384 components, M vectors/s");
    }

    private KernelComparison() {}

    /**
     * Runs the comparison.
     *
     * @param home of the program, for the source of the C loops
     * @param work where they are compiled
     * @throws IOException if a process cannot be started or fails
     */
    public static Report run(Path home, Path work, boolean quick, PrintWriter out) throws IOException {
        Files.createDirectories(work);
        String mebibytes = quick ? "64" : "1024";
        String rounds = quick ? "8" : "20";
        List<Map<String, Double>> columns = new ArrayList<>();
        List<Column> heads = new ArrayList<>();
        for (int width : WIDTH_BYTES) {
            Map<String, Double> figures = figures(java(width, mebibytes, rounds));
            if (figures.getOrDefault("bits", 0.0) == width * Byte.SIZE) {
                columns.add(figures);
                heads.add(Column.higher(width * Byte.SIZE + " bits", 1));
            } else {
                out.println("this machine has no vectors of " + width * Byte.SIZE + " bits");
            }
        }
        Path binary = work.resolve("kernels");
        if (compiled(home.resolve("benchmarks/src/main/native/kernels.c"), binary, out)) {
            columns.add(figures(List.of(binary.toString(), mebibytes, rounds)));
            heads.add(Column.higher("C", 1));
        }
        Report report = new Report("kernels, one thread", heads)
                .facts(Machine.describe(work))
                .fact("memory scanned", mebibytes + " MiB; the best of " + rounds + " rounds")
                .fact("C", "gcc -O3 -march=native -ffast-math; no FastScan");
        NAMES.forEach((key, name) -> report.row(name, row(columns, key, false)));
        report.row("float32 inner products to the read of its column", row(columns, "dot", true));
        return report;
    }

    private static double[] row(List<Map<String, Double>> columns, String key, boolean toRead) {
        return columns.stream()
                .mapToDouble(figures -> {
                    double figure = figures.getOrDefault(key, Double.NaN);
                    return toRead ? 100 * figure / figures.getOrDefault("read", Double.NaN) : figure;
                })
                .toArray();
    }

    private static boolean compiled(Path source, Path binary, PrintWriter out) throws IOException {
        try {
            run(List.of("gcc", "-O3", "-march=native", "-ffast-math", "-o", binary.toString(), source.toString()));
            return true;
        } catch (IOException e) {
            out.println("no column for C: " + e.getMessage());
            return false;
        }
    }

    private static List<String> java(int widthBytes, String mebibytes, String rounds) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-XX:MaxVectorSize=" + widthBytes);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelMain.class.getName()));
        command.addAll(List.of(mebibytes, rounds));
        return command;
    }

    private static Map<String, Double> figures(List<String> command) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        for (String line : run(command)) {
            if (line.startsWith("@")) {
                String[] words = line.substring(1).split(" ", 2);
                figures.put(words[0], Double.valueOf(words[1]));
            }
        }
        return figures;
    }

    private static List<String> run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = in.lines().toList();
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(command.getFirst() + " ended with " + code);
            }
            return lines;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        }
    }
}
