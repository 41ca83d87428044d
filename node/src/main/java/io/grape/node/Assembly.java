package io.grape.node;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.node.checkpoint.CheckpointPolicy;
import io.grape.node.checkpoint.CheckpointStep;
import io.grape.node.checkpoint.GroupCheckpoints;
import io.grape.node.config.CheckpointSettings;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeTiming;
import io.grape.node.ingress.Ingress;
import io.grape.node.ingress.RequestScope;
import io.grape.node.query.NodeIdentity;
import io.grape.node.query.QueryAgent;
import io.grape.node.query.QueryContext;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.session.SessionRegistry;
import io.grape.node.state.StateMachine;
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
import io.grape.raft.pipeline.ApplyAgent;
import io.grape.raft.pipeline.ConsensusAgent;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.Handover;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.JournalMaintenance;
import io.grape.raft.pipeline.PipelineConfig;
import io.grape.raft.pipeline.PipelinePorts;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.transport.NodeTransport;
import io.grape.transport.Peer;
import io.grape.transport.TransportConfig;
import io.grape.transport.driver.DriverConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires a node together: the one place that knows every part.
 *
 * <p>What must be closed is pushed on a stack as soon as it exists, threads last, so that a start that fails half way
 * leaves nothing behind.
 */
final class Assembly {
    /** While there is one group it holds collections and points alike. */
    static final int GROUP_ID = 0;

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
    private static final int INBOUND_SLOTS = 4096;
    private static final int INBOUND_ARENA_BYTES = 16 << 20;
    private static final int QUERY_RING_BYTES = 4 << 20;
    private static final int APPLY_BATCH = 256;
    private static final int MAX_BATCH_BYTES = 3 << 20;
    private static final int MAX_ENTRY_BYTES = 512 * 1024;

    private final NodeConfig config;
    private final Formation formation;
    private final NodeSeams seams;
    private final FatalHandler fatal;
    private final Deque<AutoCloseable> resources;
    private final SystemNanoClock clock = SystemNanoClock.INSTANCE;
    private final GroupStatus status;
    private @Nullable GroupCheckpoints groupCheckpoints;

    private Assembly(
            NodeConfig config,
            Formation formation,
            NodeSeams seams,
            FatalHandler fatal,
            Deque<AutoCloseable> resources) {
        this.formation = formation;
        this.seams = seams;
        this.config = config;
        this.fatal = fatal;
        this.resources = resources;
        this.status = assemble();
    }

    /** Starts everything; what must be closed is on the stack, also when this throws. */
    static Assembly start(
            NodeConfig config,
            Formation formation,
            NodeSeams seams,
            FatalHandler fatal,
            Deque<AutoCloseable> resources) {
        return new Assembly(config, formation, seams, fatal, resources);
    }

    /** Returns the consensus state for other threads. */
    GroupStatus status() {
        return status;
    }

    /** Returns the checkpoints of the node's group. */
    GroupCheckpoints checkpoints() {
        return Objects.requireNonNull(groupCheckpoints);
    }

