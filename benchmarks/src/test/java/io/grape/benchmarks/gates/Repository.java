package io.grape.benchmarks.gates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The working copy that this build belongs to: its modules, their sources and their class files. */
final class Repository {
    private static final Pattern MODULE = Pattern.compile("<module>\\s*([^<\\s]+)\\s*</module>");

    private final Path root;
    private final List<String> modules;

    private Repository(Path root, List<String> modules) {
        this.root = root;
        this.modules = modules;
    }

    /** Finds the root from the folder that the tests run in: the nearest one above whose pom names modules. */
    static Repository find() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path pom = folder.resolve("pom.xml");
            List<String> modules = Files.exists(pom) ? modules(pom) : List.of();
            if (!modules.isEmpty()) {
                return new Repository(folder, modules);
            }
        }
        throw new IllegalStateException(
                "no pom.xml with modules above " + Path.of("").toAbsolutePath());
    }

    Path root() {
        return root;
    }

    List<String> modules() {
        return modules;
    }

    /** Returns the hand-written Java files of a module, {@code kind} being main or test. */
    List<Path> sources(String module, String kind) {
        return files(root.resolve(module).resolve("src").resolve(kind).resolve("java"), ".java");
    }

    /** Returns the folder that a module's main or test classes were compiled to. */
    Path classes(String module, String kind) {
        return root.resolve(module).resolve("target").resolve(kind.equals("main") ? "classes" : "test-classes");
    }

    /** Returns the class files of a module, {@code kind} being main or test. */
    List<Path> classFiles(String module, String kind) {
        return files(classes(module, kind), ".class");
    }

    /** Returns a path as a reader would type it from the root. */
    String name(Path path) {
        return root.relativize(path).toString();
    }

    static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> modules(Path pom) {
        try {
            return MODULE.matcher(Files.readString(pom))
                    .results()
                    .map(result -> result.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
