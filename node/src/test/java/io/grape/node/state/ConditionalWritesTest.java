package io.grape.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.UpsertEncoder;
import io.grape.node.request.Requests;
import io.grape.node.request.UpsertView;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionalWritesTest {
    private static final float[] A = {1};
    private static final float[] B = {2};

    @TempDir
    Path directory;

    private final Requests requests = new Requests();
    private StateMachines state;

    @BeforeEach
    void open() {
        state = new StateMachines(directory, 10);
        state.apply(requests.create(1, 1, "c", 1, Metric.DOT));
    }

    @AfterEach
    void close() {
        state.close();
    }

    private String upsert(long sequence, long expected, long id, float[]... vectors) {
        return state.apply(requests.expecting(expected).upsert(1, sequence, 0, 1, id, false, vectors));
    }

    private String delete(long sequence, long expected, long... ids) {
        return state.apply(requests.expecting(expected).delete(1, sequence, 1, ids));
    }

    @Test
    void aPointIsInsertedOnlyIfItIsAbsent() {
        assertThat(upsert(2, UpsertView.ABSENT_VERSION, 10, A)).isEqualTo("2: 1 at 2");
        assertThat(upsert(3, UpsertView.ABSENT_VERSION, 10, B)).isEqualTo("3: point 0 has 2");
        assertThat(delete(4, UpsertView.ANY_VERSION, 10)).isEqualTo("4: 1 at 4");
        assertThat(upsert(5, UpsertView.ABSENT_VERSION, 10, B)).isEqualTo("5: 1 at 5");
    }

    @Test
    void aPointIsReplacedOnlyInTheVersionThatWasRead() {
        upsert(2, UpsertView.ANY_VERSION, 10, A);
        assertThat(upsert(3, 2, 10, B)).isEqualTo("3: 1 at 3");
        assertThat(upsert(4, 2, 10, A)).isEqualTo("4: point 0 has 3");
        assertThat(upsert(5, 3, 10, A)).isEqualTo("5: 1 at 5");
    }

    @Test
    void aPointIsRemovedOnlyInTheVersionThatWasRead() {
        upsert(2, UpsertView.ANY_VERSION, 10, A);
        assertThat(delete(3, 1, 10)).isEqualTo("3: point 0 has 2");
        assertThat(state.machine.catalog().points()).isOne();
        assertThat(delete(4, 2, 10)).isEqualTo("4: 1 at 4");
        assertThat(delete(5, 2, 10)).isEqualTo("5: point 0 has -1");
        assertThat(delete(6, UpsertView.ABSENT_VERSION, 10)).isEqualTo("6: 0 at 6");
    }

    @Test
    void ofABatchAllConditionsHoldOrNothingChanges() {
        upsert(2, UpsertView.ANY_VERSION, 11, A);
        assertThat(upsert(3, UpsertView.ABSENT_VERSION, 10, A, B, B)).isEqualTo("3: point 1 has 2");
        assertThat(state.machine.catalog().points()).isOne();
        upsert(4, UpsertView.ANY_VERSION, 12, A);
        assertThat(delete(5, 2, 11, 12)).isEqualTo("5: point 1 has 4");
        assertThat(state.machine.catalog().points()).isEqualTo(2);
    }

    @Test
    void aBatchThatNamesAPointTwiceIsJudgedByTheStateBeforeIt() {
        upsert(2, UpsertView.ANY_VERSION, 10, A);
        assertThat(delete(3, 2, 10, 10)).isEqualTo("3: 1 at 3");
    }

    @Test
    void aRefusalIsRememberedAlthoughTheConditionWouldHoldNow() {
        upsert(2, UpsertView.ANY_VERSION, 10, A);
        assertThat(delete(3, 7, 10)).isEqualTo("3: point 0 has 2");
        upsert(4, UpsertView.ABSENT_VERSION, 20, A);
        assertThat(upsert(5, UpsertView.ABSENT_VERSION, 20, B)).isEqualTo("5: point 0 has 4");
        delete(6, UpsertView.ANY_VERSION, 20);
        assertThat(upsert(5, UpsertView.ABSENT_VERSION, 20, B)).isEqualTo("5: point 0 has 4");
        assertThat(state.machine.catalog().points()).isOne();
    }

    @Test
    void aSuccessIsRememberedAlthoughTheConditionWouldNotHoldNow() {
        upsert(2, UpsertView.ABSENT_VERSION, 10, A);
        assertThat(upsert(2, UpsertView.ABSENT_VERSION, 10, A)).isEqualTo("2: 1 at 2 again");
    }

    @Test
    void conditionsFollowACollectionThatIsDroppedAndMadeAgain() {
        upsert(2, UpsertView.ABSENT_VERSION, 10, A);
        state.apply(requests.drop(1, 3, 1));
        state.apply(requests.create(1, 4, "c", 1, Metric.DOT));
        String reply = state.apply(requests.expecting(UpsertView.ABSENT_VERSION).upsert(1, 5, 0, 2, 10, false, A));
        assertThat(reply).isEqualTo("5: 1 at 5");
    }

    @Test
    void writesOfTheOlderSchemaHaveNoConditions() {
        upsert(2, UpsertView.ANY_VERSION, 10, A);
        UnsafeBuffer old = olderDelete(3, 10);
        state.machine.apply(3, (short) 1, old, 0, old.capacity());
        assertThat(state.replies.getLast()).isEqualTo("3: 1 at 3");
    }

    /** A delete as version 1 wrote it: shorter blocks. */
    private UnsafeBuffer olderDelete(long sequence, long id) {
        requests.expecting(99).delete(1, sequence, 1, id);
        int header = 8;
        int block = DeleteEncoder.knownIndexEncodingOffset();
        int element = DeleteEncoder.PointsEncoder.expectedVersionEncodingOffset();
        UnsafeBuffer old = new UnsafeBuffer(new byte[header + block + 4 + element]);
        old.putBytes(0, requests.buffer(), 0, header + block);
        old.putBytes(header + block, requests.buffer(), header + DeleteEncoder.BLOCK_LENGTH, 4 + element);
        old.putShort(0, (short) block, ByteOrder.LITTLE_ENDIAN);
        old.putShort(6, (short) 1, ByteOrder.LITTLE_ENDIAN);
        old.putShort(header + block, (short) element, ByteOrder.LITTLE_ENDIAN);
        return old;
    }

    @Test
    void theViewKnowsWhatAVersionCanBe() {
        requests.expecting(7).upsert(1, 1, 0, 1, 1, false, A);
        UpsertView view = new UpsertView().wrap(requests.buffer(), 0);
        assertThat(view.expectedVersion(0)).isEqualTo(7);
        assertThat(view.isConsistent()).isTrue();
        requests.expecting(-2).upsert(1, 1, 0, 1, 1, false, A);
        assertThat(view.wrap(requests.buffer(), 0).isConsistent()).isFalse();
        requests.buffer().putShort(6, (short) 1, ByteOrder.LITTLE_ENDIAN);
        assertThat(view.wrap(requests.buffer(), 0).expectedVersion(0)).isEqualTo(UpsertView.ANY_VERSION);
        assertThat(UpsertEncoder.SCHEMA_VERSION).isGreaterThan(1);
    }
}
