package io.grape.simulation.node;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.node.RequestReplies;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
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
import io.grape.raft.core.Formation;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.pipeline.ApplyAgent;
import io.grape.raft.pipeline.ConsensusAgent;
import io.grape.raft.pipeline.GroupSlot;
import io.grape.raft.pipeline.GroupTable;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.PipelinePorts;
import io.grape.shards.ShardRouter;
import io.grape.simulation.world.LocalClock;
import io.grape.simulation.world.VirtualDisk;
import io.grape.simulation.world.VirtualNetwork;
import io.grape.transport.NodeStreams;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * One life of a node's process, from the opening of its journal to the crash: wired as {@code io.grape.node.Assembly} does.
 */
final class NodeProcess {
    /** What a process is made in. */
    record Surroundings(
            NodeSettings settings,
            int nodeId,
            VirtualDisk disk,
            List<SimSnapshots> snapshots,
            LocalClock clock,
            VirtualNetwork network,
            NodeObserver observer) {}

    final Journal journal;
    final List<SimGroup> groups = new ArrayList<>();
    final ConsensusAgent consensus;
    final SimStreams streams;
    final ForceTurns force;
    private final Agent inbound;
    private final Agent query;
    private final List<Agent> apply = new ArrayList<>();
    private final List<Housekeeping> housekeeping = new ArrayList<>();
    private final LocalClock clock;
    private final ShardRouter router;

