package io.grape.benchmarks.gates;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a method marked with an annotation called {@code HotPath} may not hold: allocation in any of its guises, and locks.
 *
 * <p>An exception that is thrown from a hot path is made in a method of its own. Only what stands behind {@code assert}
 * is free, because it runs when a bug has already been found.
 */
final class HotPathRules {
    private static final Set<String> BOXES = Set.of(
            "java/lang/Boolean",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Short",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Float",
            "java/lang/Double");

    private HotPathRules() {}

    /** Returns the marked methods of the files. */
    static List<String> marked(List<Path> classFiles) {
        List<String> names = new ArrayList<>();
        for (Path file : classFiles) {
            ClassModel model = CallRules.parse(file);
            model.methods().stream().filter(HotPathRules::isMarked).forEach(method -> names.add(name(model, method)));
        }
        return names;
    }

    /** Returns what is wrong with the marked methods of the files, one line each. */
    static List<String> violations(List<Path> classFiles) {
        List<String> violations = new ArrayList<>();
        for (Path file : classFiles) {
            ClassModel model = CallRules.parse(file);
            for (MethodModel method : model.methods()) {
                if (isMarked(method)) {
                    check(model, method, violations);
                }
            }
        }
        return violations;
    }

    private static void check(ClassModel model, MethodModel method, List<String> violations) {
        String name = name(model, method);
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            violations.add(name + " is synchronized");
        }
        method.code().ifPresent(code -> {
            Label assertionEnd = null;
            boolean assertionBegins = false;
            for (CodeElement element : code) {
                if (element instanceof FieldInstruction field && field.name().equalsString("$assertionsDisabled")) {
                    assertionBegins = true;
                } else if (assertionBegins && element instanceof BranchInstruction branch) {
                    assertionEnd = branch.target();
                    assertionBegins = false;
                } else if (element instanceof LabelTarget target
                        && target.label().equals(assertionEnd)) {
                    assertionEnd = null;
                }
                String what = assertionEnd == null ? offence(element) : null;
                if (what != null) {
                    violations.add(name + " " + what);
                }
            }
        });
    }

    /** Returns what an instruction does that a hot path may not, or null. */
    private static String offence(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction made -> objectOffence(made.className().asInternalName());
            case NewPrimitiveArrayInstruction made -> "makes an array of " + made.typeKind();
            case NewReferenceArrayInstruction made ->
                "makes an array of " + made.componentType().asInternalName();
            case NewMultiArrayInstruction made -> "makes an array of arrays";
            case MonitorInstruction lock when lock.opcode() == Opcode.MONITORENTER -> "takes a lock";
            case InvokeDynamicInstruction dynamic -> dynamicOffence(dynamic);
            case InvokeInstruction call -> callOffence(call);
            default -> null;
        };
    }

    private static String objectOffence(String type) {
        // The compiler puts this into an exhaustive switch, for an enum that has grown since: a bug has been found.
        boolean ofTheCompiler = type.equals("java/lang/MatchException");
        return ofTheCompiler ? null : "makes a new " + type.replace('/', '.');
    }

    private static String dynamicOffence(InvokeDynamicInstruction dynamic) {
        String factory = dynamic.bootstrapMethod().owner().displayName();
        int captured = dynamic.typeSymbol().parameterCount();
        return switch (factory) {
            case "StringConcatFactory" -> "concatenates strings";
            case "LambdaMetafactory" -> captured == 0 ? null : "makes a lambda that captures " + captured + " values";
            default -> "links " + factory + " at run time";
        };
    }

    private static String callOffence(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        String type = call.type().stringValue();
        if (name.equals("valueOf") && BOXES.contains(owner) && type.indexOf(')') == 2) {
            return "boxes into " + owner.replace('/', '.');
        }
        if (name.equals("values") && type.startsWith("()[L")) {
            return "copies the values of " + owner.replace('/', '.');
        }
        if (owner.startsWith("java/util/stream/") || owner.startsWith("java/util/Optional")) {
            return "uses " + owner.replace('/', '.');
        }
        return null;
    }

    private static boolean isMarked(MethodModel method) {
        Stream<Annotation> invisible = method.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream());
        Stream<Annotation> visible = method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream());
        return Stream.concat(invisible, visible)
                .anyMatch(annotation -> annotation.classSymbol().displayName().equals("HotPath"));
    }

    private static String name(ClassModel model, MethodModel method) {
        return CallRules.name(model) + "." + method.methodName().stringValue();
    }
}
