package io.grape.raft.journal;

import static io.grape.raft.journal.Journals.append;
import static io.grape.raft.journal.Journals.assertEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated journals: each is refused with a clear error, or read up to a batch after which every batch was mutated.
 *
 * <p>{@code -Dgrape.fuzz.cases=1000000} makes it a long run.
 */
class JournalFuzzScenario {
    private static final Path DIRECTORY = Path.of("virtual");
    private static final JournalConfig CONFIG = Journals.small(DIRECTORY, JournalBackEnd.WRITE);

    private final List<Long> batchEnds = new ArrayList<>();
    private final List<Long> lastIndexes = new ArrayList<>();

    @Test
    void mutatedJournalsAreRefusedOrLoseOnlyMutatedTails() {
        VirtualFiles original = build();
        int cases = Integer.getInteger("grape.fuzz.cases", 5_000);
        int refused = 0;
        int cut = 0;
        for (int seed = 0; seed < cases; seed++) {
            Random random = new Random(seed);
            VirtualFiles files = original.copy();
            List<long[]> mutated = mutate(files, random);
            try (Journal journal = Journal.open(CONFIG, files)) {
                long last = journal.group(1).lastIndex();
                check(seed, last, mutated);
                for (long index = 1; index <= last; index++) {
                    assertEntry(journal.group(1), index, 1, (int) (index * 37 % 300));
                }
                cut += last < lastIndexes.getLast() ? 1 : 0;
            } catch (GrapeException e) {
                assertThat(e.code()).as("seed %d: %s", seed, e.getMessage()).isEqualTo(ErrorCode.DATA_CORRUPT);
                assertThat(e.getMessage()).as("seed %d", seed).contains("journal segment virtual");
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isGreaterThan(cases / 10);
        assertThat(cut).isGreaterThan(cases / 100);
    }

    private VirtualFiles build() {
        VirtualFiles files = new VirtualFiles();
        try (Journal journal = Journal.open(CONFIG, files)) {
            for (int i = 0; i < 40; i++) {
                GroupLog log = journal.group(1);
                append(log, 1, (int) ((log.lastIndex() + 1) * 37 % 300));
                if (i % 3 == 0) {
                    append(log, 1, (int) ((log.lastIndex() + 1) * 37 % 300));
                }
                batchEnds.add(journal.flush());
                lastIndexes.add(log.lastIndex());
            }
        }
        return files;
    }

    /** Returns the mutated ranges as journal positions. */
    private static List<long[]> mutate(VirtualFiles files, Random random) {
        List<long[]> mutated = new ArrayList<>();
        List<Path> paths = files.paths();
        for (int m = 1 + random.nextInt(2); m > 0; m--) {
            ByteBuffer bytes = files.bytes(paths.get(random.nextInt(paths.size())));
            int length = Math.min(1 << random.nextInt(11), bytes.capacity());
            int at = random.nextInt(bytes.capacity() - length + 1);
            long base = sequenceOf(bytes) * Journals.SEGMENT_BYTES;
            switch (random.nextInt(4)) {
                case 0 -> bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
                case 1 -> {
                    for (int i = 0; i < length; i++) {
                        bytes.put(at + i, (byte) 0);
                    }
                }
                case 2 -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    bytes.put(at, noise);
                }
                default -> {
                    byte[] other = new byte[length];
                    bytes.get(random.nextInt(bytes.capacity() - length + 1), other);
                    bytes.put(at, other);
                }
            }
            mutated.add(new long[] {base + at, base + at + length});
        }
        return mutated;
    }

    private static long sequenceOf(ByteBuffer segment) {
        var header = io.grape.raft.journal.segment.SegmentDescriptor.decode(segment);
        return header == null ? 0 : header.sequence();
    }

    private void check(int seed, long last, List<long[]> mutated) {
        int kept = last == 0 ? -1 : lastIndexes.indexOf(last);
        assertThat(last == 0 || kept >= 0)
                .as("seed %d: %d is no end of a batch", seed, last)
                .isTrue();
        for (int batch = kept + 1; batch < batchEnds.size(); batch++) {
            long from = batch == 0 ? 0 : batchEnds.get(batch - 1);
            long to = batchEnds.get(batch);
            assertThat(mutated.stream().anyMatch(range -> range[0] < to && range[1] > from))
                    .as("seed %d: batch %d was cut, but never touched", seed, batch)
                    .isTrue();
        }
    }
}
