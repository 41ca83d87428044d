package io.grape.raft.core;

/** Chances per message or step; a share of 1000. */
record SimFaults(
        int loss, int duplicate, int maxDelayMs, int crash, int partition, int maxForceMs, int admin, int wipe) {
    SimFaults(int loss, int duplicate, int maxDelayMs, int crash, int partition, int maxForceMs, int admin) {
        this(loss, duplicate, maxDelayMs, crash, partition, maxForceMs, admin, 0);
    }

    static final SimFaults NONE = new SimFaults(0, 0, 1, 0, 0, 1, 0);
    static final SimFaults WILD = new SimFaults(80, 50, 15, 3, 6, 8, 0);
    /** Less loss, so that snapshots, changes of members and transfers come to their end, and many of them. */
    static final SimFaults BUSY = new SimFaults(20, 20, 8, 2, 3, 5, 40);
    /** Disks are lost one at a time, and an operator replaces their nodes. */
    static final SimFaults WIPES = new SimFaults(30, 20, 8, 4, 4, 5, 0, 30);
    /** Crashes all the time over slow disks. */
    static final SimFaults HARSH = new SimFaults(40, 20, 6, 40, 20, 30, 0);
}
