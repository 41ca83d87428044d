package io.grape.benchmarks.replication;

import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ClusteredMediaDriver;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.Header;
import io.grape.transport.driver.IdleMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.ShutdownSignalBarrier;

/**
 * One member process of Aeron Cluster with a service that answers each committed message with itself: shared driver, shared archive,
 * consensus module and service have a thread each, as in its samples for few cores.
 *
 * <p>Arguments: member, base port, directory, file sync level, idle strategy.
 */
final class AeronMember {
    static final int PORTS = 5;
    private static final String HOST = "localhost";

    private AeronMember() {}

    public static void main(String[] arguments) {
        int member = Integer.parseInt(arguments[0]);
        int basePort = Integer.parseInt(arguments[1]);
        Path directory = Path.of(arguments[2]);
        int syncLevel = Integer.parseInt(arguments[3]);
        IdleMode idle = IdleMode.of(arguments[4]);
        String driverDirectory = CommonContext.getAeronDirectoryName() + "-bench-" + basePort + "-" + member;
        AeronArchive.Context archive = new AeronArchive.Context()
                .aeronDirectoryName(driverDirectory)
                .controlRequestChannel("aeron:ipc?term-length=64k")
                .controlResponseChannel("aeron:ipc?term-length=64k");
        try (ShutdownSignalBarrier barrier = new ShutdownSignalBarrier();
                ClusteredMediaDriver driver = ClusteredMediaDriver.launch(
                        driver(driverDirectory, idle),
                        archive(driverDirectory, directory, port(basePort, member, 4), syncLevel, idle),
                        module(driverDirectory, directory, archive, syncLevel, idle)
                                .clusterMemberId(member)
                                .clusterMembers(members(basePort)));
                ClusteredServiceContainer service =
                        ClusteredServiceContainer.launch(new ClusteredServiceContainer.Context()
                                .aeronDirectoryName(driverDirectory)
                                .archiveContext(archive.clone())
                                .clusterDir(directory.resolve("cluster").toFile())
                                .idleStrategySupplier(idle::newStrategy)
                                .clusteredService(new Echo()))) {
            System.out.println("started " + driver.consensusModule().context().clusterMemberId() + " "
                    + service.context().serviceId());
            barrier.await();
        }
    }

    private static MediaDriver.Context driver(String driverDirectory, IdleMode idle) {
        return new MediaDriver.Context()
                .aeronDirectoryName(driverDirectory)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle.newStrategy())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true);
    }

    private static Archive.Context archive(
            String driverDirectory, Path directory, int port, int syncLevel, IdleMode idle) {
        return new Archive.Context()
                .aeronDirectoryName(driverDirectory)
                .archiveDir(directory.resolve("archive").toFile())
                .controlChannel("aeron:udp?endpoint=" + HOST + ":" + port)
                .localControlChannel("aeron:ipc?term-length=64k")
                .replicationChannel("aeron:udp?endpoint=" + HOST + ":0")
                .recordingEventsEnabled(false)
                .threadingMode(ArchiveThreadingMode.SHARED)
                .idleStrategySupplier(idle::newStrategy)
                .fileSyncLevel(syncLevel)
                .catalogFileSyncLevel(syncLevel);
    }

    private static ConsensusModule.Context module(
            String driverDirectory, Path directory, AeronArchive.Context archive, int syncLevel, IdleMode idle) {
        return new ConsensusModule.Context()
                .aeronDirectoryName(driverDirectory)
                .clusterDir(directory.resolve("cluster").toFile())
                .archiveContext(archive.clone())
                .ingressChannel("aeron:udp?term-length=4m")
                .egressChannel("aeron:udp?term-length=4m")
                .logChannel("aeron:udp?term-length=16m")
                .replicationChannel("aeron:udp?endpoint=" + HOST + ":0")
                .idleStrategySupplier(idle::newStrategy)
                .fileSyncLevel(syncLevel);
    }

    static int port(int basePort, int member, int which) {
        return basePort + member * PORTS + which;
    }

    private static String members(int basePort) {
        List<String> members = new ArrayList<>();
        for (int member = 0; member < ReplicationBenchmark.MEMBERS; member++) {
            StringBuilder text = new StringBuilder().append(member);
            for (int which = 0; which < PORTS; which++) {
                text.append(',').append(HOST).append(':').append(port(basePort, member, which));
            }
            members.add(text.toString());
        }
        return String.join("|", members);
    }

    /** Returns where clients reach the members. */
    static String ingress(int basePort) {
        List<String> endpoints = new ArrayList<>();
        for (int member = 0; member < ReplicationBenchmark.MEMBERS; member++) {
            endpoints.add(member + "=" + HOST + ":" + port(basePort, member, 0));
        }
        return String.join(",", endpoints);
    }

    /** Sends back what was committed. */
    private static final class Echo implements ClusteredService {
        private IdleStrategy idle;

        @Override
        public void onStart(Cluster cluster, Image snapshot) {
            idle = cluster.idleStrategy();
        }

        @Override
        public void onSessionMessage(
                ClientSession session, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
            idle.reset();
            while (session != null && session.offer(buffer, offset, length) < 0 && !session.isClosing()) {
                idle.idle();
            }
        }

        @Override
        public void onSessionOpen(ClientSession session, long timestamp) {}

        @Override
        public void onSessionClose(ClientSession session, long timestamp, CloseReason reason) {}

        @Override
        public void onTimerEvent(long correlationId, long timestamp) {}

        @Override
        public void onTakeSnapshot(ExclusivePublication publication) {}

        @Override
        public void onRoleChange(Cluster.Role role) {}

        @Override
        public void onTerminate(Cluster cluster) {}
    }
}
