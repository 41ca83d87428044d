package io.grape.simulation.fault;

/**
 * Something that is done to the cluster. Components are whole numbers only, so that each is written and read in one way: its
 * name, then its components. Nodes are numbers from 0, clients follow {@link #FIRST_CLIENT}; sets of nodes are bit masks.
 */
public sealed interface Fault {
    /** Address of the first client. */
    int FIRST_CLIENT = 100;

    /** The process ends; 1 if the machine's power is cut, 0 if it is killed and the system writes back what it has. */
    record Crash(int node, int power) implements Fault {}

    /** A process is started, if none runs. */
    record Restart(int node) implements Fault {}

    /** The process does nothing for a while. */
    record Pause(int node, int ms) implements Fault {}

    /** The machine's clock jumps ahead, as after a suspension. */
    record ClockJump(int node, int ms) implements Fault {}

    /** The machine's clock runs too fast or too slow from now on, in parts of a million. */
    record ClockDrift(int node, int perMillion) implements Fault {}

    /** The nodes in the mask and the others cannot reach each other. */
    record Partition(int mask) implements Fault {}

    /** Nothing gets through from one address to another, in that direction. */
    record Cut(int from, int to) implements Fault {}

    /** All links work again. */
    record Mend() implements Fault {}

    /** All links lose, double and reorder packets, out of a thousand, and take up to so long. */
    record Weather(int lost, int doubled, int reordered, int maxDelayUs) implements Fault {}

    /** What is on its way is lost in both directions; what follows are new streams. */
    record Reset(int one, int other) implements Fault {}

    /** The next force of the node's disk fails. */
    record FailForce(int node) implements Fault {}

    /** Forces of the node's disk take so much longer; 0 for none. */
    record SlowForce(int node, int ms) implements Fault {}

    /** The node's disk has no room left; 0 if it has again. */
    record FullDisk(int node, int full) implements Fault {}

    /** A bit of what the node's disk holds durably is flipped, where something later proves that it is not a torn tail. */
    record FlipBit(int node) implements Fault {}

    /** Whoever leads is asked to hand over to the node. */
    record Transfer(int node) implements Fault {}

    /** Whoever leads is asked to change the members to these. */
    record Members(int voters, int learners) implements Fault {}
}
