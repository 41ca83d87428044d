package io.grape.node.events;

import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A search, or another request, took long from its arrival to its answer. */
@Name("io.grape.SlowRequest")
@Label("Slow request")
@Category("Grape")
@Description("A request took 100 ms or more from its arrival to its answer")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class SlowRequestEvent extends Event {
    /** Requests that take at least so long are recorded. */
    public static final long THRESHOLD_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @Label("Kind")
    @Description("search, get, upsert, delete or collection")
    private final String kind;

    @Label("Refused")
    private final boolean refused;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    private SlowRequestEvent(String kind, boolean refused, long took) {
        this.kind = kind;
        this.refused = refused;
        this.took = took;
    }

    /** Records a request. Thread: whichever answered it. */
    public static void record(String kind, boolean refused, long durationNs) {
        new SlowRequestEvent(kind, refused, durationNs).commit();
    }
}
