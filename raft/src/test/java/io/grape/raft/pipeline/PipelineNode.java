package io.grape.raft.pipeline;

import com.lmax.disruptor.Sequence;
import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.NodeLife;
import io.grape.raft.core.RaftConfig;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftLimits;
import io.grape.raft.core.RaftTiming;
import io.grape.raft.journal.FaultyFiles;
import io.grape.raft.journal.ForceAgent;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.journal.Journal;
import io.grape.raft.journal.JournalConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * One member with a real journal, stepped by the test: nothing runs on its own, and a force happens when it is told to.
 */
final class PipelineNode implements AutoCloseable, RequestSink, EntryApplier {
    static final int GROUP = 0;
    private static final long MS = 1_000_000;

    final int nodeId;
    final InboundRing inbound = new InboundRing(1024, 4 << 20);
    final Journal journal;
    final ForceAgent force;
    final ConsensusAgent consensus;
    final ApplyAgent apply;
    final Sequence applied = new Sequence(0);
    final List<String> appliedTexts = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    final FaultyFiles files = new FaultyFiles();
    boolean recordTexts = true;
    long appliedBytes;

    PipelineNode(int nodeId, List<Integer> members, Path directory, NanoClock clock, PeerSender peers) {
        this(nodeId, members, directory, clock, peers, NodeLife.ofIncarnation(1));
    }

    PipelineNode(int nodeId, List<Integer> members, Path directory, NanoClock clock, PeerSender peers, NodeLife life) {
        this.nodeId = nodeId;
        JournalConfig journalConfig = JournalConfig.defaults(directory, nodeId, 0)
                .withSizes(4 << 20, 1 << 20, 256 << 10)
                .withMinFreeAndSalt(0, 7);
        journal =
                members.size() == 1 ? Journal.open(journalConfig, files) : Journal.openForRepair(journalConfig, files);
        GroupLog log = journal.group(GROUP);
        force = new ForceAgent(journal, clock::nanoTime, new ForceAgent.Listener() {
            @Override
            public void onDurable(long position) {}

            @Override
            public void onForceFailed(FaultException fault) {
                throw fault;
            }
        });
        RaftConfig config = new RaftConfig(
                GROUP,
                nodeId,
                members,
                new RaftTiming(100 * MS, 20 * MS, 5 * MS, 4),
                RaftLimits.DEFAULT,
                nodeId * 31L + 5,
                life);
        RaftGroup group = new RaftGroup(config, log, log.hardState(), clock.nanoTime());
        consensus = new ConsensusAgent(
                group,
                journal,
                inbound,
                force::durablePosition,
                applied,
                new PipelinePorts(peers, this, clock),
                new PipelineConfig(MS, 500 * MS, 64, 256 << 10));
        apply = new ApplyAgent(log, consensus.published(), applied, this, 64);
    }

    /** One turn of every agent; the force only when asked. */
    void step(boolean withForce) throws Exception {
        consensus.doWork();
        if (withForce) {
            force.doWork();
        }
        apply.doWork();
    }

    boolean isLeader() {
        return consensus.status().isLeader();
    }

    @Override
    public void refused(long sessionId, long correlationId, int reason, int leaderNodeId) {
        answers.add("refused " + correlationId + " " + reason);
    }

    @Override
    public boolean readReady(int groupId, DirectBuffer body, int offset, int length) {
        answers.add("ready " + body.getStringWithoutLengthAscii(offset, length) + " at " + applied.get());
        return true;
    }

    @Override
    public void apply(long index, short entryType, DirectBuffer payload, int offset, int length) {
        if (entryType != EntryType.COMMAND.value()) {
            return;
        }
        appliedBytes += length;
        if (recordTexts && length > 0) {
            appliedTexts.add(payload.getStringWithoutLengthAscii(offset, length));
        }
    }

    @Override
    public void close() {
        journal.close();
    }
}
