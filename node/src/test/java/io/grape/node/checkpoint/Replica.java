package io.grape.node.checkpoint;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.request.Requests;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.MappedStore;
import io.grape.node.state.Replies;
import io.grape.node.state.Shapes;
import io.grape.node.state.StateMachine;
import io.grape.node.state.StateSample;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftLimits;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import io.grape.raft.pipeline.ApplyAgent;
import io.grape.raft.pipeline.ConsensusAgent;
import io.grape.raft.pipeline.InboundRing;
import io.grape.raft.pipeline.JournalMaintenance;
import io.grape.raft.pipeline.PipelineConfig;
import io.grape.raft.pipeline.PipelinePorts;
import io.grape.raft.pipeline.RequestSink;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.model.VectorShape;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/** One replica with everything but threads and network: the test turns its agents by hand, on a clock of its own. */
final class Replica implements AutoCloseable {
    static final int SEGMENT_ROWS = 64;
    private static final int EXTENT_BYTES = 1 << 17;

    private final int nodeId;
    private final Journal journal;
    private final StateMachine machine;
    private final InboundRing inbound = new InboundRing(1024, 4 << 20);
    private final GroupCheckpoints checkpoints;
    private final RaftGroup group;
    private final Sequence applied;
    private final Agent apply;
    private final List<Agent> pipeline;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long requestNumber;

    /** What a replica is made of. */
    record Parts(Path directory, List<Integer> members, Cluster cluster, CheckpointPolicy policy, int segmentRows) {
        Parts with(CheckpointPolicy other) {
            return new Parts(directory, members, cluster, other, segmentRows);
        }
    }

    Replica(int nodeId, Parts parts, ManifestFiles files, CheckpointStep.Listener steps) {
        this.nodeId = nodeId;
        Path directory = parts.directory();
        journal = Journal.open(JournalConfig.defaults(directory.resolve("journal"), nodeId, 0)
                .withSizes(1 << 20, 1 << 19, 1 << 18)
                .withMinFreeAndSalt(0, 7));
        StateMachine state = new StateMachine(
                (id, dimension, metric) -> new MappedStore(PointStore.open(storeConfig(
                        directory.resolve("collections").resolve(Integer.toString(id)),
                        new VectorShape(dimension, Shapes.metric(metric)),
                        parts.segmentRows()))),
                new NoReplies(),
                100,
                8);
        machine = state;
        GroupLog log = journal.group(0);
        try {
            checkpoints = GroupCheckpoints.open(
                    new GroupCheckpoints.Setup(
                            new GroupCheckpoints.Directories(
                                    directory.resolve("checkpoints"), directory.resolve("collections")),
                            state,
                            this::openStore,
                            journal,
                            log,
                            Membership.ofVoters(parts.members()),
                            new GroupCheckpoints.Settings(
                                    parts.policy(),
                                    1L << 40,
                                    parts.cluster()::nowNs,
                                    thrown -> failure.compareAndSet(null, thrown),
                                    steps,
                                    "test-" + nodeId)),
                    files);
        } catch (RuntimeException ex) {
            state.close();
            journal.close();
            throw ex;
        }
        applied = new Sequence(checkpoints.recoveredIndex());
        RaftConfig config = new RaftConfig(
                0,
                nodeId,
                parts.members(),
                new RaftTiming(200_000_000, 20_000_000, 10_000_000, 4),
                RaftLimits.DEFAULT,
                nodeId * 31L,
                parts.cluster().nextIncarnation());
        group = new RaftGroup(
                config,
                log,
                checkpoints.snapshots(),
                log.hardState(),
                parts.cluster().nowNs());
        PipelinePorts ports = new PipelinePorts(
                (node, message, offset, length) -> parts.cluster().send(nodeId, node, message, offset, length),
                new NoRequests(),
                parts.cluster()::nowNs);
        ConsensusAgent consensus =
                new ConsensusAgent(group, journal, inbound, this::force, applied, ports, PipelineConfig.defaults());
        apply = checkpoints.applySide(
                new ApplyAgent(log, consensus.published(), applied, checkpoints.applier(), 64), applied);
        pipeline = List.of(consensus, new JournalMaintenance(journal, log, applied), checkpoints.pipelineSide(group));
    }

    private CollectionStore openStore(Path directory, StoreSection section) {
        return new MappedStore(PointStore.open(
                storeConfig(
                        directory, section.shape(), section.manifest().sizes().segmentRows()),
                section.manifest()));
    }

    private static PointStoreConfig storeConfig(Path directory, VectorShape shape, int segmentRows) {
        return new PointStoreConfig(
                directory, shape, segmentRows, EXTENT_BYTES, 1L << 30, 1024, path -> Long.MAX_VALUE);
    }

    private long force() {
        journal.force();
        return journal.forcedPosition();
    }

    /** One turn of every agent; what a step's listener throws on another thread comes out here. */
    void turn() throws Exception {
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException known) {
            throw known;
        }
        for (Agent agent : pipeline) {
            agent.doWork();
        }
        apply.doWork();
    }

    boolean receive(DirectBuffer message, int offset, int length) {
        return inbound.offerRaft(0, message, offset, length);
    }

    void propose(Requests requests) {
        inbound.offerProposal(0, Requests.SESSION, ++requestNumber, requests.buffer(), 0, requests.length());
    }

    GroupCheckpoints checkpoints() {
        return checkpoints;
    }

    RaftGroup group() {
        return group;
    }

    GroupLog log() {
        return journal.group(0);
    }

    Journal journal() {
        return journal;
    }

    long applied() {
        return applied.get();
    }

    StateMachine machine() {
        return machine;
    }

    int nodeId() {
        return nodeId;
    }

    long hash() {
        StateSample sample = new StateSample();
        machine.sample(sample);
        return sample.hash();
    }

    /** Ends as a killed process does: nothing more is written or forced but what the files hold already. */
    void kill() {
        checkpoints.close();
        machine.close();
        journal.close();
    }

    /** Ends as a clean stop does. */
    @Override
    public void close() {
        try {
            apply.onClose();
        } finally {
            kill();
        }
    }

    private static final class NoReplies implements Replies {
        @Override
        public void written(long sessionId, long correlationId, long index, int changed, boolean duplicate) {}

        @Override
        public void refused(long sessionId, long correlationId, ErrorCode code) {}
    }

    private static final class NoRequests implements RequestSink {
        @Override
        public void refused(long sessionId, long correlationId, int reason, int leaderNodeId) {}

        @Override
        public boolean readReady(int groupId, DirectBuffer body, int offset, int length) {
            return true;
        }
    }
}
