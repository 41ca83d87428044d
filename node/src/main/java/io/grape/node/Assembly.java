package io.grape.node;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.node.checkpoint.CheckpointPolicy;
import io.grape.node.checkpoint.CheckpointStep;
import io.grape.node.checkpoint.GroupCheckpoints;
import io.grape.node.config.CheckpointSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeTiming;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.groups.MemberKeeper;
import io.grape.node.groups.OwnedShards;
import io.grape.node.ingress.Ingress;
import io.grape.node.ingress.RequestScope;
import io.grape.node.query.NodeIdentity;
import io.grape.node.query.QueryAgent;
import io.grape.node.query.QueryContext;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.session.SessionRegistry;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.node.state.StoreFactory;
import io.grape.raft.core.Formation;
import io.grape.raft.core.HardState;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftLimits;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.core.SnapshotStore;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import io.grape.raft.journal.SyncPolicy;
import io.grape.raft.journal.segment.PlatformFiles;
import io.grape.raft.pipeline.ConsensusAgent;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.GroupTable;
import io.grape.raft.pipeline.Handover;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.JournalMaintenance;
import io.grape.raft.pipeline.LeaderPlacement;
import io.grape.raft.pipeline.PipelineConfig;
import io.grape.raft.pipeline.PipelinePorts;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import io.grape.transport.NodeTransport;
import io.grape.transport.TransportConfig;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.IdleMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires a node together: the one place that knows every part.
 *
 * <p>What must be closed is pushed on a stack as soon as it exists, threads last, so that a start that fails half way
 * leaves nothing behind.
 */
final class Assembly {
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
    private static final int INBOUND_SLOTS = 4096;
    private static final int INBOUND_ARENA_BYTES = 16 << 20;
    private static final int QUERY_RING_BYTES = 4 << 20;
    private static final int MAX_BATCH_BYTES = 3 << 20;
    private static final int MAX_ENTRY_BYTES = 512 * 1024;

    private final NodeConfig config;
    private final Formation formation;
    private final FatalHandler fatal;
    private final Deque<AutoCloseable> resources;
    private final SystemNanoClock clock = SystemNanoClock.INSTANCE;
    private final ShardTable firstTable;
    private final ShardRouter router;
    private final GroupStatus status;
    private final List<GroupCheckpoints> groupCheckpoints = new ArrayList<>();

    private Assembly(NodeConfig config, Formation formation, FatalHandler fatal, Deque<AutoCloseable> resources) {
        this.formation = formation;
        this.config = config;
        this.fatal = fatal;
        this.resources = resources;
        // A group's log begins with this one, whatever group 0 has made of it since.
        this.firstTable = FirstTable.of(config.groups().shards(), config.groupCount(), config.founders());
        this.router = new ShardRouter(firstTable);
        this.status = assemble();
    }

    /** Starts everything; what must be closed is on the stack, also when this throws. */
    static Assembly start(NodeConfig config, Formation formation, FatalHandler fatal, Deque<AutoCloseable> resources) {
        return new Assembly(config, formation, fatal, resources);
    }

    /** Returns the consensus state of group 0 for other threads. */
    GroupStatus status() {
        return status;
    }

    /** Returns the checkpoints of the node's groups, by ascending group id. */
    List<GroupCheckpoints> checkpoints() {
        return List.copyOf(groupCheckpoints);
    }

