package io.grape.raft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.lives.LifeTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the nodes' lives survives restarts and the segments that it was written in. */
class LivesRecoveryTest {
    private static final int GROUP = 3;

    @TempDir
    private Path directory;

    private Journal open() {
        return Journal.open(JournalConfig.defaults(directory, 1, 0)
                .withSizes(64 << 10, 16 << 10, 4 << 10)
                .withMinFreeAndSalt(0, 7));
    }

    private static List<String> known(GroupLog log) {
        LifeTable lives = log.lives();
        List<String> all = new ArrayList<>();
        for (int slot = 0; slot < lives.count(); slot++) {
            all.add(lives.nodeId(slot) + ":" + lives.diskId(slot) + "/" + lives.incarnation(slot) + "/"
                    + lives.state(slot));
        }
        return all;
    }

    @Test
    void theLatestThatIsKnownOfEachNodeIsRecovered() {
        try (Journal journal = open()) {
            GroupLog log = journal.group(GROUP);
            log.life(1, 11, 101, LifeTable.FORMED);
            log.life(2, 22, 201, LifeTable.KNOWN);
            log.life(3, 33, 301, LifeTable.KNOWN);
            journal.flush();
            log.life(2, 22, 202, LifeTable.EXCLUDED);
            log.life(3, 0, 0, LifeTable.FORGOTTEN);
            journal.flush();
            journal.force();
        }
        try (Journal journal = open()) {
            assertThat(known(journal.group(GROUP))).containsExactly("1:11/101/1", "2:22/202/2");
            assertThat(known(journal.group(GROUP + 1))).as("another group's").isEmpty();
        }
    }

    @Test
    void aLifeIsDurableOnceItsBatchIsForcedAndNotBefore() {
        try (Journal journal = open()) {
            GroupLog log = journal.group(GROUP);
            assertThat(log.livesAreDurable()).as("nothing is owed").isTrue();
            log.life(2, 22, 201, LifeTable.KNOWN);
            assertThat(log.livesAreDurable()).as("staged").isFalse();
            journal.flush();
            assertThat(log.livesAreDurable()).as("written").isFalse();
            journal.force();
            assertThat(log.livesAreDurable()).isTrue();
            log.hardState(1, 2, 0);
            journal.flush();
            assertThat(log.livesAreDurable()).as("what follows owes nothing").isTrue();
        }
    }

    @Test
    void livesAreCarriedOverTheSegmentsThatTheyWereWrittenIn() {
        UnsafeBuffer payload = new UnsafeBuffer(new byte[4000]);
        try (Journal journal = open()) {
            GroupLog log = journal.group(GROUP);
            log.life(2, 22, 201, LifeTable.KNOWN);
            for (int i = 1; i <= 200; i++) {
                log.append(i, 1, (short) 1, payload, 0, 4000);
                log.hardState(1, -1, i);
                journal.flush();
                journal.force();
                log.appliedThrough(i);
                log.compactTo(i, 1);
                while (journal.maintain() > 0) {
                    journal.flush();
                    journal.force();
                }
            }
            journal.flush();
            journal.force();
            assertThat(journal.counters().recycledSegments())
                    .as("the first segment is gone")
                    .isPositive();
        }
        try (Journal journal = open()) {
            assertThat(known(journal.group(GROUP))).containsExactly("2:22/201/0");
        }
    }
}
