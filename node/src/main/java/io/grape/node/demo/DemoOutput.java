package io.grape.node.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** How the demo prints: numbered steps with indented lines. One thread. */
final class DemoOutput {
    private final PrintWriter writer;
    private final boolean terminal;

    DemoOutput(PrintWriter writer, boolean terminal) {
        this.writer = writer;
        this.terminal = terminal;
    }

    void step(int number, String title) {
        writer.printf(Locale.ROOT, "%n%d. %s%n", number, title);
        writer.flush();
    }

    void line(String format, Object... arguments) {
        writer.printf(Locale.ROOT, "   " + format + "%n", arguments);
        writer.flush();
    }

    Progress progress(String what, long total) {
        return new Progress(writer, what, total, terminal);
    }
}
