package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.FaultException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The power goes while batches are on their way: sectors that were not forced survive at random. */
class PowerCutScenario {
    private static final Path DIRECTORY = Path.of("virtual");

    @ParameterizedTest(name = "(one batch in flight, {0})")
    @EnumSource(JournalBackEnd.class)
    void everyForcedBatchIsThereAndTheTornOneIsCut(JournalBackEnd backEnd) {
        JournalConfig config = Journals.small(DIRECTORY, backEnd);
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            VirtualFiles files = new VirtualFiles();
            long forced = 0;
            long written = 0;
            for (int life = 0; life < 4; life++) {
                try (Journal journal = Journal.open(config, files)) {
                    forced = Math.max(forced, journal.group(1).lastIndex());
                    int batches = 1 + random.nextInt(12);
                    for (int i = 0; i < batches; i++) {
                        written = appendBatch(journal, random);
                        if (i < batches - 1 || random.nextInt(3) == 0) {
                            journal.force();
                            forced = written;
                        }
                    }
                    files = files.afterPowerCut(random);
                }
                try (Journal journal = Journal.open(config, files.copy())) {
                    assertThat(journal.group(1).lastIndex())
                            .as("seed %d, life %d", seed, life)
                            .isIn(forced, written);
                    assertLog(journal.group(1));
                }
            }
        }
    }

    @ParameterizedTest(name = "(many batches in flight, {0})")
    @EnumSource(SyncPolicy.class)
    void nothingForcedIsEverCutAndNothingTakenBackReturns(SyncPolicy policy) {
        int refused = 0;
        for (int seed = 0; seed < 400; seed++) {
            refused += liveThreeTimes(policy, seed) ? 0 : 1;
        }
        if (policy == SyncPolicy.FORCE) {
            // A hole before a batch that reached the disk first cannot be told from damage.
            assertThat(refused).isBetween(1, 300);
        } else {
            assertThat(refused).isZero();
        }
    }

    /** Returns whether the journal opened after each power cut. */
    private static boolean liveThreeTimes(SyncPolicy policy, int seed) {
        JournalConfig config = Journals.small(DIRECTORY, JournalBackEnd.WRITE).withSyncPolicy(policy, 1_000_000);
        Random random = new Random(seed);
        VirtualFiles files = new VirtualFiles();
        List<Long> terms = new ArrayList<>();
        int forced = 0;
        for (long life = 1; life <= 4; life++) {
            // A node draws another number each time.
            JournalConfig drawn = config.withMinFreeAndSalt(0, random.nextInt());
            try (Journal journal = Journal.open(drawn, files)) {
                GroupLog log = journal.group(1);
                assertThat(log.lastIndex()).as("seed %d", seed).isGreaterThanOrEqualTo(forced);
                terms.subList((int) log.lastIndex(), terms.size()).clear();
                for (int index = 1; index <= terms.size(); index++) {
                    assertEntry(log, index, terms.get(index - 1), index * 37 % 500);
                }
                for (int batches = random.nextInt(25); batches > 0; batches--) {
                    append(log, life, (int) ((log.lastIndex() + 1) * 37 % 500));
                    terms.add(life);
                    journal.flush();
                    if (random.nextInt(4) == 0) {
                        journal.force();
                        forced = terms.size();
                    }
                }
                files = files.afterPowerCut(random);
            } catch (FaultException e) {
                return false;
            }
        }
        return true;
    }

    private static long appendBatch(Journal journal, Random random) {
        GroupLog log = journal.group(1);
        int entries = 1 + random.nextInt(3);
        for (int e = 0; e < entries; e++) {
            append(log, 1, (int) ((log.lastIndex() + 1) * 37 % 500));
        }
        log.hardState(1, 1, log.lastIndex());
        journal.flush();
        return log.lastIndex();
    }

    private static void assertLog(GroupLog log) {
        for (long index = 1; index <= log.lastIndex(); index++) {
            assertEntry(log, index, 1, (int) (index * 37 % 500));
        }
        assertThat(log.hardState().commitIndex()).isEqualTo(log.lastIndex());
    }
}
