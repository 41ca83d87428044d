package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.VoteRequestDecoder;
import io.grape.raft.core.progress.Progress;

/**
 * Decides whether a message is heard at all: of this group, from another node, and from a life that {@link Lives} admits.
 *
 * <p>Thread: the group's pipeline. Allocates nothing.
 */
final class Admission {
    private static final long NO_DISK_NAMED = VoteRequestDecoder.diskIdNullValue();

    private final RaftState state;

    Admission(RaftState state) {
        this.state = state;
    }

    /** What counts for or against something: it must come from the member's own disk and its latest life. */
    @HotPath
    boolean admits(int groupId, int sourceNodeId, long rawDiskId, long incarnation) {
        long diskId = named(rawDiskId);
        if (!isOurs(groupId, sourceNodeId) || !state.lives.hears(sourceNodeId, diskId, incarnation)) {
            return false;
        }
        noteLife(sourceNodeId, diskId, incarnation);
        return true;
    }

    /** What only a leader sends. */
    @HotPath
    boolean admitsLeader(int groupId, int sourceNodeId, long rawDiskId, long incarnation) {
        return isOurs(groupId, sourceNodeId) && state.lives.hearsLeader(sourceNodeId, named(rawDiskId), incarnation);
    }

    /** What a candidate asks, whose log is newer than ours or not. */
    boolean admitsCandidate(VoteRequestDecoder request, boolean logIsNewer) {
        int source = request.sourceNodeId();
        long diskId = named(request.diskId());
        if (!isOurs(request.groupId(), source)
                || !state.lives.hearsCandidate(source, diskId, request.incarnation(), logIsNewer)) {
            return false;
        }
        if (state.lives.diskOf(source) == diskId) {
            noteLife(source, diskId, request.incarnation());
        }
        return true;
    }

    @HotPath
    private boolean isOurs(int groupId, int sourceNodeId) {
        boolean ours = state.rules.isOurGroup(groupId, state.config.groupId());
        if (!ours || sourceNodeId < 0 || sourceNodeId == state.config.nodeId()) {
            state.counters.foreign++;
            return false;
        }
        return true;
    }

    @HotPath
    private void noteLife(int sourceNodeId, long diskId, long incarnation) {
        Progress peer = state.peers.find(sourceNodeId);
        if (peer != null) {
            peer.livesAs(diskId, incarnation);
        }
    }

    /** A sender of version 1 names no disk. */
    @HotPath
    private static long named(long rawDiskId) {
        return rawDiskId == NO_DISK_NAMED ? 0 : rawDiskId;
    }
}
