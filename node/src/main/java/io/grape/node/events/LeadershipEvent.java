package io.grape.node.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A group has another leader as seen here, none, or another term: an election began or ended. */
@Name("io.grape.Leadership")
@Label("Leadership")
@Category("Grape")
@Description("A group has another leader as seen here, none, or another term")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class LeadershipEvent extends Event {
    @Label("Group")
    private final int group;

    @Label("Term")
    private final long term;

    @Label("Leader")
    @Description("Node id, or -1 while there is none")
    private final int leader;

    @Label("Here")
    private final boolean here;

    private LeadershipEvent(int group, long term, int leader, boolean here) {
        this.group = group;
        this.term = term;
        this.leader = leader;
        this.here = here;
    }

    /** Records a change. Thread: the pipeline's. */
    public static void record(int group, long term, int leader, boolean here) {
        new LeadershipEvent(group, term, leader, here).commit();
    }
}
