package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.request.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DirectBuffer;

/**
 * Whatever is repeated, delayed and forgotten, no write is applied twice, and no client that keeps up is refused. The
 * model is the plain one: all writes that were ever applied, with their index.
 *
 * <p>The writes make one collection over and over: the same again is a success, and its answer names the index that applied it.
 */
class ExactlyOnceStateProperty {
    private static final int CLIENTS = 6;
    private static final int MAX_CLIENTS = 4;
    private static final long EXPIRY_MS = 100;

    private record Write(long client, long sequence, long knownIndex) {}

    private final Requests requests = new Requests();

    /** What one replica answered. */
    private static final class Answers implements Replies {
        private final List<String> lines = new ArrayList<>();
        private long writtenAt;
        private boolean again;

        @Override
        public void written(long session, long correlation, long index, int changed, boolean duplicate) {
            lines.add(correlation + " written at " + index);
            writtenAt = index;
            again = duplicate;
        }

        @Override
        public void refused(long session, long correlation, ErrorCode code) {
            lines.add(correlation + " " + code);
        }
    }

    @Property(tries = 150)
    void noWriteIsAppliedTwiceAndReplicasAgree(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Answers answers = new Answers();
        Answers others = new Answers();
        StateMachine machine = machine(answers);
        StateMachine other = machine(others);
        Map<Long, Long> nextSequence = new HashMap<>();
        List<Write> sent = new ArrayList<>();
        Map<Write, Long> applied = new HashMap<>();
        long index = 0;
        for (int step = 0; step < 400; step++) {
            index++;
            if (random.nextInt(8) == 0) {
                requests.timeAdvance(random.nextInt(60), EXPIRY_MS);
                apply(machine, other, index);
                continue;
            }
            boolean repeats = !sent.isEmpty() && random.nextInt(3) == 0;
            Write write = repeats ? sent.get(random.nextInt(sent.size())) : fresh(random, nextSequence, index);
            if (!repeats) {
                sent.add(write);
            }
            requests.knowing(write.knownIndex()).create(write.client(), write.sequence(), "c", 1, Metric.DOT);
            answers.writtenAt = 0;
            apply(machine, other, index);
            if (!repeats && write.knownIndex() == index - 1) {
                assertThat(answers.writtenAt)
                        .as("a client that keeps up is never refused")
                        .isEqualTo(index);
            }
            if (answers.writtenAt != 0) {
                Long before = applied.putIfAbsent(write, answers.writtenAt);
                assertThat(answers.again).isEqualTo(before != null);
                assertThat(answers.writtenAt).isEqualTo(before != null ? before : index);
            }
        }
        assertThat(others.lines).isEqualTo(answers.lines);
        assertThat(hash(machine)).isEqualTo(hash(other));
    }

    private static Write fresh(SplittableRandom random, Map<Long, Long> nextSequence, long index) {
        long client = 1 + random.nextInt(CLIENTS);
        long sequence = nextSequence.merge(client, 1L, Long::sum);
        long knownIndex = random.nextBoolean() ? index - 1 : Math.max(0, index - 1 - random.nextInt(60));
        return new Write(client, sequence, knownIndex);
    }

    private static StateMachine machine(Replies replies) {
        StoreFactory none = (id, dimension, metric) -> new NoPoints();
        return new StateMachine(none, replies, MAX_CLIENTS, 1);
    }

    private void apply(StateMachine machine, StateMachine other, long index) {
        machine.apply(index, EntryType.COMMAND.value(), requests.buffer(), 0, requests.length());
        other.apply(index, EntryType.COMMAND.value(), requests.buffer(), 0, requests.length());
    }

    private static long hash(StateMachine machine) {
        StateSample sample = new StateSample();
        assertThat(machine.sample(sample)).isTrue();
        return sample.hash();
    }

    /** A store that no one asks. */
    private static final class NoPoints implements CollectionStore {
        @Override
        public void upsert(
                long idMost,
                long idLeast,
                long version,
                DirectBuffer vectors,
                int offset,
                DirectBuffer payload,
                int payloadOffset,
                int payloadLength) {
            throw new UnsupportedOperationException("the schedules only delete, and read nothing");
        }

        @Override
        public boolean delete(long idMost, long idLeast, long version) {
            return false;
        }

        @Override
        public boolean admits(long points, long payloadBytes) {
            return true;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public long stateHash() {
            return 0;
        }

        @Override
        public StoreSearcher newSearcher() {
            throw new UnsupportedOperationException("the schedules only delete, and read nothing");
        }

        @Override
        public StoreReader newReader() {
            throw new UnsupportedOperationException("the schedules only delete, and read nothing");
        }

        @Override
        public void close() {}
    }
}
