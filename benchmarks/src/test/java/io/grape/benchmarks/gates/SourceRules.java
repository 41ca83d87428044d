package io.grape.benchmarks.gates;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** How large a file, a method and a constructor may be, read from the source by the compiler's own parser. */
final class SourceRules {
    static final int MAX_FILE_LINES = 450;
    static final int MAX_METHOD_LINES = 70;
    static final int MAX_CONSTRUCTOR_PARAMETERS = 7;

    private SourceRules() {}

    /** Returns what is wrong with the files, one line each. */
    static List<String> violations(List<Path> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        List<String> violations = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                check(unit, positions, violations);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return violations;
    }

    private static void check(CompilationUnitTree unit, SourcePositions positions, List<String> violations)
            throws IOException {
        Path file = Path.of(unit.getSourceFile().toUri());
        long lines =
                unit.getSourceFile().getCharContent(true).toString().lines().count();
        if (lines > MAX_FILE_LINES) {
            violations.add(file + ": " + lines + " lines, at most " + MAX_FILE_LINES);
        }
        new MethodScanner(file, unit, positions, violations).scan(unit, null);
    }

    private static final class MethodScanner extends TreeScanner<Void, Void> {
        private final Path file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> violations;
        private int components = -1;

        MethodScanner(Path file, CompilationUnitTree unit, SourcePositions positions, List<String> violations) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
            this.violations = violations;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            LineMap map = unit.getLineMap();
            long first = map.getLineNumber(positions.getStartPosition(unit, method));
            long last = map.getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > MAX_METHOD_LINES) {
                violations.add(file + ":" + first + ": method " + method.getName() + " has " + (last - first + 1)
                        + " lines, at most " + MAX_METHOD_LINES);
            }
            int parameters = method.getParameters().size();
            // A record's components are its data, not what a caller has to wire up.
            boolean canonical = parameters == components;
            if (method.getReturnType() == null && !canonical && parameters > MAX_CONSTRUCTOR_PARAMETERS) {
                violations.add(file + ":" + first + ": a constructor takes " + parameters + " parameters, at most "
                        + MAX_CONSTRUCTOR_PARAMETERS);
            }
            return super.visitMethod(method, unused);
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            int outer = components;
            components = type.getKind() == Tree.Kind.RECORD ? components(type) : -1;
            super.visitClass(type, unused);
            components = outer;
            return unused;
        }

        private static int components(ClassTree type) {
            return (int) type.getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .count();
        }
    }
}
