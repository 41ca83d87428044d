package io.grape.benchmarks.replication;

import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.client.EgressListener;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.Header;
import io.grape.transport.driver.IdleMode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron Cluster: an entry is a session message that the clustered service sends back once it is committed. */
final class AeronLogClient implements LogClient, EgressListener {
    private static final long KEEP_ALIVE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Outcomes outcomes;
    private final MediaDriver driver;
    private final AeronCluster cluster;
    private final UnsafeBuffer entry = new UnsafeBuffer(new byte[1 << 16]);
    private int entryBytes = Long.BYTES;
    private long nextKeepAliveNs = System.nanoTime();

    AeronLogClient(String ingressEndpoints, String idleStrategy, Path directory, Outcomes outcomes) {
        this.outcomes = outcomes;
        IdleMode idle = IdleMode.of(idleStrategy);
        this.driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle.newStrategy())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        this.cluster = AeronCluster.connect(new AeronCluster.Context()
                .aeronDirectoryName(directory.toString())
                .egressListener(this)
                .egressChannel("aeron:udp?endpoint=localhost:0")
                .ingressChannel("aeron:udp?term-length=4m")
                .ingressEndpoints(ingressEndpoints)
                .messageTimeoutNs(TimeUnit.SECONDS.toNanos(30)));
    }

    @Override
    public void entryBytes(int bytes) {
        entryBytes = Math.max(Long.BYTES, bytes);
    }

    @Override
    public boolean offer(long correlation) {
        entry.putLong(0, correlation);
        return cluster.offer(entry, 0, entryBytes) > 0;
    }

    @Override
    public int poll() {
        long nowNs = System.nanoTime();
        if (nowNs - nextKeepAliveNs >= 0) {
            cluster.sendKeepAlive();
            nextKeepAliveNs = nowNs + KEEP_ALIVE_NS;
        }
        return cluster.pollEgress();
    }

    @Override
    public void onMessage(
            long clusterSessionId, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
        outcomes.committed(buffer.getLong(offset));
    }

    @Override
    public void close() {
        CloseHelper.closeAll(cluster, driver);
    }
}
