package io.grape.benchmarks.gates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may not be called, read from the class files. */
final class CallRules {
    /** Always banned, in main and test code alike; the value says what to do instead. */
    static final Map<String, String> EVERYWHERE = Map.of(
            "java/lang/Thread.sleep", "await a condition, or let the clock come in by constructor",
            "java/lang/Throwable.printStackTrace", "log it, or let it pass");

    /** Banned in main code. */
    static final Map<String, String> MAIN = Map.of(
            "java/lang/System.out", "only the command line speaks to a terminal: use a logger",
            "java/lang/System.err", "only the command line speaks to a terminal: use a logger",
            "java/lang/System.exit", "only the command line ends the process");

    /** Banned in main code of the modules that must run under an injected clock. */
    static final Map<String, String> INJECTED_CLOCK =
            Map.of("java/lang/System.currentTimeMillis", "the wall clock jumps: take an injected nano clock");

    private static final Set<String> UNSAFE = Set.of("sun/misc/Unsafe", "jdk/internal/misc/Unsafe");

    private CallRules() {}

    /** Returns the calls of the files that are banned, one line each. */
    static List<String> violations(List<Path> classFiles, Map<String, String> banned) {
        List<String> violations = new ArrayList<>();
        for (Path file : classFiles) {
            ClassModel model = parse(file);
            for (MethodModel method : model.methods()) {
                method.code().ifPresent(code -> {
                    for (CodeElement element : code) {
                        String target = target(element);
                        String advice = advice(target, banned);
                        if (advice != null) {
                            violations.add(name(model) + "."
                                    + method.methodName().stringValue() + " uses " + target + ": " + advice);
                        }
                    }
                });
            }
        }
        return violations;
    }

    static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(ClassModel model) {
        return model.thisClass().asInternalName().replace('/', '.');
    }

    private static String advice(String target, Map<String, String> banned) {
        if (target == null) {
            return null;
        }
        String owner = target.substring(0, target.lastIndexOf('.'));
        if (UNSAFE.contains(owner)) {
            return "use Agrona's buffers, VarHandle or MemorySegment";
        }
        // Any Throwable's trace: the owner in the class file is the static type of the caught exception.
        if (target.endsWith(".printStackTrace") && banned.containsKey("java/lang/Throwable.printStackTrace")) {
            return banned.get("java/lang/Throwable.printStackTrace");
        }
        return banned.get(target);
    }

    private static String target(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call ->
                call.owner().asInternalName() + "." + call.name().stringValue();
            case FieldInstruction field ->
                field.owner().asInternalName() + "." + field.name().stringValue();
            default -> null;
        };
    }
}
