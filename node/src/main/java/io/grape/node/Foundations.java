package io.grape.node;

import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeTiming;
import io.grape.node.query.NodeIdentity;
import io.grape.raft.core.Formation;
import io.grape.raft.core.HardState;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftLimits;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.core.SnapshotStore;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import io.grape.raft.journal.SyncPolicy;
import io.grape.raft.journal.segment.FileOps;
import io.grape.transport.TransportConfig;
import io.grape.transport.driver.DriverConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a node stands on, the journal, the transport and the Raft groups, as its configuration describes them. */
final class Foundations {
    private static final int MAX_BATCH_BYTES = 3 << 20;
    private static final int MAX_ENTRY_BYTES = 512 * 1024;

    private Foundations() {}

    static Journal journal(NodeConfig config, DataDirectory data, FileOps files) {
        int segmentBytes = Integer.highestOneBit(config.journal().segmentMib()) << 20;
        JournalConfig journalConfig = JournalConfig.defaults(data.journal(), config.nodeId(), 0)
                .withSizes(segmentBytes, MAX_BATCH_BYTES, MAX_ENTRY_BYTES)
                .withSyncPolicy(
                        config.syncPolicy(),
                        TimeUnit.MILLISECONDS.toNanos(config.timing().forceIntervalMs()))
                .withMinFreeAndSalt((long) config.journal().minFreeMib() << 20, new SecureRandom().nextInt());
        if (config.members().size() == 1) {
            // Nobody could repair it.
            return Journal.open(journalConfig);
        }
        Journal journal = Journal.openForRepair(journalConfig, files);
        RepairLog.report(journal, config.nodeId());
        return journal;
    }

    /** The other nodes are told to the transport as the members change. */
    static TransportConfig transport(NodeConfig config, NodeSeams seams) {
        String directory = config.aeron().directory();
        DriverConfig driver = DriverConfig.embedded()
                .withDirectory(directory == null ? null : Path.of(directory))
                .withIdleMode(config.aeron().idle());
        if (config.aeron().external() && directory != null) {
            driver = DriverConfig.external(Path.of(directory));
        }
        return TransportConfig.of(config.nodeId(), config.endpoint(), List.of())
                .withDriver(driver)
                .withIpcIngress(true)
                .withFaults(seams.links())
                .withLengths(
                        TransportConfig.DEFAULT_PEER_TERM_LENGTH,
                        TransportConfig.DEFAULT_EGRESS_TERM_LENGTH,
                        config.limits().maxMessageLength());
    }

    /** Who the node says it is. */
    static NodeIdentity identity(NodeConfig config) {
        return new NodeIdentity(
                config.nodeId(),
                config.syncPolicy().configName(),
                config.dataDirectory().toAbsolutePath().toString(),
                GrapeNode.version());
    }

    /** A node that joins listens until a leader has taken it in; the others are the first members. */
    static List<Integer> voters(NodeConfig config) {
        return isJoining(config) ? List.of() : config.founders();
    }

    private static boolean isJoining(NodeConfig config) {
        return !config.founders().contains(config.nodeId());
    }

    /** One life for all groups of the node. A new disk has to be told that it has no past. */
    static NodeLife life(NodeConfig config, DataDirectory data, Formation formation) {
        return new NodeLife(
                data.diskId(),
                Incarnation.of(data.incarnation(), new SecureRandom().nextInt()),
                formation,
                config.syncPolicy() != SyncPolicy.FORCE);
    }

    static RaftGroup raftGroup(
            NodeConfig config, int groupId, GroupLog log, SnapshotStore snapshots, NodeLife life, long nowNs) {
        HardState recovered = log.hardState();
        NodeTiming timing = config.timing();
        RaftTiming raftTiming = new RaftTiming(
                TimeUnit.MILLISECONDS.toNanos(timing.electionTimeoutMs()),
                TimeUnit.MILLISECONDS.toNanos(timing.heartbeatMs()),
                RaftTiming.DEFAULT.minRetransmitTimeoutNs(),
                RaftTiming.DEFAULT.retransmitRoundTrips());
        RaftConfig raftConfig = new RaftConfig(
                groupId,
                config.nodeId(),
                voters(config),
                raftTiming,
                RaftLimits.DEFAULT.withMaxUncommittedBytes(config.limits().inFlightBytes()),
                new SecureRandom().nextLong(),
                life);
        return new RaftGroup(raftConfig, log, snapshots, recovered, nowNs);
    }
}