    /**
     * @param incarnation rises with every life
     * @param random      draws salts, timeouts and force times
     * @throws FaultException if the journal cannot be opened
     */
    NodeProcess(Surroundings in, long incarnation, SplittableRandom random) {
        NodeSettings settings = in.settings();
        int nodeId = in.nodeId();
        journal = Journal.openThreadless(NodeSettings.journal(nodeId, random.nextInt()), in.disk());
        streams = new SimStreams(in.network(), nodeId);
        router = new ShardRouter(settings.firstTable());
        clock = in.clock();
        ForceAgent forceAgent = new ForceAgent(journal, in.clock()::nanoTime, new Rethrow());
        boolean isEarly = settings.defect() == Defect.FORCE_REPORTED_EARLY;
        force = new ForceTurns(
                journal, forceAgent, random.split(), () -> in.observer().onForced(nodeId));
        LongSupplier durable = isEarly ? journal::writtenPosition : force::visiblePosition;
        SessionRegistry registry = new SessionRegistry();
        NodeLife life =
                new NodeLife(nodeId + 1L, Incarnation.of(incarnation, random.nextInt()), Formation.ALL_MEMBERS, false);
        for (int groupId = 0; groupId <= settings.groups(); groupId++) {
            groups.add(group(in, groupId, registry, life, random));
        }
        InboundRing ring = new InboundRing(NodeSettings.RING_SLOTS, NodeSettings.RING_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(new UnsafeBuffer(
                ByteBuffer.allocateDirect(NodeSettings.QUERY_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        PipelinePorts ports =
                new PipelinePorts(streams::sendToPeer, new RequestReplies(replies(registry), queries), in.clock());
        GroupTable table = GroupTable.of(
                journal,
                groups.stream().map(SimGroup::raft).toList(),
                groups.stream().map(SimGroup::applied).toList());
        consensus = new ConsensusAgent(table, journal, ring, durable, ports, NodeSettings.PIPELINE);
        for (int slot = 0; slot < groups.size(); slot++) {
            keepHouse(in, slot, table.at(slot), random);
        }
        HostedGroups hosted = hosted(table);
        inbound = inbound(in, ring, registry, hosted, random.nextLong());
        QueryContext context = new QueryContext(
                new NodeIdentity(nodeId, "force", "virtual", "simulated"),
                hosted,
                NodeSettings.LIMITS,
                NodeSettings.LIMITS.maxMessageLength());
        query = new QueryAgent(queries, context, replies(registry));
    }

    private SimGroup group(
            Surroundings in, int groupId, SessionRegistry registry, NodeLife life, SplittableRandom random) {
        NodeSettings settings = in.settings();
        SimSnapshots snapshots = in.snapshots().get(groupId);
        GroupLog log = journal.group(groupId);
        RaftConfig config = new RaftConfig(
                groupId,
                in.nodeId(),
                settings.firstVoters(),
                NodeSettings.TIMING,
                NodeSettings.RAFT,
                random.nextLong(),
                life);
        RaftGroup raft = new RaftGroup(
                config, log, snapshots, log.hardState(), in.clock().nanoTime());
        boolean isMetadata = groupId == HostedGroups.METADATA;
        CheckedApplier applier = new CheckedApplier(
                in.nodeId(), groupId, new ReplyPublisher(registry, groupId), in.observer(), settings.defect());
        StateMachine state = new StateMachine(
                isMetadata ? NoStore::create : (_, dimension, metric) -> new MemoryStore(dimension, metric),
                applier,
                NodeSettings.LIMITS.maxClients(),
                NodeSettings.LIMITS.maxCollections(),
                isMetadata ? new ClusterState(router) : new OwnedShards(groupId, settings.firstTable()));
        applier.state(state);
        SimSnapshots.Snapshot newest = snapshots.newest();
        if (newest != null) {
            StateBytes.load(state, newest.index(), newest.bytes());
        }
        return new SimGroup(raft, log, new Sequence(snapshots.index()), state, applier);
    }

    private void keepHouse(Surroundings in, int slot, GroupSlot consensusSlot, SplittableRandom random) {
        SimGroup group = groups.get(slot);
        SimSnapshots snapshots = in.snapshots().get(slot);
        SimSnapshots.Snapshot newest = snapshots.newest();
        Membership first = newest == null ? Membership.ofVoters(in.settings().firstVoters()) : newest.membership();
        Housekeeping keeper = new Housekeeping(
                new Housekeeping.Parts(
                        journal, group.log(), group.raft(), group.state(), snapshots, group.applied(), group.applier()),
                first,
                random.split());
        snapshots.begin(keeper::installed);
        housekeeping.add(keeper);
        apply.add(new ApplyAgent(
                group.log(), consensusSlot.published(), group.applied(), keeper, NodeSettings.APPLY_BATCH));
    }

    private HostedGroups hosted(GroupTable table) {
        List<HostedGroup> hosted = new ArrayList<>();
        for (int slot = 0; slot < groups.size(); slot++) {
            hosted.add(groups.get(slot).hosted(table.at(slot)));
        }
        return new HostedGroups(hosted, router);
    }

    private static ReplyPublisher replies(SessionRegistry registry) {
        return new ReplyPublisher(registry, HostedGroups.METADATA);
    }

    private Agent inbound(
            Surroundings in, InboundRing ring, SessionRegistry registry, HostedGroups hosted, long firstSessionId) {
        NodeSettings settings = in.settings();
        Defect defect = settings.defect();
        boolean isSabotaged = defect == Defect.STALE_READS || defect == Defect.REPLY_BEFORE_COMMIT;
        NodeStreams way = isSabotaged ? new Saboteur(streams, defect, registry, hosted) : streams;
        SessionManager sessions = new SessionManager(
                way, registry, hosted, settings::members, NodeSettings.LIMITS, in.nodeId(), firstSessionId);
        RequestScope scope = new RequestScope(
                NodeSettings.LIMITS, NodeSettings.RAFT.maxUncommittedBytes(), NodeSettings.CLIENT_EXPIRY_MS);
        return new Ingress(way, ring, sessions, replies(registry), hosted, in.clock(), scope).agent();
    }

    /** Runs one agent for one turn. */
    void turn(int agent, long nowNs) throws Exception {
        switch (agent) {
            case 0 -> inbound.doWork();
            case 1 -> consensus.doWork();
            case 2 -> force.turn(nowNs);
            case 3 -> {
                for (Agent each : apply) {
                    each.doWork();
                }
            }
            case 4 -> query.doWork();
            default -> housekeeping.forEach(keeper -> keeper.turn(clock.nanoTime()));
        }
    }

    private static final class Rethrow implements ForceAgent.Listener {
        @Override
        public void onDurable(long position) {}

        @Override
        public void onForceFailed(FaultException fault) {
            throw fault;
        }
    }
}
