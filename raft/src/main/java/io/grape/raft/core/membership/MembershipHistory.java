package io.grape.raft.core.membership;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * The configurations that lie in the log, so that a truncation finds the one that is in force again.
 *
 * <p>A configuration is in force from the moment it is appended, committed or not (thesis, section 4.1). The oldest one
 * known is that of the snapshot, or the first voters.
 */
public final class MembershipHistory {
    private record Version(long index, Membership membership) {}

    private final ArrayDeque<Version> versions = new ArrayDeque<>();

    /** Begins with what was in force at {@code index}. */
    public MembershipHistory(long index, Membership first) {
        versions.push(new Version(index, first));
    }

    /** Returns the configuration in force. */
    public Membership current() {
        return versions.element().membership();
    }

    /** Returns the index of the entry that brought it. */
    public long currentIndex() {
        return versions.element().index();
    }

    /** A configuration was appended. */
    public void appended(long index, Membership membership) {
        versions.push(new Version(index, membership));
    }

    /** Entries from {@code index} on are gone; returns whether another configuration is in force. */
    public boolean truncatedFrom(long index) {
        boolean changed = false;
        while (versions.size() > 1 && versions.element().index() >= index) {
            versions.pop();
            changed = true;
        }
        return changed;
    }

    /** Returns what was in force at an index that is not older than the oldest one known. */
    public Membership at(long index) {
        for (Version version : versions) {
            if (version.index() <= index) {
                return version.membership();
            }
        }
        return versions.getLast().membership();
    }

    /** Hands over what came into force after one index and up to another, oldest first. */
    public void forEachBetween(long after, long through, Consumer<Membership> consumer) {
        Iterator<Version> oldestFirst = versions.descendingIterator();
        while (oldestFirst.hasNext()) {
            Version version = oldestFirst.next();
            if (version.index() > after && version.index() <= through) {
                consumer.accept(version.membership());
            }
        }
    }

    /** Forgets what no truncation can bring back: all versions before the one in force at {@code index}. */
    public void compactedTo(long index) {
        while (versions.size() > 1) {
            Version oldest = versions.removeLast();
            if (versions.getLast().index() > index) {
                versions.addLast(oldest);
                return;
            }
        }
    }

    /** A snapshot replaces the whole log. */
    public void reset(long index, Membership membership) {
        versions.clear();
        versions.push(new Version(index, membership));
    }
}
