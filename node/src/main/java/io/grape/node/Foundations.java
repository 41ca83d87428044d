package io.grape.node;

import io.grape.node.config.NodeConfig;
import io.grape.node.query.NodeIdentity;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import io.grape.raft.journal.segment.FileOps;
import io.grape.transport.TransportConfig;
import io.grape.transport.driver.DriverConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a node stands on, the journal and the transport, as its configuration describes them. */
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
}
