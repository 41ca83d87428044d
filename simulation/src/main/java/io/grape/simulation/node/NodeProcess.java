package io.grape.simulation.node;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.node.RequestReplies;
import io.grape.node.ingress.Ingress;
import io.grape.node.ingress.RequestScope;
import io.grape.node.query.NodeIdentity;
import io.grape.node.query.QueryAgent;
import io.grape.node.query.QueryContext;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.session.SessionPolicy;
import io.grape.node.session.SessionRegistry;
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
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.PipelinePorts;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.simulation.world.LocalClock;
import io.grape.simulation.world.VirtualDisk;
import io.grape.simulation.world.VirtualNetwork;
import io.grape.transport.NodeStreams;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * One life of a node's process, from the opening of its journal to the crash: wired as {@code io.grape.node.Assembly} does.
 */
final class NodeProcess {
    private static final int GROUP_ID = NodeSettings.GROUP_ID;

    /** What a process is made in. */
    record Surroundings(
            NodeSettings settings,
            int nodeId,
            VirtualDisk disk,
            SimSnapshots snapshots,
            LocalClock clock,
            VirtualNetwork network,
            NodeObserver observer) {}

    final Journal journal;
    final GroupLog log;
    final RaftGroup raft;
    final ConsensusAgent consensus;
    final SimStreams streams;
    final Sequence applied;
    final ForceTurns force;
    private final Agent inbound;
    private final Agent apply;
    private final Agent query;
    private final Housekeeping housekeeping;
    private final LocalClock clock;

    /**
     * @param incarnation rises with every life
     * @param random      draws salts, timeouts and force times
     * @throws FaultException if the journal cannot be opened
     */
    NodeProcess(Surroundings in, long incarnation, SplittableRandom random) {
        NodeSettings settings = in.settings();
        int nodeId = in.nodeId();
        journal = Journal.openThreadless(NodeSettings.journal(nodeId, random.nextInt()), in.disk());
        log = journal.group(GROUP_ID);
        streams = new SimStreams(in.network(), nodeId);
        ForceAgent forceAgent = new ForceAgent(journal, in.clock()::nanoTime, new Rethrow());
        boolean isEarly = settings.defect() == Defect.FORCE_REPORTED_EARLY;
        force = new ForceTurns(
                journal, forceAgent, random.split(), () -> in.observer().onForced(nodeId));
        LongSupplier durable = isEarly ? journal::writtenPosition : force::visiblePosition;

        RaftConfig raftConfig = new RaftConfig(
                GROUP_ID,
                nodeId,
                settings.firstVoters(),
                NodeSettings.TIMING,
                NodeSettings.RAFT,
                random.nextLong(),
                new NodeLife(nodeId + 1L, Incarnation.of(incarnation, random.nextInt()), Formation.ALL_MEMBERS, false));
        raft = new RaftGroup(
                raftConfig, log, in.snapshots(), log.hardState(), in.clock().nanoTime());

        SessionRegistry registry = new SessionRegistry();
        CheckedApplier applier =
                new CheckedApplier(nodeId, new ReplyPublisher(registry, GROUP_ID), in.observer(), settings.defect());
        StateMachine state = new StateMachine(
                (_, dimension, metric) -> new MemoryStore(dimension, metric),
                applier,
                NodeSettings.LIMITS.maxClients(),
                NodeSettings.LIMITS.maxCollections());
        applier.state(state);
        SimSnapshots.Snapshot newest = in.snapshots().newest();
        applied = new Sequence(in.snapshots().index());
        if (newest != null) {
            StateBytes.load(state, newest.index(), newest.bytes());
        }
        Membership first = newest == null ? Membership.ofVoters(settings.firstVoters()) : newest.membership();
        Housekeeping.Parts parts = new Housekeeping.Parts(journal, log, raft, state, in.snapshots(), applied, applier);
        housekeeping = new Housekeeping(parts, first, random.split());
        in.snapshots().begin(housekeeping::installed);
        clock = in.clock();
        InboundRing ring = new InboundRing(NodeSettings.RING_SLOTS, NodeSettings.RING_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(new UnsafeBuffer(
                ByteBuffer.allocateDirect(NodeSettings.QUERY_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        PipelinePorts ports = new PipelinePorts(
                streams::sendToPeer, new RequestReplies(new ReplyPublisher(registry, GROUP_ID), queries), in.clock());
        consensus = new ConsensusAgent(raft, journal, ring, durable, applied, ports, NodeSettings.PIPELINE);
        inbound = inbound(in, this.streams, ring, registry, consensus.status(), this.applied, state, random.nextLong());
        query = query(in, queries, registry, consensus.status(), this.applied, state);
        apply = new ApplyAgent(log, consensus.published(), applied, housekeeping, NodeSettings.APPLY_BATCH);
    }

    @SuppressWarnings("TooManyParameters") // the node's own wiring, in two pieces
    private static Agent inbound(
            Surroundings in,
            SimStreams streams,
            InboundRing ring,
            SessionRegistry registry,
            GroupStatus status,
            Sequence applied,
            StateMachine state,
            long firstSessionId) {
        NodeSettings settings = in.settings();
        ReplyPublisher replies = new ReplyPublisher(registry, GROUP_ID);
        Defect defect = settings.defect();
        boolean isSabotaged = defect == Defect.STALE_READS || defect == Defect.REPLY_BEFORE_COMMIT;
        NodeStreams way =
                isSabotaged ? new Saboteur(streams, defect, new ReplyPublisher(registry, GROUP_ID), status) : streams;
        SessionManager sessions = new SessionManager(
                way,
                registry,
                status,
                settings.members(),
                NodeSettings.LIMITS,
                in.nodeId(),
                SessionPolicy.open(new AtomicLong(firstSessionId)::getAndIncrement));
        RequestScope scope = new RequestScope(
                GROUP_ID, NodeSettings.LIMITS, NodeSettings.RAFT.maxUncommittedBytes(), NodeSettings.CLIENT_EXPIRY_MS);
        return new Ingress(way, ring, sessions, replies, status, applied::get, state, in.clock(), scope).agent();
    }

    private static Agent query(
            Surroundings in,
            OneToOneRingBuffer queries,
            SessionRegistry registry,
            GroupStatus status,
            Sequence applied,
            StateMachine state) {
        ShardGroup group =
                new ShardGroup(GROUP_ID, ShardGroup.NO_LEADER, in.settings().firstVoters());
        QueryContext context = new QueryContext(
                new NodeIdentity(in.nodeId(), "force", "virtual", "simulated"),
                GROUP_ID,
                state,
                applied::get,
                status,
                new ShardRouter(ShardTable.of(ShardTable.DEFAULT_SHARD_COUNT, group)),
                NodeSettings.LIMITS,
                NodeSettings.LIMITS.maxMessageLength());
        return new QueryAgent(queries, context, new ReplyPublisher(registry, GROUP_ID));
    }

    /** Runs one agent for one turn. */
    void turn(int agent, long nowNs) throws Exception {
        switch (agent) {
            case 0 -> inbound.doWork();
            case 1 -> consensus.doWork();
            case 2 -> force.turn(nowNs);
            case 3 -> apply.doWork();
            case 4 -> query.doWork();
            default -> housekeeping.turn(clock.nanoTime());
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
