package io.grape.node.ingest;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far an ingestion is, how fast, and when it will be over: a line that redraws itself on a terminal, else a line every
 * ten seconds. One thread.
 */
public final class IngestProgress {
    private static final int BAR_LENGTH = 30;
    private static final long TERMINAL_STEP_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PLAIN_STEP_NS = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter out;
    private final boolean isTerminal;
    private final long startNs;
    private long shownNs;
    private double startFraction = -1;
    private boolean isLineOpen;

    /**
     * @param out        where to
     * @param isTerminal whether a line can be drawn over
     * @param startNs    monotonic clock when the ingestion began
     */
    public IngestProgress(PrintWriter out, boolean isTerminal, long startNs) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.startNs = startNs;
        this.shownNs = startNs;
    }

    /**
     * Shows the state if it is time to.
     *
     * @param nowNs    monotonic
     * @param fraction of the file that is read, 0 to 1
     * @param points   committed in this run
     * @param rejected rows
     */
    public void update(long nowNs, double fraction, long points, long rejected) {
        if (startFraction < 0) {
            startFraction = fraction;
        }
        if (nowNs - shownNs < (isTerminal ? TERMINAL_STEP_NS : PLAIN_STEP_NS)) {
            return;
        }
        shownNs = nowNs;
        String line = line(nowNs, fraction, points, rejected);
        if (isTerminal) {
            out.print("\r" + line + "\u001b[K");
            isLineOpen = true;
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Returns the line that is shown. */
    String line(long nowNs, double fraction, long points, long rejected) {
        double seconds = (nowNs - startNs) / 1e9;
        double done = fraction - startFraction;
        String left = done <= 0 ? "?" : text(Duration.ofSeconds(Math.round(seconds * (1 - fraction) / done)));
        int filled = (int) Math.round(fraction * BAR_LENGTH);
        return String.format(
                Locale.ROOT,
                "[%s%s] %5.1f %%  %,d points  %,.0f/s  %s left%s",
                "#".repeat(filled),
                ".".repeat(BAR_LENGTH - filled),
                fraction * 100,
                points,
                points / seconds,
                left,
                rejected == 0 ? "" : String.format(Locale.ROOT, "  %,d rejected", rejected));
    }

    private static String text(Duration duration) {
        return duration.toHours() > 0
                ? String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        duration.toHours(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
    }

    /** Ends the line. */
    public void finish() {
        if (isLineOpen) {
            out.println();
            out.flush();
        }
    }
}
