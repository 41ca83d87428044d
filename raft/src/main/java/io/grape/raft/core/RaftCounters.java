package io.grape.raft.core;

/**
 * What an operator and a test want to count. Plain fields, written by the pipeline's thread; each only grows.
 */
public final class RaftCounters {
    long malformed;
    long foreign;
    long stale;
    long sticky;
    long conflicts;
    long commitConflicts;
    long retransmits;
    long staleDurableAcks;
    long elections;
    long oldIncarnations;
    long otherDisks;
    long unheardLives;
    long votesWithheld;
    long transfers;
    long snapshotsInstalled;

    RaftCounters() {}

    /** Returns messages that were truncated, contradicted themselves or were of an unknown kind. */
    public long malformed() {
        return malformed;
    }

    /** Returns messages of another group, or from a node that they cannot come from. */
    public long foreign() {
        return foreign;
    }

    /** Returns messages of an older term, or answers to requests that no longer stand. */
    public long stale() {
        return stale;
    }

    /** Returns vote requests ignored because a leader is alive (thesis, section 4.2.3). */
    public long sticky() {
        return sticky;
    }

    /** Returns appends refused because the previous entry was absent or of another term. */
    public long conflicts() {
        return conflicts;
    }

    /** Returns appends that contradict a committed entry; anything but 0 is a defect or a lost disk. */
    public long commitConflicts() {
        return commitConflicts;
    }

    /** Returns appends repeated because no answer came in time. */
    public long retransmits() {
        return retransmits;
    }

    /** Returns durable acknowledgements of entries that have since been replaced. */
    public long staleDurableAcks() {
        return staleDurableAcks;
    }

    /** Returns elections that this replica started (terms it raised). */
    public long elections() {
        return elections;
    }

    /** Returns messages from an earlier life of a peer, or from a copy of it that knows less. */
    public long oldIncarnations() {
        return oldIncarnations;
    }

    /** Returns messages from a disk that is not the one that is the member of this name. */
    public long otherDisks() {
        return otherDisks;
    }

    /** Returns messages dropped because the life that sent them was not yet remembered durably; they are repeated. */
    public long unheardLives() {
        return unheardLives;
    }

    /** Returns vote requests left unanswered because this replica may not vote: its disk is new, or lost something. */
    public long votesWithheld() {
        return votesWithheld;
    }

    /** Returns how often this replica asked another one to take over. */
    public long transfers() {
        return transfers;
    }

    /** Returns snapshots installed here. */
    public long snapshotsInstalled() {
        return snapshotsInstalled;
    }
}
