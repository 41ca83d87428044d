package io.grape.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.Consumer;

/** Asks for words until an empty line or the end of the input. One thread. */
final class Prompt {
    private final BufferedReader in;
    private final DemoOutput out;

    Prompt(BufferedReader in, DemoOutput out) {
        this.in = in;
        this.out = out;
    }

    /** Hands each word to {@code search}. */
    void run(WordVectors words, Consumer<Integer> search) throws IOException {
        out.line("Type a word; an empty line goes on with the demo.");
        while (true) {
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                return;
            }
            words.id(line)
                    .ifPresentOrElse(
                            search::accept,
                            () -> out.line("'%s' is not among the %,d words", line.strip(), words.count()));
        }
    }
}
