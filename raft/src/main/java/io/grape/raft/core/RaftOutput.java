package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.liveness.BeatList;

/**
 * What the core wants done, collected over one batch. The lists' names are the durability rule.
 *
 * <p>Owned and cleared by the pipeline's thread; several groups may share one, because every message names its group.
 */
public final class RaftOutput {
    private static final int SEND_NOW_BYTES = 1 << 20;
    private static final int MAX_SEND_NOW_BYTES = 8 << 20;
    private static final int SEND_ONCE_DURABLE_BYTES = 64 * 1024;

    private final MessageList sendNow = new MessageList(SEND_NOW_BYTES);
    private final MessageList sendOnceDurable = new MessageList(SEND_ONCE_DURABLE_BYTES);
    private final ReadResults reads = new ReadResults();
    private final BeatList heartbeats = new BeatList();
    private final BeatList answers = new BeatList();
    private final boolean takesHeartbeats;
    private boolean leaderChanged;
    private boolean roleChanged;
    private boolean snapshotInstalled;
    private LifeNotice lifeNotice = LifeNotice.NONE;
    private int lifeNoticeGroupId;
    private int lifeNoticeNodeId = RaftGroup.NO_NODE;

    /** Creates an empty output, in which every heartbeat is a message of its own. */
    public RaftOutput() {
        this(false);
    }

    /**
     * Creates an empty output.
     *
     * @param takesHeartbeats whether the owner sends {@link #heartbeats()} in frames; if not they are appends without entries
     */
    public RaftOutput(boolean takesHeartbeats) {
        this.takesHeartbeats = takesHeartbeats;
    }

    /** Returns messages that claim nothing about this node's disk. */
    public MessageList sendNow() {
        return sendNow;
    }

    /** Returns messages that may leave only when all that is staged in the log at the end of this batch is durable. */
    public MessageList sendOnceDurable() {
        return sendOnceDurable;
    }

    /** Returns heartbeats that are due to peers that understand frames. They claim nothing about this node's disk. */
    public BeatList heartbeats() {
        return heartbeats;
    }

    /** Returns answers to heartbeats that came in frames. They claim nothing about this node's disk. */
    public BeatList answers() {
        return answers;
    }

    /** Returns reads that are confirmed or have failed. */
    public ReadResults reads() {
        return reads;
    }

    /** Returns whether some group's leader, as this node knows it, changed. */
    public boolean leaderChanged() {
        return leaderChanged;
    }

    /** Returns whether some group's role on this node changed. */
    public boolean roleChanged() {
        return roleChanged;
    }

    /** Returns whether some group's state was replaced by a snapshot: apply goes on after its index. */
    public boolean snapshotInstalled() {
        return snapshotInstalled;
    }

    /** Returns what an operator should read about the lives of nodes; the first of a batch. */
    public LifeNotice lifeNotice() {
        return lifeNotice;
    }

    /** Returns the group that {@link #lifeNotice} is about. */
    public int lifeNoticeGroupId() {
        return lifeNoticeGroupId;
    }

    /** Returns the node that {@link #lifeNotice} is about. */
    public int lifeNoticeNodeId() {
        return lifeNoticeNodeId;
    }

    /** Empties everything; the owner does so once it has carried out a batch. */
    public void clear() {
        sendNow.clear();
        sendOnceDurable.clear();
        reads.clear();
        heartbeats.clear();
        answers.clear();
        leaderChanged = false;
        roleChanged = false;
        snapshotInstalled = false;
        lifeNotice = LifeNotice.NONE;
    }

    /** Whether an append of so many payload bytes may still be added; what does not fit follows in the next batch. */
    boolean hasRoomFor(int bytes) {
        return sendNow.count() == 0 || sendNow.bytes() + bytes <= MAX_SEND_NOW_BYTES;
    }

    /** Whether the owner sends heartbeats in frames. */
    @HotPath
    boolean takesHeartbeats() {
        return takesHeartbeats;
    }

    /** Notes that a group follows another leader, or none. */
    void leaderHasChanged() {
        leaderChanged = true;
    }

    /** Notes that a group's state was replaced by a snapshot. */
    void snapshotHasBeenInstalled() {
        snapshotInstalled = true;
    }

    /** Notes something for the operator; returns false if the batch has a notice already, and it must be given again. */
    boolean notice(LifeNotice notice, int groupId, int nodeId) {
        if (lifeNotice != LifeNotice.NONE) {
            return false;
        }
        lifeNotice = notice;
        lifeNoticeGroupId = groupId;
        lifeNoticeNodeId = nodeId;
        return true;
    }

    /** Notes that a group has another role on this node. */
    void roleHasChanged() {
        roleChanged = true;
    }
}
