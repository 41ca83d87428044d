package io.grape.node;

import com.lmax.disruptor.Sequence;
import io.grape.node.checkpoint.CheckpointPolicy;
import io.grape.node.checkpoint.GroupCheckpoints;
import io.grape.node.config.CheckpointSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.SecuritySettings;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.groups.MemberKeeper;
import io.grape.node.groups.OwnedShards;
import io.grape.node.ingress.ChangeReader;
import io.grape.node.ingress.InboundAgent;
import io.grape.node.ingress.Ingress;
import io.grape.node.ingress.LogChanges;
import io.grape.node.ingress.RequestScope;
import io.grape.node.metrics.GroupView;
import io.grape.node.metrics.IngressMetrics;
import io.grape.node.metrics.JournalView;
import io.grape.node.metrics.ProgressTimer;
import io.grape.node.metrics.ReplyRecorder;
import io.grape.node.query.QueryAgent;
import io.grape.node.query.QueryContext;
import io.grape.node.security.Authenticator;
import io.grape.node.security.KeyAuthenticator;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.session.SessionPolicy;
import io.grape.node.session.SessionRegistry;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.node.state.StoreFactory;
import io.grape.raft.core.Formation;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.SyncPolicy;
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
import io.grape.transport.driver.IdleMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
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
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
    private static final int INBOUND_SLOTS = 4096;
    private static final int INBOUND_ARENA_BYTES = 16 << 20;
    private static final int QUERY_RING_BYTES = 4 << 20;

    private final NodeConfig config;
    private final Formation formation;
    private final NodeSeams seams;
    private final FatalHandler fatal;
    private final Deque<AutoCloseable> resources;
    private final SystemNanoClock clock = SystemNanoClock.INSTANCE;
    private final Instruments instruments;
    private final ShardTable firstTable;
    private final ShardRouter router;
    private final GroupStatus status;
    private final List<GroupCheckpoints> groupCheckpoints = new ArrayList<>();
    private @Nullable Path driverDirectory;

    private Assembly(
            NodeConfig config,
            Formation formation,
            NodeSeams seams,
            FatalHandler fatal,
            Deque<AutoCloseable> resources,
            Instruments instruments) {
        this.instruments = instruments;
        this.formation = formation;
        this.seams = seams;
        this.config = config;
        this.fatal = fatal;
        this.resources = resources;
        // A group's log begins with this one, whatever group 0 has made of it since.
        this.firstTable = FirstTable.of(config.groups().shards(), config.groupCount(), config.founders());
        this.router = new ShardRouter(firstTable);
        this.status = assemble();
    }

    /** Starts everything; what must be closed is on the stack, also when this throws. */
    static Assembly start(
            NodeConfig config,
            Formation formation,
            NodeSeams seams,
            FatalHandler fatal,
            Deque<AutoCloseable> resources,
            Instruments instruments) {
        return new Assembly(config, formation, seams, fatal, resources, instruments);
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
                data.collections(),
                Math.max(1, config.limits().budgetBytes() / config.groupCount()),
                instruments.budget(),
                config.index());
        stores.start();
        Journal journal = keep(Foundations.journal(config, data, seams.files()));
        // A clean stop leaves nothing to the operating system, whatever the policy: this runs before the journal
        // closes.
        resources.push(journal::force);
        NodeTransport transport = keep(NodeTransport.open(Foundations.transport(config, seams)));
        driverDirectory = transport.aeronDirectory();

        SessionRegistry registry = new SessionRegistry(instruments.requests());
        ReplyRecorder applied = instruments.requests().newRecorder();
        NodeLife life = Foundations.life(config, data, formation);
        List<GroupParts> parts = new ArrayList<>();
        for (int groupId = 0; groupId <= config.groupCount(); groupId++) {
            parts.add(
                    openGroup(groupId, data, stores, stateMachine(groupId, stores, registry, applied), journal, life));
        }
        InboundRing inbound = new InboundRing(INBOUND_SLOTS, INBOUND_ARENA_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(QUERY_RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        keep(stores).started(() -> groupCheckpoints.forEach(GroupCheckpoints::verifyInBackground));
        ForceAgent force = new ForceAgent(journal, clock::nanoTime, instruments.forceListener());
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
                transport, registry, groups, nodes::members, config.limits(), config.nodeId(), sessionPolicy());
        RequestScope scope = scope(journal, parts);
        InboundAgent ingress =
                new Ingress(transport, inbound, sessions, replies(registry), groups, clock, scope).agent();
        QueryAgent query = new QueryAgent(queries, queryContext(groups), replies(registry));

        ProgressTimer progress = instruments.progress(views(parts, table));
        NodeThreads threads = new NodeThreads(config.aeron().idle(), transport);
        threads.forceWhen(() -> isForced() && journal.writtenPosition() > force.durablePosition());
        threads.appliesOf(table);
        threads.queryWhen(() -> queries.size() > 0);
        run(stores.builder(), IdleMode.SLEEP.newStrategy());
        run(force, threads.force());
        run(together("apply", applySides(parts, table)), threads.apply());
        run(query, threads.query());
        List<Agent> pipeline =
                new ArrayList<>(List.of(ingress, link, consensus, progress, JournalMaintenance.of(journal, table)));
        pipeline.addAll(keepers(parts, consensus));
        run(together("pipeline", pipeline), threads.pipeline());
        resources.push(() -> handOver(consensus.handover()));
        instruments.add(new Instruments.Parts(
                List.of(new JournalView(0, journal.counters(), consensus.counters(), instruments.forces())),
                ingressMetrics(registry, sessions, ingress, transport),
                new RoutedShards(groups)));
        return consensus.status();
    }

    /** What looks after the groups between their messages: their checkpoints, and who is a member of them. */
    private List<Agent> keepers(List<GroupParts> parts, ConsensusAgent consensus) {
        List<Agent> keepers = new ArrayList<>();
        parts.forEach(part -> keepers.add(part.checkpoints().pipelineSide(part.raft())));
        keepers.add(new MemberKeeper(
                parts.stream().map(GroupParts::raft).toList(),
                clusterState(parts.getFirst()),
                consensus::touch,
                clock));
        return keepers;
    }

    /**
     * Makes a group's state machine.
     *
     * @param applied of the thread that applies the entries of all groups
     */
    private StateMachine stateMachine(
            int groupId, CollectionStores stores, SessionRegistry registry, ReplyRecorder applied) {
        boolean isMetadata = groupId == HostedGroups.METADATA;
        StoreFactory factory = stores.ofGroup(groupId);
        return keep(new StateMachine(
                isMetadata ? NoStore::create : factory,
                new ReplyPublisher(registry, groupId, () -> router.table().epoch(), applied),
                config.limits().maxClients(),
                config.limits().maxCollections(),
                isMetadata ? new ClusterState(router) : new OwnedShards(groupId, firstTable)));
    }

    private static List<GroupView> views(List<GroupParts> parts, GroupTable table) {
        List<GroupView> views = new ArrayList<>();
        for (int slot = 0; slot < parts.size(); slot++) {
            views.add(parts.get(slot).view(table.at(slot)));
        }
        return views;
    }

    private GroupParts openGroup(
            int groupId,
            DataDirectory data,
            CollectionStores stores,
            StateMachine state,
            Journal journal,
            NodeLife life) {
        GroupLog log = journal.group(groupId);
        GroupCheckpoints checkpoints = openCheckpoints(checkpointSetup(groupId, data, state, stores, journal));
        Sequence applied = new Sequence(checkpoints.recoveredIndex());
        return new GroupParts(
                state,
                checkpoints,
                applied,
                Foundations.raftGroup(config, groupId, log, checkpoints.snapshots(), life, clock.nanoTime()));
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

    private static IngressMetrics ingressMetrics(
            SessionRegistry registry, SessionManager sessions, InboundAgent ingress, NodeTransport transport) {
        return new IngressMetrics(
                registry::size,
                sessions::refusedConnects,
                sessions::failedAuthentications,
                ingress::unknownSessions,
                ingress::malformed,
                ingress::ringFull,
                transport::oversizedRequests);
    }

    private ReplyPublisher replies(SessionRegistry registry) {
        return new ReplyPublisher(
                registry, HostedGroups.METADATA, () -> router.table().epoch());
    }

    private RequestScope scope(Journal journal, List<GroupParts> parts) {
        List<ChangeReader> changes = new ArrayList<>();
        for (int groupId = 0; groupId < parts.size(); groupId++) {
            GroupParts part = parts.get(groupId);
            changes.add(new LogChanges(journal.group(groupId), part.state().effects(), part.applied()::get));
        }
        return new RequestScope(
                config.limits(),
                config.limits().inFlightBytes(),
                config.timing().clientExpiryMs(),
                changes::get);
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
                Membership.ofVoters(Foundations.voters(config)),
                new GroupCheckpoints.Settings(
                        policy,
                        (long) settings.sendMibPerSecond() << 20,
                        clock,
                        fatal::stop,
                        step -> Instruments.record(groupId, step),
                        "grape-" + config.nodeId() + "-checkpoint-" + groupId));
    }

    private QueryContext queryContext(HostedGroups groups) {
        return new QueryContext(
                Foundations.identity(config),
                groups,
                config.limits(),
                config.limits().maxMessageLength());
    }

    /** Only {@code force} makes a reply wait for the disk; the others count what is written. */
    private LongSupplier durablePosition(Journal journal, ForceAgent force) {
        return isForced() ? force::durablePosition : journal::writtenPosition;
    }

    private boolean isForced() {
        return config.syncPolicy() == SyncPolicy.FORCE;
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

    private void run(Agent agent, IdleStrategy idle) {
        AgentRunner runner = new AgentRunner(idle, fatal, null, agent);
        AgentRunner.startOnThread(runner, work -> {
            Thread thread = new Thread(work, "grape-" + config.nodeId() + "-" + agent.roleName());
            thread.setDaemon(true);
            return thread;
        });
        resources.push(runner);
    }

    Path driverDirectory() {
        return Objects.requireNonNull(driverDirectory, "the node has no transport yet");
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

    private SessionPolicy sessionPolicy() {
        SecuritySettings security = config.operation().security();
        Path keysFile = security.keysFile();
        Authenticator authenticator = keysFile == null ? Authenticator.NONE : keep(KeyAuthenticator.open(keysFile));
        return new SessionPolicy(new SecureRandom()::nextLong, authenticator, security.failuresPerSecond());
    }
}
