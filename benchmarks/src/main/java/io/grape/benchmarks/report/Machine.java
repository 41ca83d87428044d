package io.grape.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where a benchmark ran. The load average of the minute before is part of it: a figure of a busy machine is another figure.
 */
public final class Machine {
    private Machine() {}

    /**
     * Describes this machine and JVM.
     *
     * @param directory on the disk that matters to the benchmark
     * @throws IOException if the directory does not exist
     */
    public static Map<String, String> describe(Path directory) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("cpu", processorName());
        facts.put("load average", loadAverage());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put(
                "disk",
                Files.getFileStore(directory).type() + " at "
                        + Files.getFileStore(directory).name());
        return facts;
    }

    private static String loadAverage() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "not known" : String.format(Locale.ROOT, "%.2f", load);
    }

    private static String processorName() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
