package io.grape.benchmarks.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HotPathTest {
    private static final String ANNOTATION = """
            package bad;
            import java.lang.annotation.*;
            @Retention(RetentionPolicy.CLASS)
            public @interface HotPath {}
            """;
    private static final Repository REPOSITORY = Repository.find();

    @TempDir
    Path folder;

    @Test
    void noHotPathAllocatesOrLocks() {
        List<Path> classFiles = new ArrayList<>();
        for (String module : REPOSITORY.modules()) {
            classFiles.addAll(REPOSITORY.classFiles(module, "main"));
        }
        assertThat(HotPathRules.marked(classFiles))
                .as("methods marked @HotPath")
                .hasSizeGreaterThan(10);
        assertThat(HotPathRules.violations(classFiles)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Object m(int i) { return new Object(); }                                    | makes a new java.lang.Object
            Object m(int i) { return new int[i]; }                                      | makes an array of INT
            Object m(int i) { return new String[i]; }                                   | makes an array of java/lang/String
            Object m(int i) { return new int[i][i]; }                                   | makes an array of arrays
            Object m(int i) { return i; }                                               | boxes into java.lang.Integer
            Object m(long i) { return i; }                                              | boxes into java.lang.Long
            Object m(int i) { return "i = " + i; }                                      | concatenates strings
            Runnable m(int i) { return () -> System.getProperty("" + i); }              | makes a lambda that captures 1 values
            int m(int i) { synchronized (this) { return i; } }                          | takes a lock
            synchronized int m(int i) { return i; }                                     | is synchronized
            int m(int i) { return String.format("a").length(); }                        | makes an array of java/lang/Object
            int m(int i) { return Thread.State.values().length; }                       | copies the values of java.lang.Thread$State
            long m(java.util.List<String> l) { return l.stream().count(); }             | uses java.util.stream.Stream
            int m(int i) { if (i < 0) throw new IllegalArgumentException(); return i; } | makes a new java.lang.IllegalArgumentException
            """)
    void whatAHotPathMayNotDoIsFound(String method, String offence) {
        assertThat(HotPathRules.violations(compile("@HotPath " + method))).contains("bad.Example.m " + offence);
    }

    @Test
    void whatAHotPathMayDoPasses() {
        List<Path> classFiles = compile("""
                @HotPath
                int m(int i) {
                    assert i > 0 : "i = " + i + new Object();
                    Runnable shared = () -> {};
                    shared.run();
                    i += switch (Thread.currentThread().getState()) {
                        case NEW, RUNNABLE, BLOCKED -> 1;
                        case WAITING, TIMED_WAITING, TERMINATED -> 2;
                    };
                    return i < 0 ? refused(i) : Integer.parseInt("7") + i;
                }

                int refused(int i) {
                    throw new IllegalArgumentException("i = " + i);
                }
                """);
        assertThat(HotPathRules.marked(classFiles)).containsExactly("bad.Example.m");
        assertThat(HotPathRules.violations(classFiles)).isEmpty();
    }

    @Test
    void theRuleGoesOnBehindAnAssertion() {
        List<Path> classFiles = compile("@HotPath Object m(int i) { assert i > 0; return new Object(); }");
        assertThat(HotPathRules.violations(classFiles)).containsExactly("bad.Example.m makes a new java.lang.Object");
    }

    private List<Path> compile(String method) {
        return Compiled.into(folder, ANNOTATION, "package bad; public class Example { " + method + " }");
    }
}