    private GroupStatus assemble() {
        DataDirectory data = keep(DataDirectory.open(config.dataDirectory(), config.nodeId()));
        CollectionStores stores =
                new CollectionStores(data.collections(), config.limits().budgetBytes());
        stores.start();
        Journal journal = keep(openJournal(data));
        // A clean stop leaves nothing to the operating system, whatever the policy: this runs before the journal
        // closes.
        resources.push(journal::force);
        NodeTransport transport = keep(NodeTransport.open(transportConfig()));

        SessionRegistry registry = new SessionRegistry();
        StateMachine state = keep(new StateMachine(
                stores,
                new ReplyPublisher(registry, GROUP_ID),
                config.limits().maxClients(),
                config.limits().maxCollections()));
        InboundRing inbound = new InboundRing(INBOUND_SLOTS, INBOUND_ARENA_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(QUERY_RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        GroupLog log = journal.group(GROUP_ID);
        GroupCheckpoints checkpoints = openCheckpoints(checkpointSetup(data, state, stores, journal, log));
        Sequence applied = new Sequence(checkpoints.recoveredIndex());
        ForceAgent force = new ForceAgent(journal, clock::nanoTime, new ForceListener());
        PeerLink link = new PeerLink(transport, inbound, GROUP_ID);
        PipelinePorts ports =
                new PipelinePorts(link, new RequestReplies(new ReplyPublisher(registry, GROUP_ID), queries), clock);
        RaftGroup group = raftGroup(log, checkpoints.snapshots(), life(data));
        ConsensusAgent consensus = new ConsensusAgent(
                group, journal, inbound, durablePosition(journal, force), applied, ports, PipelineConfig.defaults());
        SessionManager sessions = new SessionManager(
                transport,
                registry,
                consensus.status(),
                config.members(),
                config.limits(),
                config.nodeId(),
                new SecureRandom().nextLong());
        Agent ingress = new Ingress(
                        transport,
                        inbound,
                        sessions,
                        new ReplyPublisher(registry, GROUP_ID),
                        consensus.status(),
                        applied::get,
                        state,
                        clock,
                        new RequestScope(
                                GROUP_ID,
                                config.limits(),
                                RaftLimits.DEFAULT.maxUncommittedBytes(),
                                config.timing().clientExpiryMs()))
                .agent();
        QueryContext context = queryContext(state, applied, consensus.status());
        QueryAgent query = new QueryAgent(queries, context, new ReplyPublisher(registry, GROUP_ID));
        ApplyAgent apply = new ApplyAgent(log, consensus.published(), applied, checkpoints.applier(), APPLY_BATCH);

        NodeThreads threads = new NodeThreads(config.aeron().idle(), transport);
        threads.forceWhen(
                () -> config.syncPolicy() == SyncPolicy.FORCE && journal.writtenPosition() > force.durablePosition());
        threads.applyWhen(() -> consensus.published().get() > applied.get());
        threads.queryWhen(() -> queries.size() > 0);
        run(force, threads.force());
        run(checkpoints.applySide(apply, applied), threads.apply());
        run(query, threads.query());
        run(
                new CompositeAgent(
                        ingress,
                        link,
                        consensus,
                        new JournalMaintenance(journal, log, applied),
                        checkpoints.pipelineSide(group)),
                threads.pipeline());
        resources.push(() -> handOver(consensus.handover()));
        return consensus.status();
    }

    private GroupCheckpoints openCheckpoints(GroupCheckpoints.Setup setup) {
        GroupCheckpoints opened = keep(GroupCheckpoints.open(setup));
        groupCheckpoints = opened;
        opened.verifyInBackground();
        return opened;
    }

    private GroupCheckpoints.Setup checkpointSetup(
            DataDirectory data, StateMachine state, CollectionStores stores, Journal journal, GroupLog log) {
        CheckpointSettings settings = config.journal().checkpoint();
        CheckpointPolicy policy = new CheckpointPolicy(
                settings.entries(),
                (long) settings.journalMib() << 20,
                TimeUnit.SECONDS.toNanos(settings.intervalSeconds()),
                TimeUnit.SECONDS.toNanos(1),
                settings.trailingEntries());
        return new GroupCheckpoints.Setup(
                new GroupCheckpoints.Directories(data.checkpoints(GROUP_ID), data.collections()),
                state,
                stores,
                journal,
                log,
                Membership.ofVoters(voters()),
                new GroupCheckpoints.Settings(
                        policy,
                        (long) settings.sendMibPerSecond() << 20,
                        clock,
                        fatal::stop,
                        CheckpointStep.Listener.NONE,
                        "grape-" + config.nodeId() + "-checkpoint"));
    }

    private List<Integer> voters() {
        return config.members().stream().map(MemberConfig::nodeId).sorted().toList();
    }

    private QueryContext queryContext(StateMachine state, Sequence applied, GroupStatus groupStatus) {
        return new QueryContext(
                identity(),
                GROUP_ID,
                state,
                applied::get,
                groupStatus,
                new ShardRouter(ShardTable.of(ShardTable.DEFAULT_SHARD_COUNT, shardGroup())),
                config.limits(),
                config.limits().maxMessageLength());
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

    private ShardGroup shardGroup() {
        List<Integer> members = Arrays.stream(config.memberIds()).boxed().toList();
        return new ShardGroup(GROUP_ID, ShardGroup.NO_LEADER, members);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    private void run(Agent agent, IdleStrategy idle) {
        AgentRunner runner = new AgentRunner(idle, fatal, null, agent);
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
        Journal journal = Journal.openForRepair(journalConfig, seams.files());
        RepairLog.report(journal, config.nodeId());
        return journal;
    }

    private TransportConfig transportConfig() {
        List<Peer> peers = config.members().stream()
                .filter(member -> member.nodeId() != config.nodeId())
                .map(member -> new Peer(member.nodeId(), member.endpoint(), member.endpoint()))
                .toList();
        String directory = config.aeron().directory();
        DriverConfig driver = DriverConfig.embedded()
                .withDirectory(directory == null ? null : Path.of(directory))
                .withIdleMode(config.aeron().idle());
        if (config.aeron().external() && directory != null) {
            driver = DriverConfig.external(Path.of(directory));
        }
        return TransportConfig.of(config.nodeId(), config.endpoint(), peers)
                .withDriver(driver)
                .withFaults(seams.links())
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

    /** What an earlier version made has a past that it vouches for; any other new disk has to be told that it has none. */
    private NodeLife life(DataDirectory data) {
        return new NodeLife(
                data.diskId(),
                Incarnation.of(data.incarnation(), new SecureRandom().nextInt()),
                data.isUpgraded() ? Formation.VOUCHED : formation,
                config.syncPolicy() != SyncPolicy.FORCE);
    }

    private RaftGroup raftGroup(GroupLog log, SnapshotStore snapshots, NodeLife life) {
        HardState recovered = log.hardState();
        NodeTiming timing = config.timing();
        RaftTiming raftTiming = new RaftTiming(
                TimeUnit.MILLISECONDS.toNanos(timing.electionTimeoutMs()),
                TimeUnit.MILLISECONDS.toNanos(timing.heartbeatMs()),
                RaftTiming.DEFAULT.minRetransmitTimeoutNs(),
                RaftTiming.DEFAULT.retransmitRoundTrips());
        RaftConfig raftConfig = new RaftConfig(
                GROUP_ID,
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
