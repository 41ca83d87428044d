package io.grape.node.config;

/**
 * Sizes of the journal.
 *
 * @param segmentMib   MiB of one segment file; each is written full of zeros before it is used
 * @param minFreeMib   MiB of the disk that the journal leaves free
 * @param checkpoint   when the state is saved, so that the journal may forget
 */
public record JournalSettings(int segmentMib, int minFreeMib, CheckpointSettings checkpoint) {
    /** Checks the values. */
    public JournalSettings {
        if (segmentMib < 4 || segmentMib > 1024 || minFreeMib < 0) {
            throw NodeConfig.invalid("journal.segment-mib must be 4 to 1024, journal.min-free-mib at least 0");
        }
    }

    /** With the usual checkpoints. */
    public JournalSettings(int segmentMib, int minFreeMib) {
        this(segmentMib, minFreeMib, CheckpointSettings.defaults());
    }

    /** Returns 64 MiB segments that leave 256 MiB free. */
    public static JournalSettings defaults() {
        return new JournalSettings(64, 256);
    }
}
