package io.grape.client.session;

import io.grape.codecs.HotPath;
import java.util.Arrays;

/** The highest index of each group's log that a node said is committed. Polling thread. */
final class KnownIndexes {
    private long[] byGroup = new long[8];

    @HotPath
    void raise(int groupId, long index) {
        if (groupId >= byGroup.length) {
            grow(groupId);
        }
        if (groupId >= 0 && index > byGroup[groupId]) {
            byGroup[groupId] = index;
        }
    }

    @HotPath
    long index(int groupId) {
        return groupId >= 0 && groupId < byGroup.length ? byGroup[groupId] : 0;
    }

    private void grow(int groupId) {
        byGroup = Arrays.copyOf(byGroup, Math.max(groupId + 1, byGroup.length * 2));
    }
}
