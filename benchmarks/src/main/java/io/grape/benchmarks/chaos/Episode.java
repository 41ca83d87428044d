package io.grape.benchmarks.chaos;

import java.util.random.RandomGenerator;

/**
 * One thing that goes wrong, and for how long.
 *
 * @param kind       what
 * @param onLeader   the leader of that moment suffers it; otherwise the node that {@code draw} picks
 * @param draw       picks nodes
 * @param lastsMs    until it is healed
 * @param quietMs    afterwards
 * @param noisy      messages are lost, doubled and held back meanwhile
 */
record Episode(Kind kind, boolean onLeader, int draw, int lastsMs, int quietMs, boolean noisy) {
    /** What goes wrong. */
    enum Kind {
        KILL,
        KILL_ALL,
        KILL_MAJORITY,
        PAUSE,
        DEAF,
        MUTE,
        ISOLATE,
        ONE_LINK_ONE_WAY,
        NOISE,
        DISK_FULL,
        SLOW_DISK,
        SWAPPED_DISK
    }

    private static final int SHORTEST_MS = 300;
    private static final int LONGEST_MS = 2_500;
    private static final int QUIET_MS = 1_500;

    static Episode draw(RandomGenerator random) {
        Kind[] kinds = Kind.values();
        return new Episode(
                kinds[random.nextInt(kinds.length)],
                random.nextInt(3) > 0,
                random.nextInt(1 << 20),
                random.nextInt(SHORTEST_MS, LONGEST_MS),
                random.nextInt(QUIET_MS / 3, QUIET_MS),
                random.nextInt(3) == 0);
    }
}
