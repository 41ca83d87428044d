package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.Request;
import io.grape.codecs.sbe.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the network and the nodes do, each request has one outcome, and success means committed. */
class ExactlyOnceProperty {
    private static final long MS = 1_000_000;
    private static final long DEADLINE_NS = 3_000 * MS;
    private static final long PATIENT_NS = 60_000 * MS;

    @Property(tries = 60)
    void successMeansCommittedOnceAndEveryRequestHasOneOutcome(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int maxInFlight) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        SimulatedClient client = new SimulatedClient(cluster, maxInFlight, false);
        RandomGenerator random = cluster.random();
        cluster.trouble = new SimulatedCluster.Trouble(
                random.nextInt(150), random.nextInt(150), random.nextInt(150), random.nextInt(100), random.nextInt(30));
        List<SimulatedClient.Outcome> writes = new ArrayList<>();
        List<SimulatedClient.Outcome> reads = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            disturb(cluster, random);
            SimulatedClient.Outcome write = client.write(writes.size(), DEADLINE_NS);
            if (write != null) {
                writes.add(write);
            }
            if (random.nextInt(10) == 0) {
                SimulatedClient.Outcome read = client.read(RequestSlot.LEADER, DEADLINE_NS);
                if (read != null) {
                    reads.add(read);
                }
            }
            client.run(random.nextLong(20 * MS));
        }
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        cluster.restartAll();
        client.run(DEADLINE_NS + MS);
        assertThat(writes).allSatisfy(write -> assertThat(write.outcomes).isEqualTo(1));
        assertThat(reads).allSatisfy(read -> assertThat(read.outcomes).isEqualTo(1));
        assertThat(client.pool.inUse()).isZero();
        assertThat(client.window.acknowledgedThrough()).isEqualTo(client.window.lastSequence());
        checkCommitted(cluster, writes);
    }

    private static void disturb(SimulatedCluster cluster, RandomGenerator random) {
        switch (random.nextInt(40)) {
            case 0 -> cluster.elect(random.nextInt(3) + 1);
            case 1 -> cluster.stop(random.nextInt(3) + 1);
            case 2, 3 -> cluster.restart(random.nextInt(3) + 1);
            default -> {}
        }
    }

    /** Every acknowledged write was committed under its own index, and none index was given twice. */
    private static void checkCommitted(SimulatedCluster cluster, List<SimulatedClient.Outcome> writes) {
        Map<Long, SimulatedClient.Outcome> byIndex = new HashMap<>();
        for (SimulatedClient.Outcome write : writes) {
            if (write.isSuccess()) {
                assertThat(cluster.committed).containsValue(write.index);
                assertThat(byIndex.put(write.index, write)).isNull();
            } else {
                assertThat(write.code).isEqualTo(ErrorCode.TIMED_OUT);
            }
        }
    }

    @Property(tries = 20)
    void onceTroubleEndsEveryPatientWriteSucceeds(@ForAll long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        SimulatedClient client = new SimulatedClient(cluster, 32, false);
        cluster.trouble = new SimulatedCluster.Trouble(200, 100, 200, 100, 50);
        List<SimulatedClient.Outcome> writes = new ArrayList<>();
        for (int step = 0; step < 100; step++) {
            disturb(cluster, cluster.random());
            SimulatedClient.Outcome write = client.write(writes.size(), PATIENT_NS);
            if (write != null) {
                writes.add(write);
            }
            client.run(10 * MS);
        }
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        cluster.restartAll();
        client.run(5_000 * MS);
        assertThat(writes).allSatisfy(write -> assertThat(write.isSuccess()).isTrue());
        assertThat(cluster.committed).hasSize(writes.size());
    }

    @Property(tries = 20)
    void withoutTroubleNothingIsSentTwiceAndSequencesArriveInOrder(@ForAll long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        SimulatedClient client = new SimulatedClient(cluster, 16, false);
        int submitted = 0;
        for (int step = 0; step < 200; step++) {
            if (client.write(step, DEADLINE_NS) != null) {
                submitted++;
            }
            client.run(cluster.random().nextLong(MS));
        }
        client.run(10 * MS);
        assertThat(client.requests.resends()).isZero();
        assertThat(cluster.received.stream().map(Request::sequence).distinct()).hasSize(submitted);
        assertThat(cluster.committed).hasSize(submitted);
    }
}
