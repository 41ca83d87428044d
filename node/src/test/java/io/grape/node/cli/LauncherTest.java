package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.node.demo.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the launcher in a copy of the repository's root whose JDK prints its arguments. */
class LauncherTest {
    private static final int EXIT_CODE_OF_JAVA = 42;

    @TempDir
    private Path directory;

    private Path root;
    private Path jdk;

    @BeforeEach
    void copyTheLauncher() throws IOException {
        root = Files.createDirectories(directory.resolve("a root"));
        copy("grape");
        copy("bin/find-jdk");
        copy("bin/jvm-flags");
        Files.createDirectories(root.resolve("node/src/main"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("node/pom.xml"), "<project/>");
        script("mvnw", """
                echo "$@" >> builds
                mkdir -p simulation/target/lib benchmarks/target/lib
                touch simulation/target/grape-simulation-0.1.0.jar benchmarks/target/grape-benchmarks-0.1.0.jar
                """);
        jdk = directory.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        executable(jdk.resolve("bin/javac"), "");
        executable(
                jdk.resolve("bin/java"),
                "for argument; do echo \"<$argument>\"; done\nexit " + EXIT_CODE_OF_JAVA + "\n");
    }

    @Test
    void theFlagsAreThoseOfTheBuild() throws IOException {
        Matcher inPom = Pattern.compile("<grape.jvm.flags>(.*)</grape.jvm.flags>")
                .matcher(Files.readString(Repository.root().resolve("pom.xml")));
        assertThat(inPom.find()).isTrue();
        List<String> flags = Files.readAllLines(Repository.root().resolve("bin/jvm-flags")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(flags).containsExactly(inPom.group(1).split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grape", "mvnw", "bin/find-jdk", "bin/fetch-data"})
    void everyScriptIsAcceptedByThePosixShell(String script) throws Exception {
        assertThat(execute(List.of("sh", "-n", Repository.root().resolve(script).toString()), directory))
                .isEqualTo(new Outcome(0, ""));
    }

    @Test
    void argumentsFlagsAndExitCodeGoThroughUnchanged() throws Exception {
        Outcome outcome = launch(root.resolve("grape"), "get", "--collection", "two words", "*");

        assertThat(outcome.exitCode()).isEqualTo(EXIT_CODE_OF_JAVA);
        assertThat(outcome.output())
                .contains("<--add-modules=jdk.incubator.vector>\n")
                .contains("<-Xmx512m>\n")
                .contains("<-Dgrape.home=" + root + ">\n")
                .endsWith("<io.grape.node.cli.GrapeCli>\n<get>\n<--collection>\n<two words>\n<*>\n");
    }

    @Test
    void itBuildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        launch(root.resolve("grape"), "--version");
        launch(root.resolve("grape"), "--version");
        assertThat(builds()).hasSize(1).first().asString().contains("-pl simulation -am package");

        Path source = Files.writeString(root.resolve("node/src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(
                source, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 10_000));
        launch(root.resolve("grape"), "--version");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aBuildIsFollowedByTheRecordingOfAStartAndLaterStartsUseIt() throws Exception {
        executable(
                jdk.resolve("bin/java"),
                "for argument; do case $argument in -XX:AOTCacheOutput=*) touch \"${argument#*=}\";; esac; done\n"
                        + "for argument; do echo \"<$argument>\"; done\n");
        Path cache = root.resolve("simulation/target/grape.aot");
        assertThat(launch(root.resolve("grape"), "--version").output())
                .contains("<-XX:AOTCache=" + cache + ">\n")
                .doesNotContain("<train>");
        assertThat(root.resolve("simulation/target/grape-aot.log")).content().contains("<train>");
        Files.delete(cache);
        assertThat(launch(root.resolve("grape"), "--version").output()).doesNotContain("AOT");
    }

    @Test
    void benchmarksHaveABuildAndLibrariesOfTheirOwn() throws Exception {
        String output = launch(root.resolve("grape"), "bench", "micro").output();
        assertThat(builds()).singleElement().asString().contains("-pl benchmarks -am package");
        assertThat(output).contains("grape-benchmarks-0.1.0.jar:");
    }

    @Test
    void aFailedBuildIsShownAndNothingIsRun() throws Exception {
        script("mvnw", "echo what went wrong\nexit 1\n");
        Outcome outcome = launch(root.resolve("grape"), "--version");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.DEFECT);
        assertThat(outcome.output())
                .contains("what went wrong", "the build failed")
                .doesNotContain("<");
    }

    @Test
    void itWorksThroughSymbolicLinksFromElsewhere() throws Exception {
        Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), root.resolve("grape"));
        Path relative = Files.createSymbolicLink(directory.resolve("relative"), Path.of("absolute"));
        assertThat(launch(relative, "--version").output()).contains("<-Dgrape.home=" + root + ">");
        assertThat(launch(absolute, "--version").exitCode()).isEqualTo(EXIT_CODE_OF_JAVA);
    }

    private Outcome launch(Path launcher, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return execute(command, directory);
    }

    private Outcome execute(List<String> command, Path workingDirectory) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().remove("GRAPE_JAVA_OPTS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(root.resolve("builds"));
    }

    private void copy(String name) throws IOException {
        Path target = root.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(Repository.root().resolve(name), target);
    }

    private void script(String name, String body) throws IOException {
        executable(root.resolve(name), body);
    }

    private static void executable(Path path, String body) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + body);
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private record Outcome(int exitCode, String output) {}
}
