package io.grape.benchmarks.vectors.contender;

import com.sun.management.OperatingSystemMXBean;
import io.grape.benchmarks.vectors.data.FloatRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** The driver of contenders on the JVM: {@code ContenderMain NAME} and the arguments of the package's description. */
public final class ContenderMain {
    /** Neighbours asked for. */
    public static final int K = 10;

    private ContenderMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Job job = Job.parse(Arrays.asList(arguments).subList(1, arguments.length));
        try (Index index = index(arguments[0], job)) {
            if (job.mode().equals("build")) {
                build(index, job);
            } else {
                serve(index, job);
            }
        }
        // Libraries may leave threads behind that are no daemons.
        System.exit(0);
    }

    private static Index index(String name, Job job) throws IOException {
        return switch (name) {
            case "grape" -> new GrapeIndex(job);
            case "lucene" -> new LuceneIndex(job);
            case "jvector" -> new JVectorIndex(job);
            default -> throw new IllegalArgumentException("unknown contender " + name);
        };
    }

    private static void build(Index index, Job job) throws IOException, InterruptedException {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        index.build(job.threads());
        say("@built " + (System.nanoTime() - start) + " " + (process.getProcessCpuTime() - cpu));
    }

    private static void serve(Index index, Job job) throws IOException {
        float[][] queries = queries(job);
        index.open();
        say("@ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = List.of(line.split(" "));
            say(pass(index, job, queries, Integer.parseInt(words.get(1))));
        }
    }

    private static float[][] queries(Job job) throws IOException {
        FloatRows rows = FloatRows.map(job.queryFile(), job.dimension());
        float[][] queries = new float[job.queries()][job.dimension()];
        for (int i = 0; i < queries.length; i++) {
            rows.read(i, queries[i]);
        }
        return queries;
    }

    private static String pass(Index index, Job job, float[][] queries, int beam) throws IOException {
        int[][] found = new int[queries.length][K];
        long[] latencies = new long[queries.length];
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long before = start;
        for (int i = 0; i < queries.length; i++) {
            int count = index.search(queries[i], beam, found[i]);
            if (count < K) {
                Arrays.fill(found[i], count, K, -1);
            }
            long after = System.nanoTime();
            latencies[i] = after - before;
            before = after;
        }
        long wall = before - start;
        cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        ByteBuffer bytes = ByteBuffer.allocate(queries.length * (K * Integer.BYTES + Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int[] rows : found) {
            for (int row : rows) {
                bytes.putInt(row);
            }
        }
        for (long latency : latencies) {
            bytes.putLong(latency);
        }
        Files.write(job.directory().resolve("results.bin"), bytes.array());
        return "@done " + wall + " " + cpu;
    }

    @SuppressWarnings("SystemOut") // the line protocol
    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
