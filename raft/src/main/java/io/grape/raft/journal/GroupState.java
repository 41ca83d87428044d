package io.grape.raft.journal;

import io.grape.codecs.HotPath;

/** What a GROUP_STATE record holds, as plain fields of the pipeline's thread. */
final class GroupState {
    long term;
    int votedFor = -1;
    long commitIndex;
    long markIndex;
    long markTerm;
    long lastIndex;
    long lastTerm;

    @HotPath
    void set(GroupState other) {
        term = other.term;
        votedFor = other.votedFor;
        commitIndex = other.commitIndex;
        markIndex = other.markIndex;
        markTerm = other.markTerm;
        lastIndex = other.lastIndex;
        lastTerm = other.lastTerm;
    }

    boolean sameAs(GroupState other) {
        return term == other.term
                && votedFor == other.votedFor
                && commitIndex == other.commitIndex
                && markIndex == other.markIndex
                && markTerm == other.markTerm
                && lastIndex == other.lastIndex
                && lastTerm == other.lastTerm;
    }
}
