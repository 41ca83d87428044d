package io.grape.node.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how far a task is: a bar that redraws itself on a terminal, else a line at every quarter.
 *
 * <p>One thread calls {@link #update}; the total does not change.
 */
final class Progress {
    private static final int BAR_LENGTH = 40;
    private static final int PLAIN_STEPS = 4;

    private final PrintWriter out;
    private final String what;
    private final long total;
    private final boolean terminal;
    private int shown = -1;

    Progress(PrintWriter out, String what, long total, boolean terminal) {
        this.out = out;
        this.what = what;
        this.total = total;
        this.terminal = terminal;
    }

    /** Shows {@code done} of the total, if that would look different from what is shown. */
    void update(long done) {
        int steps = terminal ? BAR_LENGTH : PLAIN_STEPS;
        int step = (int) (done * steps / total);
        if (step <= shown) {
            return;
        }
        shown = step;
        if (!terminal) {
            if (step > 0) {
                out.printf(Locale.ROOT, "   %s: %,d of %,d%n", what, done, total);
            }
        } else {
            out.printf(
                    Locale.ROOT,
                    "\r   %s [%s%s] %,d of %,d%s",
                    what,
                    "#".repeat(step),
                    ".".repeat(BAR_LENGTH - step),
                    done,
                    total,
                    step == BAR_LENGTH ? "\n" : "");
        }
        out.flush();
    }
}
