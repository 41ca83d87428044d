package io.grape.benchmarks.vectors;

import io.grape.benchmarks.vectors.contender.ContenderMain;
import io.grape.benchmarks.vectors.data.Processes;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds or makes the drivers of the contenders that this machine can run, and says why others are absent. */
final class Drivers {
    /** The contenders that may be asked for beside ours. */
    static final List<String> PEERS = List.of("lucene", "jvector", "hnswlib", "usearch");

    private static final Path SOURCES = Path.of("benchmarks", "src", "main", "native");
    private static final Path HNSWLIB_HEADER = Path.of("/usr/include/hnswlib/hnswlib.h");
    private static final int HEAP_GIB = 4;

    private final Path home;
    private final Path work;
    private final PrintWriter out;

    Drivers(Path home, Path work, PrintWriter out) {
        this.home = home;
        this.work = work;
        this.out = out;
    }

    /** Ours, built by one thread and by two, and those of the peers that are there. */
    List<Contender> find(List<String> peers) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender("grape", Contender.OURS, 1, java(Contender.OURS)));
        contenders.add(new Contender("grape, built by 2", Contender.OURS, 2, java(Contender.OURS)));
        for (String peer : peers) {
            if (peer.isBlank()) {
                continue;
            }
            List<String> driver = switch (peer) {
                case "lucene", "jvector" -> java(peer);
                case "hnswlib" -> hnswlib();
                case "usearch" -> usearch();
                default -> throw new IllegalArgumentException(peer + " is none of " + PEERS);
            };
            if (!driver.isEmpty()) {
                contenders.add(new Contender(peer, peer, 1, driver));
            }
        }
        return contenders;
    }

    /** This JVM's flags, but a heap and a collector of their own, the same for ours and the peers on the JVM. */
    private static List<String> java(String name) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xm") && !flag.endsWith("GC")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xms1g", "-Xmx" + HEAP_GIB + "g", "-XX:+UseParallelGC", "-XX:ParallelGCThreads=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ContenderMain.class.getName(), name));
        return command;
    }

    private List<String> hnswlib() throws IOException {
        Path source = home.resolve(SOURCES).resolve("hnswlib_contender.cpp");
        Path binary = work.resolve("hnswlib_contender");
        if (!Files.exists(HNSWLIB_HEADER)) {
            return absent("hnswlib", HNSWLIB_HEADER + " is missing (Debian: libhnswlib-dev)");
        }
        if (!isOnPath("g++")) {
            return absent("hnswlib", "there is no g++");
        }
        Processes.run(List.of(
                "g++",
                "-O3",
                "-march=native",
                "-std=c++17",
                "-w",
                "-o",
                binary.toString(),
                source.toString(),
                "-pthread"));
        return List.of(binary.toString());
    }

    private List<String> usearch() {
        Path module = home.resolve("benchmarks").resolve("node_modules").resolve("usearch");
        Path installed = Files.isDirectory(module)
                ? module
                : work.resolve("node_modules").resolve("usearch");
        if (!Files.isDirectory(installed.resolve("prebuilds"))) {
            return absent("usearch", "run npm install usearch@2.25.3 in " + work);
        }
        if (!isOnPath("node")) {
            return absent("usearch", "there is no node");
        }
        Path script = home.resolve(SOURCES).resolve("usearch_contender.js");
        return List.of("node", script.toString(), installed.toAbsolutePath().toString());
    }

    private List<String> absent(String name, String why) {
        out.println(name + " is absent: " + why);
        return List.of();
    }

    static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String directory : path.split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
