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
import io.grape.node.session.SessionRegistry;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.pipeline.ApplyAgent;
import io.grape.raft.pipeline.ConsensusAgent;
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
            LocalClock clock,
            VirtualNetwork network,
            NodeObserver observer) {}

    final Journal journal;
    final GroupLog log;
    final RaftGroup raft;
    final ConsensusAgent consensus;
    final SimStreams streams;
    final Sequence applied = new Sequence(0);
    final ForceTurns force;
    private final Agent inbound;
    private final Agent apply;
    private final Agent query;

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
                incarnation);
        raft = new RaftGroup(raftConfig, log, log.hardState(), in.clock().nanoTime());

        SessionRegistry registry = new SessionRegistry();
        CheckedApplier applier =
                new CheckedApplier(nodeId, new ReplyPublisher(registry, GROUP_ID), in.observer(), settings.defect());
        StateMachine state = new StateMachine(
                (_, dimension, metric) -> new MemoryStore(dimension, metric),
                applier,
                NodeSettings.LIMITS.maxClients(),
                NodeSettings.LIMITS.maxCollections());
        applier.state(state);
        InboundRing ring = new InboundRing(NodeSettings.RING_SLOTS, NodeSettings.RING_BYTES);
        OneToOneRingBuffer queries = new OneToOneRingBuffer(new UnsafeBuffer(
                ByteBuffer.allocateDirect(NodeSettings.QUERY_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        PipelinePorts ports = new PipelinePorts(
                streams::sendToPeer, new RequestReplies(new ReplyPublisher(registry, GROUP_ID), queries), in.clock());
        consensus = new ConsensusAgent(raft, journal, ring, durable, applied, ports, NodeSettings.PIPELINE);
        NodeStreams way = streams;
        if (settings.defect() == Defect.STALE_READS || settings.defect() == Defect.REPLY_BEFORE_COMMIT) {
            way = new Saboteur(streams, settings.defect(), new ReplyPublisher(registry, GROUP_ID), consensus.status());
        }
        SessionManager sessions = new SessionManager(
                way, registry, consensus.status(), settings.members(), NodeSettings.LIMITS, nodeId, random.nextLong());
        inbound = new Ingress(
                        way,
                        ring,
                        sessions,
                        new ReplyPublisher(registry, GROUP_ID),
                        consensus.status(),
                        applied::get,
                        state,
                        in.clock(),
                        new RequestScope(GROUP_ID, NodeSettings.LIMITS, NodeSettings.RAFT.maxUncommittedBytes()))
                .agent();
        QueryContext context = new QueryContext(
                new NodeIdentity(nodeId, "force", "virtual", "simulated"),
                GROUP_ID,
                state,
                applied::get,
                consensus.status(),
                new ShardRouter(ShardTable.of(
                        ShardTable.DEFAULT_SHARD_COUNT,
                        new ShardGroup(GROUP_ID, ShardGroup.NO_LEADER, settings.firstVoters()))),
                NodeSettings.LIMITS,
                NodeSettings.LIMITS.maxMessageLength());
        query = new QueryAgent(queries, context, new ReplyPublisher(registry, GROUP_ID));
        apply = new ApplyAgent(log, consensus.published(), applied, applier, NodeSettings.APPLY_BATCH);
    }

    /** Runs one agent for one turn. */
    void turn(int agent, long nowNs) throws Exception {
        switch (agent) {
            case 0 -> inbound.doWork();
            case 1 -> consensus.doWork();
            case 2 -> force.turn(nowNs);
            case 3 -> apply.doWork();
            default -> query.doWork();
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
