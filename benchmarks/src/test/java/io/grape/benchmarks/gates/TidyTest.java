package io.grape.benchmarks.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TidyTest {
    private static final Repository REPOSITORY = Repository.find();

    /** Where a terminal is spoken to and the process is ended: the command line, the demo and the benchmarks. */
    private static final List<String> TERMINAL =
            List.of("io/grape/node/cli/", "io/grape/node/demo/", "io/grape/benchmarks/");

    /** Modules whose time comes in by constructor. */
    private static final Set<String> INJECTED_CLOCK = Set.of("codecs", "transport", "raft", "shards", "vectors");

    @TempDir
    Path folder;

    @Test
    void everyModuleIsLookedAt() {
        assertThat(REPOSITORY.modules()).contains("codecs", "transport", "raft", "shards", "vectors", "client", "node");
        for (String module : REPOSITORY.modules()) {
            if (!REPOSITORY.sources(module, "main").isEmpty()) {
                assertThat(REPOSITORY.classFiles(module, "main"))
                        .as("class files of %s; run this through ./mvnw verify, which compiles every module", module)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void filesMethodsAndConstructorsStaySmall() {
        List<Path> sources = new ArrayList<>();
        for (String module : REPOSITORY.modules()) {
            sources.addAll(REPOSITORY.sources(module, "main"));
            sources.addAll(REPOSITORY.sources(module, "test"));
        }
        assertThat(sources).hasSizeGreaterThan(10);
        assertThat(SourceRules.violations(sources)).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<String> silent = new TreeSet<>();
        for (String module : REPOSITORY.modules()) {
            for (Path source : REPOSITORY.sources(module, "main")) {
                if (!Files.exists(source.resolveSibling("package-info.java"))) {
                    silent.add(REPOSITORY.name(source.getParent()));
                }
            }
        }
        assertThat(silent).as("packages without package-info.java").isEmpty();
    }

    @Test
    void nothingThatIsBannedIsCalled() {
        List<String> violations = new ArrayList<>();
        for (String module : REPOSITORY.modules()) {
            violations.addAll(CallRules.violations(REPOSITORY.classFiles(module, "test"), CallRules.EVERYWHERE));
            for (Path classFile : REPOSITORY.classFiles(module, "main")) {
                Map<String, String> banned = new HashMap<>(CallRules.EVERYWHERE);
                String name = REPOSITORY
                        .classes(module, "main")
                        .relativize(classFile)
                        .toString()
                        .replace('\\', '/');
                if (TERMINAL.stream().noneMatch(name::startsWith)) {
                    banned.putAll(CallRules.MAIN);
                }
                if (INJECTED_CLOCK.contains(module)) {
                    banned.putAll(CallRules.INJECTED_CLOCK);
                }
                violations.addAll(CallRules.violations(List.of(classFile), banned));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void aLongFileIsFound() throws IOException {
        assertThat(sourceViolations("class Long {\n" + "\n".repeat(449) + "}"))
                .containsExactly("451 lines, at most 450");
        assertThat(sourceViolations("class Long {\n" + "\n".repeat(448) + "}")).isEmpty();
    }

    @Test
    void aLongMethodIsFound() throws IOException {
        assertThat(sourceViolations("class A {\n void m() {\n" + "\n".repeat(69) + "}\n}"))
                .containsExactly("2: method m has 71 lines, at most 70");
        assertThat(sourceViolations("class A {\n void m() {\n" + "\n".repeat(68) + "}\n}"))
                .isEmpty();
    }

    @Test
    void aConstructorOfManyParametersIsFound() throws IOException {
        String seven = "int a, int b, int c, int d, int e, int f, int g";
        assertThat(sourceViolations("class A { A(" + seven + ", int h) {} }"))
                .containsExactly("1: a constructor takes 8 parameters, at most 7");
        assertThat(sourceViolations("class A { A(" + seven + ") {} void m(" + seven + ", int h) {} }"))
                .isEmpty();
        assertThat(sourceViolations("record A(" + seven + ", int h) { A { } }")).isEmpty();
    }

    @Test
    void everyBannedCallIsFound() {
        List<Path> classFiles = Compiled.into(folder, """
                package bad;
                public class Example {
                    void m() {
                        try {
                            System.out.println(System.currentTimeMillis());
                            System.err.println();
                            Thread.sleep(1);
                            System.exit(1);
                        } catch (InterruptedException e) {
                            e.printStackTrace();
                        }
                    }
                    sun.misc.Unsafe unsafe;
                    int n() { return unsafe.pageSize(); }
                }
                """);
        Map<String, String> banned = new HashMap<>(CallRules.EVERYWHERE);
        banned.putAll(CallRules.MAIN);
        banned.putAll(CallRules.INJECTED_CLOCK);
        assertThat(CallRules.violations(classFiles, banned))
                .extracting(v -> v.replaceAll(": .*", ""))
                .containsExactly(
                        "bad.Example.m uses java/lang/System.out",
                        "bad.Example.m uses java/lang/System.currentTimeMillis",
                        "bad.Example.m uses java/lang/System.err",
                        "bad.Example.m uses java/lang/Thread.sleep",
                        "bad.Example.m uses java/lang/System.exit",
                        "bad.Example.m uses java/lang/InterruptedException.printStackTrace",
                        "bad.Example.n uses sun/misc/Unsafe.pageSize");
    }

    private List<String> sourceViolations(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Example.java"), source);
        return SourceRules.violations(List.of(file)).stream()
                .map(violation ->
                        violation.substring(file.toString().length() + 1).strip())
                .toList();
    }
}
