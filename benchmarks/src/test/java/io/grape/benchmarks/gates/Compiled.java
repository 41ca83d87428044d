package io.grape.benchmarks.gates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the bad examples that the rules are tried on. */
final class Compiled {
    private Compiled() {}

    /**
     * Compiles sources into a folder.
     *
     * @param folder  takes sources and class files
     * @param sources each beginning with its package and holding one public type
     * @return the class files
     */
    static List<Path> into(Path folder, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> files = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            for (String source : sources) {
                Path file = folder.resolve(typeName(source) + ".java");
                Files.writeString(file, source);
                files.add(file);
            }
            List<String> options = List.of("-d", folder.toString(), "-nowarn", "-XDsuppressNotes");
            boolean compiled = compiler.getTask(
                            null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException("the example does not compile");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Repository.files(folder, ".class");
    }

    private static String typeName(String source) {
        return source.replaceFirst(
                "(?s).*?public (?:final |abstract )?(?:class|interface|@interface|record|enum) (\\w+).*", "$1");
    }
}