    private GroupStatus assemble() {
        DataDirectory data = keep(DataDirectory.open(
                config.dataDirectory(),
                config.nodeId(),
                new DataDirectory.Shape(config.groups().shards(), config.groupCount())));
        // A collection's points are spread over the groups, and so is its budget.
        CollectionStores stores = new CollectionStores(
                data.collections(), Math.max(1, config.limits().budgetBytes() / config.groupCount()), config.index());
        stores.start();
        Journal journal = keep(openJournal(data));
        // A clean stop leaves nothing to the operating system, whatever the policy: this runs before the journal
        // closes.
        resources.push(journal::force);
        NodeTransport transport = keep(NodeTransport.open(transportConfig()));

        SessionRegistry registry = new SessionRegistry();
        NodeLife life = life(data);
        List<GroupParts> parts = new ArrayList<>();
        for (int groupId = 0; groupId <= config.groupCount(); groupId++) {
            parts.add(openGroup(groupId, data, stores, journal, registry, life));
        }
        InboundRing inbound = new InboundRing(INBOUND_SLOTS, INBOUND_ARENA_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(QUERY_RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        ForceAgent force = new ForceAgent(journal, clock::nanoTime, new ForceListener());
        ClusterNodes nodes = clusterNodes(parts.getFirst());
        PeerLink link = new PeerLink(transport, inbound, nodes::peers);
        PipelinePorts ports = new PipelinePorts(link, new RequestReplies(replies(registry), queries), clock);
        GroupTable table = GroupTable.of(
                journal,
                parts.stream().map(GroupParts::raft).toList(),
                parts.stream().map(GroupParts::applied).toList());
        ConsensusAgent consensus = new ConsensusAgent(
                table, journal, inbound, durablePosition(journal, force), ports, PipelineConfig.defaults());
        spreadLeaders(consensus.placement());
        HostedGroups groups = hosted(parts, table);
        SessionManager sessions = new SessionManager(
                transport,
                registry,
                groups,
                nodes::members,
                config.limits(),
                config.nodeId(),
                new SecureRandom().nextLong());
        Agent ingress = new Ingress(transport, inbound, sessions, replies(registry), groups, clock, scope()).agent();
        QueryAgent query = new QueryAgent(queries, queryContext(groups), replies(registry));

        run(stores.builder(), IdleMode.SLEEP);
        run(force);
        run(together("apply", applySides(parts, table)));
        run(query);
        List<Agent> pipeline =
                new ArrayList<>(List.of(ingress, link, consensus, JournalMaintenance.of(journal, table)));
        parts.forEach(part -> pipeline.add(part.checkpoints().pipelineSide(part.raft())));
        pipeline.add(new MemberKeeper(
                parts.stream().map(GroupParts::raft).toList(),
                clusterState(parts.getFirst()),
                consensus::touch,
                clock));
        run(together("pipeline", pipeline));
        resources.push(() -> handOver(consensus.handover()));
        return consensus.status();
    }

    private GroupParts openGroup(
            int groupId,
            DataDirectory data,
            CollectionStores stores,
            Journal journal,
            SessionRegistry registry,
            NodeLife life) {
        boolean isMetadata = groupId == HostedGroups.METADATA;
        StoreFactory factory = stores.ofGroup(groupId);
        StateMachine state = keep(new StateMachine(
                isMetadata ? NoStore::create : factory,
                new ReplyPublisher(registry, groupId, () -> router.table().epoch()),
                config.limits().maxClients(),
                config.limits().maxCollections(),
                isMetadata ? new ClusterState(router) : new OwnedShards(groupId, firstTable)));
        GroupLog log = journal.group(groupId);
        GroupCheckpoints checkpoints = openCheckpoints(checkpointSetup(groupId, data, state, stores, journal));
        Sequence applied = new Sequence(checkpoints.recoveredIndex());
        return new GroupParts(state, checkpoints, applied, raftGroup(groupId, log, checkpoints.snapshots(), life));
    }

    private ClusterNodes clusterNodes(GroupParts metadata) {
        return new ClusterNodes(config, clusterState(metadata));
    }

    private static ClusterState clusterState(GroupParts metadata) {
        if (metadata.state().commands() instanceof ClusterState cluster) {
            return cluster;
        }
        throw new IllegalStateException("group " + metadata.groupId() + " is not the metadata group");
    }

    private ReplyPublisher replies(SessionRegistry registry) {
        return new ReplyPublisher(
                registry, HostedGroups.METADATA, () -> router.table().epoch());
    }

    private RequestScope scope() {
        return new RequestScope(
                config.limits(),
                RaftLimits.DEFAULT.maxUncommittedBytes(),
                config.timing().clientExpiryMs());
    }

    private HostedGroups hosted(List<GroupParts> parts, GroupTable table) {
        List<HostedGroup> hosted = new ArrayList<>();
        for (int slot = 0; slot < parts.size(); slot++) {
            hosted.add(parts.get(slot).hosted(table.at(slot)));
        }
        return new HostedGroups(hosted, router);
    }

    private static List<Agent> applySides(List<GroupParts> parts, GroupTable table) {
        List<Agent> agents = new ArrayList<>();
        for (int slot = 0; slot < parts.size(); slot++) {
            agents.add(parts.get(slot).applySide(table.at(slot)));
        }
        return agents;
    }

    /** Group 0 is led by whoever is elected; the data groups are dealt out to the members in turn. */
    private void spreadLeaders(LeaderPlacement placement) {
        List<Integer> voters = config.founders();
        for (int groupId = 1; groupId <= config.groupCount(); groupId++) {
            placement.prefer(groupId, voters.get((groupId - 1) % voters.size()));
        }
    }

    private GroupCheckpoints openCheckpoints(GroupCheckpoints.Setup setup) {
        GroupCheckpoints opened = keep(GroupCheckpoints.open(setup));
        groupCheckpoints.add(opened);
        opened.verifyInBackground();
        return opened;
    }

    private GroupCheckpoints.Setup checkpointSetup(
            int groupId, DataDirectory data, StateMachine state, CollectionStores stores, Journal journal) {
        CheckpointSettings settings = config.journal().checkpoint();
        // Group 0 is small and changes seldom, so it is saved after each change: a backup never lacks a collection.
        CheckpointPolicy policy = new CheckpointPolicy(
                groupId == HostedGroups.METADATA ? 1 : settings.entries(),
                (long) settings.journalMib() << 20,
                TimeUnit.SECONDS.toNanos(settings.intervalSeconds()),
                TimeUnit.SECONDS.toNanos(1),
                settings.trailingEntries());
        return new GroupCheckpoints.Setup(
                new GroupCheckpoints.Directories(data.checkpoints(groupId), data.collections(groupId)),
                state,
                stores,
                journal,
                journal.group(groupId),
                Membership.ofVoters(voters()),
                new GroupCheckpoints.Settings(
                        policy,
                        (long) settings.sendMibPerSecond() << 20,
                        clock,
                        fatal::stop,
                        CheckpointStep.Listener.NONE,
                        "grape-" + config.nodeId() + "-checkpoint-" + groupId));
    }

    /** A node that joins listens until a leader has taken it in; the others are the first members. */
    private List<Integer> voters() {
        return isJoining() ? List.of() : config.founders();
    }

    private boolean isJoining() {
        return !config.founders().contains(config.nodeId());
    }

    private QueryContext queryContext(HostedGroups groups) {
        return new QueryContext(
                identity(), groups, config.limits(), config.limits().maxMessageLength());
    }

    /** Only {@code force} makes a reply wait for the disk; the others count what is written. */
    private LongSupplier durablePosition(Journal journal, ForceAgent force) {
        return config.syncPolicy() == SyncPolicy.FORCE ? force::durablePosition : journal::writtenPosition;
    }

    /** A failed force ends the force agent with an exception, and with it the node; there is nothing more to do. */
    private static final class ForceListener implements ForceAgent.Listener {
        @Override
        public void onDurable(long position) {}

        @Override
        public void onForceFailed(FaultException fault) {
            throw fault;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    private static Agent together(String name, List<Agent> agents) {
        return new CompositeAgent(agents) {
            @Override
            public String roleName() {
                return name;
            }
        };
    }

    private void run(Agent agent) {
        run(agent, config.aeron().idle());
    }

    private void run(Agent agent, IdleMode idle) {
        AgentRunner runner = new AgentRunner(idle.newStrategy(), fatal, null, agent);
        AgentRunner.startOnThread(runner, work -> {
            Thread thread = new Thread(work, "grape-" + config.nodeId() + "-" + agent.roleName());
            thread.setDaemon(true);
            return thread;
        });
        resources.push(runner);
    }

    private Journal openJournal(DataDirectory data) {
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
        Journal journal = Journal.openForRepair(journalConfig, new PlatformFiles());
        RepairLog.report(journal, config.nodeId());
        return journal;
    }

    private TransportConfig transportConfig() {
        String directory = config.aeron().directory();
        DriverConfig driver = DriverConfig.embedded()
                .withDirectory(directory == null ? null : Path.of(directory))
                .withIdleMode(config.aeron().idle());
        if (config.aeron().external() && directory != null) {
            driver = DriverConfig.external(Path.of(directory));
        }
        return TransportConfig.of(config.nodeId(), config.endpoint(), List.of())
                .withDriver(driver)
                .withLengths(
                        TransportConfig.DEFAULT_PEER_TERM_LENGTH,
                        TransportConfig.DEFAULT_EGRESS_TERM_LENGTH,
                        config.limits().maxMessageLength());
    }

    /** Stops leading before the threads stop, so that clients see no election timeout; waits no longer than two of them. */
    private void handOver(Handover handover) {
        if (fatal.failure() != null) {
            return;
        }
        handover.request();
        try {
            if (!handover.await(
                    TimeUnit.MILLISECONDS.toNanos(2L * config.timing().electionTimeoutMs()))) {
                LOG.warn("node={} stops as leader: no other member took over in time", config.nodeId());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** One life for all groups of the node. A new disk has to be told that it has no past. */
    private NodeLife life(DataDirectory data) {
        return new NodeLife(
                data.diskId(),
                Incarnation.of(data.incarnation(), new SecureRandom().nextInt()),
                formation,
                config.syncPolicy() != SyncPolicy.FORCE);
    }

    private RaftGroup raftGroup(int groupId, GroupLog log, SnapshotStore snapshots, NodeLife life) {
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
                voters(),
                raftTiming,
                RaftLimits.DEFAULT,
                new SecureRandom().nextLong(),
                life);
        return new RaftGroup(raftConfig, log, snapshots, recovered, clock.nanoTime());
    }

    private NodeIdentity identity() {
        String version = GrapeNode.class.getPackage().getImplementationVersion();
        return new NodeIdentity(
                config.nodeId(),
                config.syncPolicy().configName(),
                config.dataDirectory().toAbsolutePath().toString(),
                version == null ? "development" : version);
    }
}
