package io.grape.raft.core;

import org.agrona.DirectBuffer;

/** The trace of production: none. */
final class NoTrace implements RaftTrace {
    @Override
    public void started(long term, int votedFor, long commitIndex, long lastIndex, long lastTerm) {}

    @Override
    public void received(DirectBuffer message, int offset, int length) {}

    @Override
    public void sent(int toNodeId, DirectBuffer message, int offset, int length) {}

    @Override
    public void beatReceived(boolean isAnswer, int fromNodeId, long term, long index, long indexTerm) {}

    @Override
    public void beatSent(boolean isAnswer, int toNodeId, long term, long index, long indexTerm) {}

    @Override
    public void roleTaken(Role role, long term, int leaderNodeId, RoleReason reason) {}

    @Override
    public void hardStateStaged(long term, int votedFor, long commitIndex) {}

    @Override
    public void appended(long index, long term, short entryType, DirectBuffer payload, int offset, int length) {}

    @Override
    public void truncatedFrom(long index) {}

    @Override
    public void durableTo(long index) {}

    @Override
    public void committedTo(long index) {}

    @Override
    public void snapshotInstalled(long index, long term) {}

    @Override
    public void compactedTo(long index) {}
}
