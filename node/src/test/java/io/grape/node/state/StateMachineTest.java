package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.node.request.Requests;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.model.VectorShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMachineTest {
    private static final int MAX_COLLECTIONS = 2;

    @TempDir
    Path directory;

    private final List<String> replies = new ArrayList<>();
    private final Requests requests = new Requests();
    private StateMachine machine;
    private long index;

    @BeforeEach
    void open() {
        machine = machine("a", replies);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private StateMachine machine(String name, List<String> log) {
        Replies recorder = new Replies() {
            @Override
            public void written(long session, long correlation, long at, int changed, boolean duplicate) {
                log.add(correlation + ": " + changed + " at " + at + (duplicate ? " again" : ""));
            }

            @Override
            public void refused(long session, long correlation, ErrorCode code) {
                log.add(correlation + ": " + code);
            }
        };
        StoreFactory stores = (id, dimension, metric) -> new MappedStore(PointStore.open(PointStoreConfig.of(
                directory.resolve(name + id), new VectorShape(dimension, Shapes.metric(metric)), 1L << 30)));
        return new StateMachine(stores, recorder, 100, MAX_COLLECTIONS);
    }

    @Test
    void aRepeatedWriteIsAppliedOnceAndAnsweredAsTheFirstTime() {
        apply(requests.create(1, 1, "c", 2, Metric.DOT));
        apply(requests.upsert(1, 2, 1, 1, 10, true, new float[] {1, 2}));
        apply(requests.upsert(1, 2, 1, 1, 10, true, new float[] {9, 9}));
        assertThat(replies).containsExactly("1: 1 at 1", "2: 1 at 2", "2: 1 at 2 again");
        assertThat(machine.catalog().byName("c").store().size()).isOne();
        assertThat(vectorOf(10)[0]).isEqualTo(1f);
    }

    @Test
    void aLateCopyOfAnAnsweredWriteDoesNothingAndSaysNothing() {
        apply(requests.create(1, 1, "c", 2, Metric.DOT));
        apply(requests.upsert(1, 2, 1, 1, 10, false, new float[] {1, 2}));
        apply(requests.upsert(1, 3, 2, 1, 10, false, new float[] {3, 4}));
        replies.clear();
        apply(requests.upsert(1, 2, 1, 1, 10, false, new float[] {1, 2}));
        assertThat(replies).isEmpty();
        assertThat(vectorOf(10)[0]).isEqualTo(3f);
    }

    @Test
    void aSequenceThatOvertookAnotherDoesNotSwallowIt() {
        apply(requests.create(1, 1, "c", 2, Metric.DOT));
        apply(requests.upsert(1, 3, 1, 1, 30, false, new float[] {3, 3}));
        apply(requests.upsert(1, 2, 1, 1, 20, false, new float[] {2, 2}));
        assertThat(replies).containsExactly("1: 1 at 1", "3: 1 at 2", "2: 1 at 3");
        assertThat(machine.catalog().points()).isEqualTo(2);
    }

    @Test
    void aSequenceBeyondTheWindowIsRefusedAndNotRemembered() {
        apply(requests.create(1, 1, "c", 2, Metric.DOT));
        long beyond = ClientWindow.LENGTH + 1;
        apply(requests.upsert(1, beyond, 0, 1, 1, false, new float[] {1, 1}));
        apply(requests.upsert(1, beyond, 1, 1, 1, false, new float[] {1, 1}));
        assertThat(replies)
                .containsExactly("1: 1 at 1", beyond + ": SEQUENCE_OUT_OF_WINDOW", beyond + ": 1 at " + index);
    }

    @Test
    void aRefusedWriteIsRefusedAgainAlthoughItCouldSucceedNow() {
        apply(requests.upsert(1, 1, 0, 1, 1, false, new float[] {1, 1}));
        apply(requests.create(2, 1, "c", 2, Metric.DOT));
        apply(requests.upsert(1, 1, 0, 1, 1, false, new float[] {1, 1}));
        apply(requests.upsert(1, 2, 1, 1, 1, false, new float[] {1, 1, 1}));
        assertThat(replies)
                .containsExactly(
                        "1: UNKNOWN_COLLECTION", "1: 1 at 2", "1: UNKNOWN_COLLECTION", "2: DIMENSION_MISMATCH");
        assertThat(machine.catalog().points()).isZero();
    }

    @Test
    void collectionsAreMadeOnceLimitedAndDropped() {
        apply(requests.create(1, 1, "a", 2, Metric.DOT));
        apply(requests.create(1, 2, "a", 2, Metric.DOT));
        apply(requests.create(1, 3, "a", 2, Metric.COSINE));
        apply(requests.create(1, 4, "b", 2, Metric.EUCLIDEAN));
        apply(requests.create(1, 5, "c", 2, Metric.DOT));
        apply(requests.drop(1, 6, 1));
        apply(requests.drop(1, 7, 1));
        apply(requests.create(1, 8, "c", 2, Metric.DOT));
        assertThat(replies)
                .containsExactly(
                        "1: 1 at 1",
                        "2: 1 at 2",
                        "3: COLLECTION_EXISTS",
                        "4: 2 at 4",
                        "5: COLLECTION_LIMIT",
                        "6: 1 at 6",
                        "7: UNKNOWN_COLLECTION",
                        "8: 3 at 8");
        assertThat(machine.catalog().all()).extracting(Collection::id).containsExactly(2, 3);
        assertThat(machine.catalog().byId(1)).isNull();
    }

    @Test
    void deleteCountsWhatWasThere() {
        apply(requests.create(1, 1, "c", 1, Metric.DOT));
        apply(requests.upsert(1, 2, 0, 1, 1, false, new float[] {1}, new float[] {2}));
        apply(requests.delete(1, 3, 1, 2, 3));
        apply(requests.delete(1, 4, 9, 2));
        assertThat(replies).contains("3: 1 at 3", "4: UNKNOWN_COLLECTION");
        assertThat(machine.catalog().points()).isOne();
    }

    @Test
    void aCommandOfANewerVersionStopsTheReplicaInsteadOfBeingSkipped() {
        GetEncoder get = new GetEncoder();
        get.wrapAndApplyHeader(requests.buffer(), 0, new MessageHeaderEncoder());
        assertThatThrownBy(() -> machine.apply(1, EntryType.COMMAND.value(), requests.buffer(), 0, 64))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("command " + GetEncoder.TEMPLATE_ID);
    }

    @Test
    void replicasThatAppliedTheSameEntriesHaveTheSameHash() {
        List<String> otherReplies = new ArrayList<>();
        StateSample mine = new StateSample();
        StateSample others = new StateSample();
        try (StateMachine other = machine("b", otherReplies)) {
            Random random = new Random(11);
            applyBoth(other, requests.create(1, 1, "c", 4, Metric.DOT));
            for (int sequence = 2; sequence < 200; sequence++) {
                float[] vector = {random.nextFloat(), random.nextFloat(), random.nextFloat(), 1};
                if (random.nextInt(4) == 0) {
                    applyBoth(other, requests.delete(1, sequence, 1, random.nextInt(50)));
                } else {
                    applyBoth(other, requests.upsert(1, sequence, 0, 1, random.nextInt(50), true, vector));
                }
            }
            assertThat(machine.sample(mine)).isTrue();
            assertThat(other.sample(others)).isTrue();
            assertThat(mine.appliedIndex()).isEqualTo(index).isEqualTo(others.appliedIndex());
            assertThat(mine.hash()).isEqualTo(others.hash()).isNotZero();
            assertThat(mine.points()).isEqualTo(others.points()).isPositive();
            assertThat(replies).isEqualTo(otherReplies);

            apply(requests.upsert(2, 1, 0, 1, 999, false, new float[] {1, 1, 1, 1}));
            machine.sample(mine);
            assertThat(mine.hash()).isNotEqualTo(others.hash());
        }
    }

    private void applyBoth(StateMachine other, Requests request) {
        apply(request);
        other.apply(index, EntryType.COMMAND.value(), request.buffer(), 0, request.length());
    }

    private void apply(Requests request) {
        index++;
        machine.apply(index, EntryType.COMMAND.value(), request.buffer(), 0, request.length());
    }

    private float[] vectorOf(long id) {
        var collection = machine.catalog().byName("c");
        try (var reader = collection.store().newReader()) {
            assertThat(reader.get(0, id)).isTrue();
            UnsafeBuffer vector = new UnsafeBuffer(reader.vector());
            float[] components = new float[collection.dimension()];
            for (int i = 0; i < components.length; i++) {
                components[i] = vector.getFloat(i * Float.BYTES);
            }
            return components;
        }
    }
}
