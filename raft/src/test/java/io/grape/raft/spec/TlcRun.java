package io.grape.raft.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of the model checker TLC in a process of its own, with one worker and a heap of 1 GB.
 *
 * @param output all that it printed
 */
public record TlcRun(String output) {
    /** Where the specification is; tests run in the module's directory. */
    public static final Path SPECIFICATION = Path.of("src", "spec").toAbsolutePath();

    /** The compiler's flag for a run of a few seconds: half the processor time of the default. */
    public static final String SHORT = "-XX:TieredStopAtLevel=1";

    /** The compiler's flag for a longer run. */
    public static final String LONG = "-XX:+TieredCompilation";

    private static final Pattern STATES =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, 0 states left on queue");
    private static final Pattern DEPTH = Pattern.compile("depth of the complete state graph search is (\\d+)");
    private static final Pattern VIOLATED =
            Pattern.compile("(?:Invariant|Action property|Temporal property|Property) (\\w+) is violated");
    private static final Pattern REACHED = Pattern.compile("<<\"REACHED\", (\\d+), (\\d+)>>");
    private static final long LIMIT_SECONDS = 300;

    /**
     * Checks a module of the directory, which also gets what TLC writes, together with the modules of the specification.
     *
     * @param module        name of the module, whose file is in the directory or in the specification
     * @param configuration text of TLC's configuration
     * @param compiler      {@link #SHORT} or {@link #LONG}
     */
    public static TlcRun of(Path directory, String module, String configuration, String compiler) {
        try {
            try (Stream<Path> files = Files.list(SPECIFICATION)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".tla")).toList()) {
                    Path copy = directory.resolve(file.getFileName());
                    if (!Files.exists(copy)) {
                        Files.copy(file, copy);
                    }
                }
            }
            Files.writeString(directory.resolve(module + ".cfg"), configuration);
            Path log = directory.resolve(module + ".out");
            Process process = new ProcessBuilder(command(directory, module, compiler))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("TLC took longer than " + LIMIT_SECONDS + " s over " + module);
                }
            } finally {
                process.destroyForcibly();
            }
            return new TlcRun(Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while TLC ran", e);
        }
    }

    private static List<String> command(Path directory, String module, String compiler) {
        String tools = tlc2.TLC
                .class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Xss16m",
                "-XX:+UseSerialGC",
                compiler,
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                tools,
                "tlc2.TLC",
                "-workers",
                "1",
                "-nowarning",
                "-metadir",
                directory.resolve("states").toString(),
                module);
    }

    /** Whether every state was looked at and none broke anything. */
    public boolean passed() {
        return output.contains("Model checking completed. No error has been found.")
                && STATES.matcher(output).find();
    }

    /** Returns the name of the property that broke, or an empty text. */
    public String violated() {
        Matcher matcher = VIOLATED.matcher(output);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Returns how many distinct states there are, or 0 if the run did not come to its end. */
    public long distinctStates() {
        Matcher matcher = STATES.matcher(output);
        return matcher.find() ? Long.parseLong(matcher.group(2)) : 0;
    }

    /** Returns how many steps the longest of the shortest behaviours has. */
    public long depth() {
        Matcher matcher = DEPTH.matcher(output);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Whether the trace, or one of its mutants, counted from 1, is a behaviour of the specification. */
    public boolean accepts(int mutant) {
        return output.contains("<<\"ACCEPTED\", " + mutant + ">>");
    }

    /** Returns the output without the lines that say how far each trace came. */
    public String withoutProgress() {
        return output.lines()
                .filter(l -> !REACHED.matcher(l).find() && !l.startsWith("Parsing") && !l.startsWith("Semantic"))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the first event that no behaviour explains, for the trace and for its mutants, as TLC reached it. */
    public Map<Integer, Integer> reached() {
        Map<Integer, Integer> reached = new TreeMap<>();
        Matcher matcher = REACHED.matcher(output);
        while (matcher.find()) {
            reached.merge(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), Math::max);
        }
        return reached;
    }
}
