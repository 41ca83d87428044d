package io.grape.raft.pipeline;

import io.grape.codecs.FaultException;
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

/** One member of many groups over one real journal, stepped by the test. */
final class GroupNode implements AutoCloseable, RequestSink {
    /** Group ids are not slots: the first is this, and each is seven above the one before. */
    static final int FIRST_GROUP = 100;

    private static final int GROUP_STRIDE = 7;
    private static final long MS = 1_000_000;
    static final RaftTiming TIMING = new RaftTiming(200 * MS, 40 * MS, 10 * MS, 4);
    private static final RaftLimits LIMITS = new RaftLimits(64, 32 << 10, 8, 256 << 10, 1 << 20, 16);

    final int nodeId;
    final InboundRing inbound = new InboundRing(4096, 4 << 20);
    final Journal journal;
    final ForceAgent force;
    final ConsensusAgent consensus;
    final GroupTable groups;
    final ApplyAgent apply;
    final List<String> answers = new ArrayList<>();
    final long[] appliedCommands;
    final long[] appliedBytes;

    /** Which node this is, of which cluster, and how often it has started. */
    record Life(int nodeId, List<Integer> members, long incarnation) {}

    GroupNode(Life life, int groupCount, RaftTiming timing, Path directory, NanoClock clock, PeerSender peers) {
        this.nodeId = life.nodeId();
        journal = Journal.open(
                JournalConfig.defaults(directory, nodeId, 0)
                        .withSizes(4 << 20, 1 << 20, 256 << 10)
                        .withMinFreeAndSalt(0, 7),
                new FaultyFiles());
        force = new ForceAgent(journal, clock::nanoTime, new ForceAgent.Listener() {
            @Override
            public void onDurable(long position) {}

            @Override
            public void onForceFailed(FaultException fault) {
                throw fault;
            }
        });
        List<RaftGroup> cores = new ArrayList<>();
        for (int slot = 0; slot < groupCount; slot++) {
            GroupLog log = journal.group(groupId(slot));
            RaftConfig config = new RaftConfig(
                    groupId(slot), nodeId, life.members(), timing, LIMITS, nodeId * 31L + 5, life.incarnation());
            cores.add(new RaftGroup(config, log, log.hardState(), clock.nanoTime()));
        }
        groups = GroupTable.of(journal, cores);
        consensus = new ConsensusAgent(
                groups,
                journal,
                inbound,
                force::durablePosition,
                new PipelinePorts(peers, this, clock),
                new PipelineConfig(MS, 500 * MS, 64, 256 << 10));
        appliedCommands = new long[groupCount];
        appliedBytes = new long[groupCount];
        List<EntryApplier> appliers = new ArrayList<>();
        for (int slot = 0; slot < groupCount; slot++) {
            int at = slot;
            appliers.add((index, type, payload, offset, length) -> {
                appliedBytes[at] += length;
                appliedCommands[at] += type == 1 ? 1 : 0;
            });
        }
        apply = ApplyAgent.of(groups, appliers, 64);
    }

    static int groupId(int slot) {
        return FIRST_GROUP + slot * GROUP_STRIDE;
    }

    /** One turn of every agent. */
    int step() throws Exception {
        int work = consensus.doWork();
        work += force.doWork();
        return work + apply.doWork();
    }

    boolean leads(int slot) {
        return groups.at(slot).status().isLeader();
    }

    int ledGroups() {
        int led = 0;
        for (int slot = 0; slot < groups.count(); slot++) {
            led += leads(slot) ? 1 : 0;
        }
        return led;
    }

    @Override
    public void refused(long sessionId, long correlationId, int reason, int leaderNodeId) {
        answers.add("refused " + correlationId + " " + reason);
    }

    @Override
    public boolean readReady(int groupId, DirectBuffer body, int offset, int length) {
        answers.add("ready " + body.getStringWithoutLengthAscii(offset, length));
        return true;
    }

    @Override
    public void close() {
        journal.close();
    }
}
