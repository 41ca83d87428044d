package io.grape.vectors.id;

import io.grape.vectors.segment.DiskBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.values.Values;
import net.openhft.compiler.CompilerUtils;

/**
 * A step of the build: writes the classes that Chronicle Map would otherwise compile when a process opens its first map.
 *
 * <p>Compiling costs a starting node seconds of processor time. Chronicle Map asks the class loader for such a class
 * before it compiles one, so it is enough that they lie in the jar. Without them everything works, later. A file beside
 * the classes names the libraries that they were made with, and nothing is done while those are the same.
 */
public final class IdMapClasses {
    private static final String STAMP = "META-INF/grape-id-map-classes";
    private static final long ENTRIES = 1024;
    private static final long BUDGET_BYTES = 64L << 20;

    private IdMapClasses() {}

    /**
     * Runs the step.
     *
     * @param arguments the directory of compiled classes
     */
    public static void main(String... arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        Path stamp = classes.resolve(STAMP);
        String libraries = libraries();
        if (Files.exists(stamp) && Files.readString(stamp).equals(libraries)) {
            return;
        }
        Map<String, byte[]> compiled = compile();
        for (Map.Entry<String, byte[]> one : compiled.entrySet()) {
            Path file = classes.resolve(one.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, one.getValue());
        }
        Files.createDirectories(stamp.getParent());
        Files.writeString(stamp, libraries);
    }

    private static String libraries() {
        return Stream.of(ChronicleMap.class, Values.class, CompilerUtils.class)
                .map(type -> type.getProtectionDomain().getCodeSource())
                .map(IdMapClasses::nameOf)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String nameOf(CodeSource source) {
        return String.valueOf(Path.of(source.getLocation().getPath()).getFileName());
    }

    private static Map<String, byte[]> compile() throws IOException {
        Path directory = Files.createTempDirectory("grape-id-map-classes");
        Path map = directory.resolve("ids-0");
        try {
            DiskBudget budget = new DiskBudget(BUDGET_BYTES, path -> Long.MAX_VALUE);
            IdMapFile.create(map, ENTRIES, budget).close();
        } finally {
            for (Path file : List.of(map, directory)) {
                Files.deleteIfExists(file);
            }
        }
        Map<String, byte[]> compiled = new HashMap<>();
        CompilerUtils.CACHED_COMPILER.updateFileManagerForClassLoader(
                ChronicleMap.class.getClassLoader(), files -> compiled.putAll(files.getAllBuffers()));
        return compiled;
    }
}
