package io.grape.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * Bytes per operation of what runs for every message, by the JVM's own counter: a gate on allocation, never on time. The
 * figures come from JMH.
 */
class AllocationGateTest {
    private static final int WARM_UP = 50_000;
    private static final int OPERATIONS = 200_000;
    /** The counter itself may cost a few objects a reading. */
    private static final double ALLOWED_BYTES = 0.01;

    private static long sink;

    @Test
    void routingAllocatesNothing() {
        RouterBenchmark router = new RouterBenchmark();
        router.shards = 1024;
        router.fill();
        assertAllocates(router::hash, ALLOWED_BYTES);
        assertAllocates(router::groupOf, ALLOWED_BYTES);
        assertAllocates(router::shardEpochGroupAndLeader, ALLOWED_BYTES);
    }

    @Test
    void encodingCheckingAndDecodingAllocateNothing() {
        CodecBenchmark codec = new CodecBenchmark();
        codec.count = 16;
        codec.encode();
        assertAllocates(codec::encodeUpsert, ALLOWED_BYTES);
        assertAllocates(codec::encodeAppend, ALLOWED_BYTES);
        assertAllocates(codec::decodeUpsert, ALLOWED_BYTES);
        assertAllocates(() -> codec.checkUpsert().value(), ALLOWED_BYTES);
        assertAllocates(() -> codec.checkAppend().value(), ALLOWED_BYTES);
    }

    @Test
    void searchingAndAddingAllocateNothing() throws IOException {
        GraphBenchmark graph = new GraphBenchmark();
        graph.points = 1_000;
        graph.dimension = 8;
        graph.beam = 16;
        graph.fill();
        try {
            assertAllocates(graph::graphSearch, ALLOWED_BYTES);
            assertAllocates(graph::graphSearchOfHalf, ALLOWED_BYTES);
            assertAllocates(graph::graphSearchWithoutSome, ALLOWED_BYTES);
            assertAllocates(graph::searchAmongSome, ALLOWED_BYTES);
            assertAllocates(graph::add, ALLOWED_BYTES);
        } finally {
            graph.remove();
        }
    }

    @Test
    void theGateSeesAnAllocation() {
        assertThat(bytesPerOperation(() -> new byte[(int) (sink & 15) + 16].length))
                .isGreaterThan(16);
    }

    private static void assertAllocates(LongSupplier operation, double atMost) {
        assertThat(bytesPerOperation(operation)).as("bytes per operation").isLessThanOrEqualTo(atMost);
    }

    private static double bytesPerOperation(LongSupplier operation) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(operation, WARM_UP);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(operation, OPERATIONS);
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / OPERATIONS;
    }

    private static void run(LongSupplier operation, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += operation.getAsLong();
        }
        sink += sum;
    }
}
