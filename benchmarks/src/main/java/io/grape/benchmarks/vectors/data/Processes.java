package io.grape.benchmarks.vectors.data;

import java.io.IOException;
import java.util.List;

/** Runs a program to its end. */
public final class Processes {
    private Processes() {}

    /**
     * Runs it with this process's output.
     *
     * @throws IOException if it fails
     */
    public static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(command.getFirst() + " ended with " + code);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        }
    }
}
