package io.grape.benchmarks.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A build with one known defect: the body of a method that keeps a promise is replaced before its class is loaded, in the process of a
 * chaos node only. There is no switch for it in what is shipped.
 */
enum BrokenBuild {
    /** Followers and leader count what is not on disk. Seen by cutting the power. */
    NO_FORCE_BEFORE_ACK(
            new Change(
                    "io.grape.raft.core.Role",
                    "io.grape.raft.core.RaftRules",
                    "ownMatch",
                    code -> code.lload(3).lreturn()),
            new Change(
                    "io.grape.raft.core.Role",
                    "io.grape.raft.core.RaftRules",
                    "appendReplies",
                    code -> code.aload(1)
                            .invokevirtual(
                                    ClassDesc.of("io.grape.raft.core.RaftOutput"),
                                    "sendNow",
                                    MethodTypeDesc.of(ClassDesc.of("io.grape.raft.core.MessageList")))
                            .areturn())),
    /** Entries of older terms are committed by counting. */
    OLDER_TERM_COMMITTED(new Change(
            "io.grape.raft.core.Role",
            "io.grape.raft.core.RaftRules",
            "mayCommitByCounting",
            code -> code.iconst_1().ireturn())),
    /** A leader answers linearizable reads without asking whether it still leads. */
    LEASE_WITHOUT_CHECK(new Change(
            "io.grape.raft.core.read.package-info",
            "io.grape.raft.core.read.ReadQueue",
            "ready",
            code -> code.aload(0)
                    .getfield(ClassDesc.of("io.grape.raft.core.read.ReadQueue"), "count", ConstantDescs.CD_int)
                    .ifThenElse(
                            yes -> yes.iconst_1().ireturn(), no -> no.iconst_0().ireturn()))),
    /** A repeated write is applied again. */
    DEDUPE_OFF(new Change(
            "io.grape.node.state.Replies",
            "io.grape.node.state.ClientWindow",
            "holds",
            code -> code.iconst_0().ireturn()));

    @SuppressWarnings("ImmutableEnumChecker") // List.of, of records
    private final List<Change> changes;

    /**
     * A method with another body.
     *
     * @param neighbour a class of the same package that does not load the changed one
     * @param className class to change
     * @param method    its only method of this name
     * @param body      what it does instead
     */
    private record Change(String neighbour, String className, String method, Consumer<CodeBuilder> body) {
        boolean isOf(MethodModel model) {
            return model.methodName().equalsString(method);
        }
    }

    BrokenBuild(Change... changes) {
        this.changes = List.of(changes);
    }

    /** Returns the name on the command line. */
    String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static BrokenBuild of(String name) {
        for (BrokenBuild build : values()) {
            if (build.commandName().equals(name)) {
                return build;
            }
        }
        throw new IllegalArgumentException("no defect '" + name + "'; there are "
                + List.of(values()).stream().map(BrokenBuild::commandName).toList());
    }

    /**
     * Breaks this process. Before any of the changed classes is loaded.
     *
     * @throws IOException if a class or a method of the name is not there, so that nothing would be broken
     */
    void apply() throws IOException {
        for (String className :
                changes.stream().map(Change::className).distinct().toList()) {
            List<Change> here = changes.stream()
                    .filter(change -> change.className().equals(className))
                    .toList();
            try {
                MethodHandles.privateLookupIn(Class.forName(here.getFirst().neighbour()), MethodHandles.lookup())
                        .defineClass(changed(className, here));
            } catch (ReflectiveOperationException | LinkageError failed) {
                throw new IOException(className + " cannot be changed: " + failed, failed);
            }
        }
    }

    /** Returns the bytes of a class with other methods. */
    private static byte[] changed(String className, List<Change> changes) throws IOException {
        String resource = className.replace('.', '/') + ".class";
        try (InputStream in = BrokenBuild.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no class " + className);
            }
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            ClassTransform transform = ClassTransform.ACCEPT_ALL;
            for (Change change : changes) {
                if (model.methods().stream().filter(change::isOf).count() != 1) {
                    throw new IOException(className + " has no single method " + change.method());
                }
                transform = transform.andThen((builder, element) -> {
                    if (element instanceof MethodModel method && change.isOf(method)) {
                        builder.withMethodBody(
                                method.methodName().stringValue(),
                                method.methodTypeSymbol(),
                                method.flags().flagsMask(),
                                change.body());
                    } else {
                        builder.with(element);
                    }
                });
            }
            return ClassFile.of().transformClass(model, transform);
        }
    }

    /** Checks that every change finds its method, without changing this process. */
    int checkedChanges() throws IOException {
        int count = 0;
        for (Change change : changes) {
            count += changed(change.className(), List.of(change)).length > 0 ? 1 : 0;
        }
        return count;
    }
}
