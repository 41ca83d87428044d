package io.grape.node.events;

import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A force of the journal took long, and every write waited for it. */
@Name("io.grape.SlowForce")
@Label("Slow force")
@Category("Grape")
@Description("A force of the journal took 20 ms or more")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class SlowForceEvent extends Event {
    /** Forces that take at least so long are recorded. */
    public static final long THRESHOLD_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    private SlowForceEvent(long took) {
        this.took = took;
    }

    /** Records a force if it was slow. Thread: the force agent's. */
    public static void record(long durationNs) {
        if (durationNs >= THRESHOLD_NS) {
            new SlowForceEvent(durationNs).commit();
        }
    }
}
