package io.grape.node.cli;

import java.nio.file.Path;

/** Where Grape is installed: the launcher passes it as the system property {@code grape.home}. */
final class Home {
    private Home() {}

    /** Returns the directory, absolute; without the launcher it is the working directory. */
    static Path directory() {
        return Path.of(System.getProperty("grape.home", ".")).toAbsolutePath().normalize();
    }
}
