package io.grape.raft.core.liveness;

import io.grape.codecs.HotPath;
import io.grape.raft.core.lives.Incarnation;
import java.util.Arrays;

/**
 * What a node knows of the life of its peers, from frames alone: when each was last heard, in which incarnation, and what
 * is owed to it. One for all groups, so that its cost does not grow with them.
 *
 * <p>Pure: times come in. Thread: the pipeline. Allocates only when a peer is seen for the first time.
 */
public final class NodeLiveness {
    private final long timeoutNs;
    private final long intervalNs;
    private int[] nodeIds = new int[8];
    private long[] heardNs = new long[8];
    private long[] sentNs = new long[8];
    private long[] incarnations = new long[8];
    private long[] disks = new long[8];
    private boolean[] alive = new boolean[8];
    private boolean[] answerOwed = new boolean[8];
    private int count;

    /**
     * @param timeoutNs  a peer that is not heard for longer than this is lost
     * @param intervalNs how often a frame is due to a peer that relies on us
     */
    public NodeLiveness(long timeoutNs, long intervalNs) {
        this.timeoutNs = timeoutNs;
        this.intervalNs = intervalNs;
    }

    /** Returns how many peers were ever seen. */
    public int count() {
        return count;
    }

    /** Returns a peer. */
    public int nodeId(int i) {
        return nodeIds[i];
    }

    /** Returns the place of a peer, which it gets if it has none. */
    @HotPath
    public int learn(int nodeId) {
        for (int i = 0; i < count; i++) {
            if (nodeIds[i] == nodeId) {
                return i;
            }
        }
        return add(nodeId);
    }

    private int add(int nodeId) {
        if (count == nodeIds.length) {
            int capacity = count * 2;
            nodeIds = Arrays.copyOf(nodeIds, capacity);
            heardNs = Arrays.copyOf(heardNs, capacity);
            sentNs = Arrays.copyOf(sentNs, capacity);
            incarnations = Arrays.copyOf(incarnations, capacity);
            disks = Arrays.copyOf(disks, capacity);
            alive = Arrays.copyOf(alive, capacity);
            answerOwed = Arrays.copyOf(answerOwed, capacity);
        }
        nodeIds[count] = nodeId;
        incarnations[count] = Long.MIN_VALUE;
        sentNs[count] = Long.MIN_VALUE;
        return count++;
    }

    /** As {@link #heard(int, long, long, boolean, long)}, for the frame that is wrapped. */
    @HotPath
    public boolean heard(BeatAdapter frame, long nowNs) {
        return heard(frame.sourceNodeId(), frame.incarnation(), frame.diskId(), frame.isAnswer(), nowNs);
    }

    /**
     * Notes a frame.
     *
     * @param isAnswer whether it answers one of ours; other frames are owed an answer
     * @return whether the peer began another life, or is on another disk, since it was last heard
     */
    @HotPath
    public boolean heard(int nodeId, long incarnation, long diskId, boolean isAnswer, long nowNs) {
        int i = learn(nodeId);
        long known = incarnations[i];
        boolean isFirst = known == Long.MIN_VALUE;
        boolean sameDisk = diskId == disks[i];
        boolean reborn = !isFirst && (incarnation != known || !sameDisk);
        if (reborn && sameDisk && !Incarnation.isLater(incarnation, known)) {
            return false;
        }
        incarnations[i] = incarnation;
        disks[i] = diskId;
        heardNs[i] = nowNs;
        alive[i] = true;
        answerOwed[i] |= !isAnswer;
        return reborn;
    }

    /** Tells once that a peer was not heard for too long. */
    @HotPath
    public boolean takeLost(int i, long nowNs) {
        if (!alive[i] || nowNs - heardNs[i] <= timeoutNs) {
            return false;
        }
        alive[i] = false;
        return true;
    }

    /** Returns whether the peer waits for an answer to a frame, and notes that it gets it. */
    @HotPath
    public boolean takeAnswerOwed(int i) {
        boolean owed = answerOwed[i];
        answerOwed[i] = false;
        return owed;
    }

    /** Returns whether a peer that relies on us has waited a whole interval for a frame. */
    @HotPath
    public boolean isFrameDue(int i, long nowNs) {
        return sentNs[i] == Long.MIN_VALUE || nowNs - sentNs[i] >= intervalNs;
    }

    /** Notes a frame of heartbeats, perhaps without any, that was sent to a peer. */
    @HotPath
    public void frameSent(int i, long nowNs) {
        sentNs[i] = nowNs;
    }
}
