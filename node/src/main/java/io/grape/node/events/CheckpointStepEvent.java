package io.grape.node.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A checkpoint was taken, or a snapshot installed, as far as one step of it. */
@Name("io.grape.CheckpointStep")
@Label("Checkpoint step")
@Category("Grape")
@Description("A step of a checkpoint that is taken, or of a snapshot that is installed")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class CheckpointStepEvent extends Event {
    @Label("Group")
    private final int group;

    @Label("Step")
    private final String step;

    private CheckpointStepEvent(int group, String step) {
        this.group = group;
        this.step = step;
    }

    /** Records a step. Thread: the one that took it. */
    public static void record(int group, String step) {
        new CheckpointStepEvent(group, step).commit();
    }
}
